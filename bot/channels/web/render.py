"""From a message in the database to what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from anyio import CapacityLimiter, to_thread

from bot.channels.web import CHANNEL
from bot.drawing import draw
from documents import pictures
from models import deliveries
from models.database import Database
from models.deliveries import Outgoing
from models.vault import Vault


def message(row: Outgoing, slot: str) -> dict[str, Any]:
    """The message as JSON, for the phone `slot`."""
    return {
        "id": row.id, "at": row.created_at.isoformat(), "text": row.text, "buttons": row.buttons,
        "picture": row.picture and _frame(row.id, row.picture, slot), "wants": row.wants,
        "document": row.document and _file(row.id, row.document, slot),
    }  # fmt: skip


def _frame(number: int, picture: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Where a picture is fetched, what it shows in words, and the room to leave for it."""
    width, height = pictures.size(picture["drawing"], picture["figures"])
    return {"url": f"/chat/{slot}/pictures/{number}.png", "alt": picture["alt"], "width": width, "height": height}


def _file(number: int, document: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Where a file is fetched, and what is said of it."""
    return {
        "url": f"/chat/{slot}/documents/{number}", "name": document["name"], "size": document["size"],
        "caption": document["caption"],
    }  # fmt: skip


async def drawn(
    database: Database, vault: Vault, address: str, number: int, dark: bool, heavy: CapacityLimiter
) -> bytes | None:
    """The picture of message `number` as PNG, in its reader's language; None if the address has no such picture."""
    wanted = partial(deliveries.picture_of, channel=CHANNEL, address=address, delivery_id=number)
    picture = await database.read(wanted)
    if picture is None:
        return None
    figures = orjson.dumps(picture["figures"])
    return await to_thread.run_sync(
        draw, picture["drawing"], figures, picture.get("language", "es"), dark, vault, limiter=heavy
    )
