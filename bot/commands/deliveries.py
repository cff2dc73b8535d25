"""`chasqui deliveries`: what leaves, what waits, and what did not arrive, for whoever runs Chasqui."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opening import opened
from bot.commands.output import say, show_table
from bot.commands.refusals import Refusal
from bot.commands.why import STATES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from models.deliveries_view import Count, Row

SHOWN = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown", "skipped")
KINDS = {
    "answer": "respuestas", "notice": "avisos", "nudge": "recordatorios", "summary": "resúmenes", "menu": "menús",
}  # fmt: skip
# Rows of a list: more than anybody reads, and no burden for the database.
MOST = 100


def deliveries(
    days: Annotated[int, typer.Option("--days", help="De cuántos días atrás.", min=1, metavar="N")] = 7,
    state: Annotated[
        str, typer.Option("--state", help=f"Muestra los últimos en este estado: {', '.join(SHOWN)}.", metavar="ESTADO")
    ] = "",
) -> None:
    """Cuenta los mensajes por canal, clase y estado, o muestra los últimos de un estado. Nunca lo que dicen."""
    from models import deliveries_view

    if state and state not in SHOWN:
        raise Refusal(f"No hay un estado «{state}». Son: {', '.join(SHOWN)}.")
    with opened() as office:
        zone = office.settings.timezone
        with office.database.begin() as connection:
            if state:
                _show(state, deliveries_view.newest(connection, state, MOST), zone)
            else:
                _sum_up(days, deliveries_view.counts(connection, office.now - timedelta(days=days)), zone)


def _sum_up(days: int, found: list[Count], zone: ZoneInfo) -> None:
    if not found:
        say(f"En {days} días no hubo mensajes.")
        return
    rows = [
        (one.channel, KINDS.get(one.kind, one.kind), STATES[one.state], str(one.messages), _at(one.oldest, zone))
        for one in found
    ]  # fmt: skip
    show_table(
        f"Mensajes de {days} días, y los que aún esperan", ("Canal", "Clase", "Estado", "Cuántos", "Desde"), rows
    )
    say("«chasqui deliveries --state unknown» muestra cuáles; lo que no se sabe si llegó no se repite.")


def _show(state: str, found: list[Row], zone: ZoneInfo) -> None:
    if not found:
        say(f"No hay mensajes en este estado: {STATES[state]}.")
        return
    rows = [
        (
            str(one.id), _at(one.at, zone), one.channel, KINDS.get(one.kind, one.kind), str(one.person_id),
            one.reason or (f"sale desde {_at(one.not_before, zone)}" if one.not_before else ""),
        )
        for one in found
    ]  # fmt: skip
    show_table(f"Los últimos: {STATES[state]}", ("N.º", "Escrito", "Canal", "Clase", "Persona", "Por qué"), rows)


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
