"""`chasqui costs`: the WhatsApp messages of a month and what they cost."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opening import opened
from bot.commands.output import say, show_table
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

CATEGORIES = {
    "service": "respuestas", "utility": "plantillas de servicio", "marketing": "plantillas de anuncios",
    "authentication": "códigos de acceso", "referral_conversion": "respuestas a un anuncio pago",
}  # fmt: skip
CHANNEL = "whatsapp"


def costs(
    month: Annotated[
        str, typer.Option("--month", help="El mes, por ejemplo 2026-11; si no se dice, el de hoy.", metavar="AÑO-MES")
    ] = "",
) -> None:
    """Cuenta los mensajes de WhatsApp de un mes y lo que cuestan, por clase."""
    from models import charges
    from plans import prices

    each = prices.load()
    with opened() as office:
        zone = office.settings.timezone
        first, since, until = _month(month, office.now, zone)
        with office.database.begin() as connection:
            found = charges.between(connection, CHANNEL, since, until)
            unpriced = charges.unpriced(connection, CHANNEL, since, until)
            conversations = charges.conversations(connection, CHANNEL, since, until, zone)
    if not found and not unpriced:
        say(f"En {first:%Y-%m} no salió ningún mensaje por WhatsApp.")
        return
    rows = [
        (
            CATEGORIES.get(one.category, one.category), str(one.messages), str(one.billable),
            _money(each.each.get(one.category)), _money(each.cost([(one.category, one.billable)]), 2),
        )
        for one in found
    ]  # fmt: skip
    total = each.cost((one.category, one.billable) for one in found)
    messages = sum(one.messages for one in found)
    rows.append(("Total", str(messages), str(sum(one.billable for one in found)), "", _money(total, 2)))
    show_table(
        f"WhatsApp, {first:%Y-%m}", ("Clase", "Mensajes", "Se cobran", "Cada uno", f"Cuesta ({each.currency})"), rows
    )
    if conversations:
        many, much = _money(Decimal(messages) / conversations, 1), _money(total / conversations)
        say(
            f"Cada conversación (lo que se habla con una persona en un día; hubo {conversations}): en promedio "
            f"{many} mensajes y {much} {each.currency}."
        )
    for one in found:
        if one.category not in each.each:
            say(f"No se sabe cuánto cuesta un mensaje «{one.category}»: agréguelo a plans/whatsapp-prices.yaml.")
    if unpriced:
        say(f"Mensajes de los que Meta no ha dicho el precio todavía: {unpriced}.")
    if not each.confirmed:
        say(f"Los precios, desde el {each.since}, están por confirmar por la entidad: plans/whatsapp-prices.yaml.")


def _month(wanted: str, now: datetime, zone: ZoneInfo) -> tuple[date, datetime, datetime]:
    """Its first day, when it begins, and when the next one does. Raises Refusal."""
    if wanted and not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", wanted):
        raise Refusal(f"«{wanted}» no es un mes: escríbalo como 2026-11.")
    first = date.fromisoformat(f"{wanted}-01") if wanted else now.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first, *(datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, following))  # type: ignore[return-value]


def _money(amount: Decimal | None, digits: int = 4) -> str:
    return "" if amount is None else f"{amount:.{digits}f}".replace(".", ",")
