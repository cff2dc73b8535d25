"""The real application over a world whose officer and coordinator are on Telegram."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from sqlalchemy import update

from bot import app, clock
from bot.settings import Settings
from models.database import Database
from models.people import Contact
from tests.emulators.telegram import TelegramEmulator
from tests.support.world import START, open_world

TOKEN = "123456:TEST"
OFFICER, COORDINATOR = 1001, 1002


def settle_in(kind: str, folder: Path) -> str:
    """The URL of such a world, on "sqlite" or "postgres", in the evening: the clock reminds nobody of anything."""
    world = open_world(kind, folder)
    with world.database.begin() as connection:
        clock.set_to(connection, START + timedelta(hours=10))
        for name, chat in (("officer", OFFICER), ("coordinator", COORDINATOR)):
            here = update(Contact).where(Contact.address == name)
            connection.execute(here.values(channel="telegram", address=str(chat)))
    world.database.close()
    return world.database.url.render_as_string(hide_password=False)


@asynccontextmanager
async def running(url: str, folder: Path, telegram: TelegramEmulator, webhook: bool = True) -> AsyncIterator[Database]:
    """The application over that world, its evidence in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        _env_file=None, database_url=url, evidence_dir=folder / "evidence", port=port,
        public_url=f"http://127.0.0.1:{port}" if webhook else "", telegram_token=SecretStr(TOKEN),
        telegram_api=telegram.url, telegram_rate=0,
    )  # fmt: skip
    database = Database(url)
    with database.begin() as connection:
        today = clock.kept(connection)
    server = uvicorn.Server(uvicorn.Config(app.build(settings, database, today), port=port, log_config=None))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:  # noqa: ASYNC110 – uvicorn has no event for it
                await asyncio.sleep(0.01)
        yield database
    finally:
        server.should_exit = True
        await serving
