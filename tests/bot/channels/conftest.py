"""The emulator with somebody to write to, the client that talks to it, and a server that answers to the byte."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.client import Client
from tests.bot.channels.telegram import TOKEN, Script, scripted
from tests.emulators.telegram import TelegramEmulator


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as telegram:
        telegram.person(1001)
        yield telegram


@pytest.fixture
async def client(telegram: TelegramEmulator) -> AsyncIterator[Client]:
    client = Client(TOKEN, telegram.url)
    await client.open()
    yield client
    await client.close()


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    async with scripted() as script:
        yield script
