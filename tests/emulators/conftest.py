"""The emulator and a bot without a library: one HTTP call after another."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.emulators.telegram import TelegramEmulator

Answer = tuple[int, Any]


class RawBot:
    """Calls the Bot API; an answer is its status and its body."""

    def __init__(self, telegram: TelegramEmulator, session: aiohttp.ClientSession) -> None:
        self.telegram, self.session = telegram, session

    async def call(self, method: str, **params: Any) -> Answer:
        """With a JSON body."""
        return await self.post(method, json=params)

    async def post(self, method: str, **request: Any) -> Answer:
        """With any body."""
        address = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(address, **request) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **params: Any) -> Any:
        """The result of a call that must be accepted."""
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def updates(self, offset: int = 0) -> list[Any]:
        """What waits, without waiting for more."""
        return list(await self.ok("getUpdates", offset=offset))

    async def heard(self) -> Any:
        """The one update that waits, confirmed."""
        [update] = await self.updates()
        await self.updates(update["update_id"] + 1)
        return update

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file."""
        found = await self.ok("getFile", file_id=file_id)
        async with self.session.get(self.link(found["file_path"])) as answer:
            answer.raise_for_status()
            return await answer.read()

    def link(self, path: str) -> str:
        """Where a file is."""
        return f"{self.telegram.url}/file/bot{self.telegram.token}/{path}"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[RawBot]:
    async with aiohttp.ClientSession() as session:
        yield RawBot(telegram, session)


@pytest.fixture
def jpeg() -> bytes:
    """A photo of 1000 × 700 pixels with an EXIF date."""
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x0132] = "2022:05:24 09:00:00"
    Image.linear_gradient("L").resize((1000, 700)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def buttons(*labels: str) -> dict[str, Any]:
    """A message's buttons, one a row."""
    return {"inline_keyboard": [[{"text": label, "callback_data": f"d:{label}"}] for label in labels]}


def compact(value: Any) -> str:
    """A value as a form carries it."""
    return json.dumps(value, separators=(",", ":"))
