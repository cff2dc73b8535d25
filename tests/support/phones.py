"""The phones of each channel: a browser for the web chat, an emulated person for the platforms."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

from pydantic import SecretStr

from bot.channels.web.sessions import address_of
from tests.bot.web import Phone
from tests.emulators.telegram import Person, TelegramEmulator
from tests.support.stage import Seen, Sent, labelled
from tests.support.world import PEOPLE

TOKEN = "123456:TEST"


class WebPhones:
    """Browsers with the chat open."""

    channel = "web"

    def __init__(self) -> None:
        self._port, self._phones = 0, dict[str, Phone]()

    async def open(self, port: int) -> dict[str, Any]:
        """Nothing is needed."""
        self._port = port
        return {}

    async def close(self) -> None:
        """Nothing is left."""

    def address(self, person: str) -> str:
        """What stands for the browser's cookie."""
        return address_of(_token(person))

    async def write(self, person: str, text: str, tap: str, files: list[Sent]) -> None:
        """Post it as the page does."""
        sent = tuple((one.name, "application/octet-stream", one.content) for one in files)
        phone = await asyncio.to_thread(self._phone, person)
        status, answer = await asyncio.to_thread(phone.say, text, sent, tap=tap)
        assert status < 300, answer

    async def shown(self, person: str) -> list[Seen]:
        """What the page loads."""
        phone = await asyncio.to_thread(self._phone, person)
        return [Seen(one["text"], one["buttons"]) for one in await asyncio.to_thread(phone.history)]

    def _phone(self, person: str) -> Phone:
        if person not in self._phones:
            phone = self._phones[person] = Phone(self._port)
            phone.cookies["chasqui-me"] = _token(person)
        return self._phones[person]


class TelegramPhones:
    """People on Telegram, by webhook."""

    channel = "telegram"

    def __init__(self) -> None:
        self.telegram = TelegramEmulator(TOKEN)

    async def open(self, port: int) -> dict[str, Any]:
        """Telegram is there first."""
        await self.telegram.start()
        for person in PEOPLE:
            self._person(person)
        return {"telegram_token": SecretStr(TOKEN), "telegram_api": self.telegram.url, "telegram_rate": 0}

    async def close(self) -> None:
        """Nothing may have been called that is not allowed."""
        await self.telegram.stop()
        assert not self.telegram.invalid, self.telegram.invalid

    def address(self, person: str) -> str:
        """The number of their chat."""
        return str(_chat(person))

    async def write(self, person: str, text: str, tap: str, files: list[Sent]) -> None:
        """Type, tap or send."""
        someone = self._person(person)
        if tap:
            shown = next(one for one in reversed(someone.messages) if any(each.data == tap for each in one.buttons))
            label = next(each.label for each in shown.buttons if each.data == tap)
            await someone.taps(label, on=shown)
        elif files and files[0].kind == "photo":
            await someone.sends_photo(files[0].content, text)
        elif files and files[0].kind == "voice":
            await someone.sends_voice(files[0].content)
        elif files:
            await someone.sends_document(files[0].content, files[0].name, text)
        else:
            await someone.says(text)

    async def shown(self, person: str) -> list[Seen]:
        """Every message as it looks now."""
        return [
            labelled(one.text, [{"label": each.label, "tap": each.data} for each in one.buttons])
            for one in self._person(person).messages
        ]

    def _person(self, person: str) -> Person:
        return self.telegram.person(_chat(person), person)


CHANNELS = {phones.channel: phones for phones in (WebPhones, TelegramPhones)}


def _token(person: str) -> str:
    return f"{person}-".ljust(43, "x")


def _chat(person: str) -> int:
    return 1_000_000 + zlib.crc32(person.encode()) % 1_000_000
