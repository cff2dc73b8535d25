"""From a message in the database to what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import orjson
from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection

import locales
from bot.channels.web import CHANNEL
from documents import pictures
from models import deliveries, people
from models.database import Database
from models.deliveries import Outgoing

# Drawn pictures that are kept: some 100 kB each.
KEPT = 16


def message(row: Outgoing, slot: str) -> dict[str, Any]:
    """The message as JSON, for the phone `slot`."""
    return {
        "id": row.id, "at": row.created_at.isoformat(), "text": row.text, "buttons": row.buttons,
        "picture": row.picture and _frame(row.id, row.picture, slot), "wants": row.wants,
    }  # fmt: skip


def _frame(number: int, picture: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Where a picture is fetched, what it shows in words, and the room to leave for it."""
    width, height = pictures.size(picture["drawing"], picture["figures"])
    return {"url": f"/chat/{slot}/pictures/{number}.png", "alt": picture["alt"], "width": width, "height": height}


async def drawn(
    database: Database, address: str, number: int, dark: bool, now: datetime, heavy: CapacityLimiter
) -> bytes | None:
    """The picture of message `number` as PNG, in its reader's language; None if the address has no such picture."""
    found = await database.read(partial(_picture, address, number, now))
    if found is None:
        return None
    picture, language = found
    figures = orjson.dumps(picture["figures"])
    return await to_thread.run_sync(_draw, picture["drawing"], figures, language, dark, limiter=heavy)


def _picture(address: str, number: int, now: datetime, connection: Connection) -> tuple[dict[str, Any], str] | None:
    picture = deliveries.picture_of(connection, CHANNEL, address, number)
    return (picture, people.who(connection, CHANNEL, address, now, "es").language) if picture else None


@lru_cache(KEPT)
def _draw(drawing: str, figures: bytes, language: str, dark: bool) -> bytes:
    languages = locales.load()
    return pictures.draw(drawing, orjson.loads(figures), languages.get(language, languages["es"]), dark)
