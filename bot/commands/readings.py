"""`chasqui plan readings`, `decide` and `event`: how rows are counted, and what events make due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opening import opened, plan_of
from bot.commands.output import say, show_difference, show_table, sure
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.planning import Stored
    from plans.terms import Activity

Slug = Annotated[str, typer.Option("--plan", help="Cuál plan, por ejemplo narino-2022; si no, el más nuevo.")]


def readings(plan: Slug = "") -> None:
    """Muestra las filas que se pueden contar de varias formas, y qué cambiaría con cada una."""
    with opened() as office, office.database.begin() as connection:
        kept = plan_of(connection, plan)
        rows = [
            (*_named(kept, row, offer.key), offer.key, offer.text, _effect(connection, kept, row, offer.key))
            for row in _open_rows(kept)
            for offer in row.alternatives
        ]
    if not rows:
        say(f"En el plan «{kept.plan.slug}» cada fila se cuenta de una sola forma.")
        return
    columns = ("N.º", "Actividad", "Opción", "Qué cuenta", "Entregables")
    show_table(f"Lecturas del plan «{kept.plan.slug}»", columns, rows)
    say("Para decidir: chasqui plan decide N.º OPCIÓN --by NOMBRE --reason MOTIVO")


def decide(
    number: Annotated[int, typer.Argument(help="Número de la fila.", metavar="N.º")],
    option: Annotated[str, typer.Argument(help="La opción, como la muestra «plan readings».", metavar="OPCIÓN")],
    by: Annotated[str, typer.Option("--by", help="Quién lo decide.")],
    reason: Annotated[str, typer.Option("--reason", help="Por qué.")],
    plan: Slug = "",
    yes: Annotated[bool, typer.Option("--yes", help="Aceptar sin preguntar.")] = False,
) -> None:
    """Decide cómo se cuenta una fila. Antes muestra qué entregables agrega, cambia o retira."""
    from models import audit, planning

    if not by.strip() or not reason.strip():
        raise Refusal("Una decisión necesita quién la toma (--by) y por qué (--reason).")
    with opened() as office:
        with office.database.begin() as connection:
            kept = plan_of(connection, plan)
            activity = _row(kept, number, option)
            effect = planning.preview(kept, number, option)
        text = next(offer.text for offer in activity.alternatives if offer.key == option)
        say(f"{number}. {activity.title}: {text}")
        show_difference(effect)
        sure("¿Tomar esta decisión?", yes)
        with office.database.begin() as connection:
            kept = plan_of(connection, kept.plan.slug)
            planning.decide(connection, kept, number, option, by.strip()[:120], reason.strip(), office.now)
            audit.record(
                connection, office.now, None, "reading.decided", f"{kept.plan.slug}:{number}", choice=option,
                added=len(effect.added), changed=len(effect.changed), removed=len(effect.removed),
            )  # fmt: skip
        say("Listo: quedó decidido y escrito quién, cuándo y por qué.")


def event(
    day: Annotated[str, typer.Option("--date", help="Día en que fue: 2022-05-20.")],
    title: Annotated[str, typer.Option("--title", help="Nombre del evento.")],
    code: Annotated[str, typer.Option("--office", help="Código de la dependencia; si no, es de toda la entidad.")] = "",
    plan: Slug = "",
) -> None:
    """Registra un espacio de diálogo, y dice qué entregables nacen de él o reciben fecha."""
    from models import audit, events, offices, planning
    from plans.obligations import difference

    held = _day(day)
    if not title.strip():
        raise Refusal("El evento necesita un nombre: use --title.")
    with opened() as office, office.database.begin() as connection:
        kept = plan_of(connection, plan)
        ids = offices.register(connection, ())
        if code and code not in ids:
            raise Refusal(f"No hay una dependencia «{code}»: los códigos son {', '.join(sorted(ids))}.")
        key = events.add(connection, kept.id, ids.get(code), title.strip()[:200], held, office.now)
        planning.resync(connection, kept.plan.slug, office.now)
        effect = difference(kept.owed, plan_of(connection, kept.plan.slug).owed)
        audit.record(connection, office.now, None, "event.recorded", f"{kept.plan.slug}:{key}", day=held.isoformat())
    say(f"Evento {key} registrado: {title.strip()} ({held.isoformat()}).")
    for word, duties in (("Nuevo", effect.added), ("Con fecha", [now for _, now in effect.changed])):
        for duty in duties:
            say(f"  {word}: {duty.code}, {duty.target} {duty.unit}, vence el {duty.due.isoformat()}.")
    if not effect.added and not effect.changed:
        say("Ninguna actividad del plan depende de este evento.")


def _open_rows(kept: Stored) -> list[Activity]:
    return [activity for activity in kept.plan.activities if len(activity.alternatives) > 1]


def _row(kept: Stored, number: int, option: str) -> Activity:
    """The row that is decided. Raises Refusal where it or the option does not exist."""
    rows = {activity.number: activity for activity in _open_rows(kept)}
    if number not in rows:
        known = ", ".join(map(str, rows)) or "ninguna"
        raise Refusal(f"La fila {number} no tiene lecturas que decidir; las que tienen: {known}.")
    keys = [offer.key for offer in rows[number].alternatives]
    if option not in keys:
        raise Refusal(f"La fila {number} no tiene la opción «{option}»: las que hay son {', '.join(keys)}.")
    return rows[number]


def _named(kept: Stored, row: Activity, option: str) -> tuple[str, str]:
    """Number, title and state of a row, beside its first option only."""
    if option != row.alternatives[0].key:
        return "", ""
    state = "decidido" if row.number in kept.choices else "criterio provisional"
    return str(row.number), f"{row.title} ({state})"


def _effect(connection: Connection, kept: Stored, row: Activity, option: str) -> str:
    """How many obligations the option would add and remove, against how the row is counted today."""
    from models import planning

    if option == kept.choices.get(row.number, row.alternatives[0].key):
        return "así se cuenta hoy"
    effect = planning.preview(kept, row.number, option)
    changed = f", cambia {len(effect.changed)}" if effect.changed else ""
    return f"+{len(effect.added)} −{len(effect.removed)}{changed}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"«{text}» no es una fecha: escríbala como 2022-05-20.") from None
