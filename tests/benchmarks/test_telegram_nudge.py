"""The harness's announcements go out by the real way, each once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from benchmarks import telegram_nudge
from bot.channels.telegram.client import Client
from models.database import Database
from models.deliveries import Delivery
from tests.emulators.telegram import TelegramEmulator


async def test_all_that_is_queued_arrives_once(tmp_path: Path) -> None:
    async with TelegramEmulator() as telegram:
        people = [telegram.person(1001 + n) for n in range(7)]
        database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
        telegram_nudge.queue(database, 1001, len(people))
        telegram.limits.set("window")
        await telegram_nudge.send(database, Client(telegram.token, telegram.url), 30, tmp_path / "journals")
        assert [[message.text for message in person.messages] for person in people] == [[telegram_nudge.TEXT]] * 7
        with database.begin() as connection:
            assert set(connection.execute(select(Delivery.state)).scalars()) == {"sent"}
        database.close()
        assert (telegram.invalid, telegram.counts["429"]) == ([], 0)
