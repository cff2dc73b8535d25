"""Announcements as the Telegram harness wants them: all queued at once, then sent by what sends in service.

Started by the harness with its variables: NUDGE_COUNT messages to as many chats from FIRST_CHAT_ID on, NUDGE_RATE
messages a second allowed, 0 for no limit. `queue` makes the database; without it, what is queued is sent, until every
delivery is settled or at SIGTERM.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, insert, select, text

from bot.channels.telegram import CHANNEL
from bot.channels.telegram.carrier import Carrier
from bot.channels.telegram.channel import PER_CHAT
from bot.channels.telegram.client import Client
from bot.pacing import Pacer
from bot.sending import Sender
from models import deliveries, migrations
from models.database import Database
from models.deliveries import Delivery
from models.people import Contact, Person

TEXT = "Recuerde registrar su avance de hoy con /reportar."
ANNOUNCEMENT = 2
# Apart, so that each finds its index: looking costs next to nothing however many there are.
UNSETTLED = [select(Delivery.id).where(text(f"state = '{state}'")).limit(1) for state in ("queued", "sending")]


def queue(database: Database, first_chat: int, count: int) -> None:
    """People, how to reach them, and an announcement to each under a key of its own."""
    now = datetime.now(UTC)
    migrations.upgrade(database.engine)
    people = range(1, count + 1)
    with database.begin() as connection:
        connection.execute(insert(Person), [{"id": n, "status": "member", "created_at": now} for n in people])
        connection.execute(
            insert(Contact),
            [{"person_id": n, "channel": CHANNEL, "address": str(first_chat + n - 1), "since": now} for n in people],
        )
        deliveries.add(
            connection,
            (
                {
                    "dedupe_key": f"nudge:{CHANNEL}:{first_chat + n - 1}", "person_id": n, "channel": CHANNEL,
                    "address": str(first_chat + n - 1), "kind": "notice", "text": TEXT, "buttons": [],
                    "picture": None, "wants": "", "created_at": now, "priority": ANNOUNCEMENT, "not_before": None,
                }
                for n in people
            ),
        )  # fmt: skip


async def send(database: Database, client: Client, per_second: float, journals: Path) -> None:
    """Send what is queued until nothing is left or the process is told to stop."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    pacer = Pacer(database, CHANNEL, per_second, PER_CHAT)
    carrier = Carrier(client, _no_picture, _no_group)
    sender = Sender(database, carrier, pacer, journals, partial(datetime.now, UTC), lambda _connection, _parcel: None)
    await client.open()
    await sender.start()
    while await database.read(_left) and not stopped.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), 0.5)
    await sender.stop()
    await client.close()


def _left(connection: Connection) -> bool:
    return any(connection.execute(left).first() for left in UNSETTLED)


def _no_picture(picture: Mapping[str, Any]) -> bytes:
    raise ValueError(f"a reminder carries no picture: {picture}")


async def _no_group(address: str, chat: int) -> None:
    raise ValueError(f"a reminder goes to a person, whose chat never moves: {address} to {chat}")


def main() -> None:
    """Queue, as `queue` asks for, or send."""
    path = os.environ["DATABASE_PATH"]
    database = Database(f"sqlite:///{path}")
    if sys.argv[1:] == ["queue"]:
        queue(database, int(os.environ["FIRST_CHAT_ID"]), int(os.environ["NUDGE_COUNT"]))
    else:
        client = Client(os.environ["BOT_TOKEN"], os.environ["TELEGRAM_API_ROOT"])
        uvloop.run(send(database, client, float(os.environ["NUDGE_RATE"]), Path(path).parent / "journals"))
    database.close()


if __name__ == "__main__":
    main()
