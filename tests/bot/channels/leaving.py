"""What tests of the way out to WhatsApp share: a client at the emulator, and people who have written or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.routing import Router
from models import deliveries, templates
from models.deliveries import Delivery
from models.people import Contact
from plans import whatsapp_templates
from tests.emulators.whatsapp import PHONE, TOKEN
from tests.support.world import RULES, START, World

ANA, MARTA = "CO.1001", "573002000000"
ROUTER = Router(RULES, whatsapp_templates.load())


@asynccontextmanager
async def open_client(url: str, token: str = TOKEN) -> AsyncIterator[Client]:
    """A client that is open."""
    client = Client(token, PHONE, url)
    await client.open()
    try:
        yield client
    finally:
        await client.close()


def settle_on_whatsapp(world: World) -> None:
    """The officer has a user_id and a phone, the coordinator a phone only; nobody has written yet."""
    with world.database.begin() as connection:
        for name, address, phone in (("officer", ANA, "573001000000"), ("coordinator", MARTA, "")):
            here = update(Contact).where(Contact.address == name)
            connection.execute(here.values(channel=CHANNEL, address=address, phone=phone))


def heard(world: World, address: str, ago: timedelta = timedelta(0)) -> None:
    """They wrote then."""
    change(world, address, heard_at=START - ago)


def change(world: World, whose: str, **values: Any) -> None:
    """Change a contact."""
    with world.database.begin() as connection:
        connection.execute(update(Contact).where(Contact.address == whose).values(**values))


def person_at(world: World, address: str) -> int:
    """Whose address it is."""
    return int(world.rows(select(Contact.person_id).where(Contact.address == address))[0][0])


def also_on(world: World, address: str, channel: str, there: str, **values: Any) -> None:
    """Who is reached at the address has another chat."""
    person = person_at(world, address)
    with world.database.begin() as connection:
        here = {"person_id": person, "channel": channel, "address": there, "since": START, **values}
        connection.execute(insert(Contact).values(**here))


def queue(world: World, address: str, kind: str = "notice", text: str = "Hola", **values: Any) -> int:
    """A message that waits; its number."""
    row = {
        "dedupe_key": f"{address}:{kind}:{text}", "person_id": person_at(world, address), "channel": CHANNEL,
        "address": address, "kind": kind, "text": text, "buttons": [], "picture": None, "wants": "",
        "created_at": START, "priority": 1, **values,
    }  # fmt: skip
    with world.database.begin() as connection:
        return deliveries.queue(connection, [row])[0][0]


def approve(world: World, *names: str, language: str = "es", status: str = "APPROVED") -> None:
    """The account has these templates."""
    with world.database.begin() as connection:
        templates.keep(connection, [(name, language, status, "UTILITY") for name in names], START)


def kept(world: World, delivery: int) -> Any:
    """A delivery as it is kept."""
    return world.rows(select(Delivery.__table__).where(Delivery.id == delivery))[0]


def at(hours: float) -> datetime:
    """So many hours after the beginning."""
    return START + timedelta(hours=hours)
