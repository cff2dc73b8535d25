"""The phones of each channel: a browser for the web chat, an emulated person for the platforms."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from bot.channels.web.sessions import address_of
from tests.bot.web import Phone
from tests.emulators.telegram import Person, TelegramEmulator
from tests.emulators.whatsapp import SECRET, WhatsAppEmulator
from tests.emulators.whatsapp import Person as WhatsAppPerson
from tests.support.stage import Seen, Sent, labelled
from tests.support.world import PEOPLE

TOKEN = "123456:TEST"


class WebPhones:
    """Browsers with the chat open."""

    channel = "web"

    def __init__(self) -> None:
        self._port, self._phones = 0, dict[str, Phone]()
        self._seen: dict[str, dict[int, Seen]] = {}

    async def open(self, now: Callable[[], float]) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    async def served(self, port: int) -> None:
        """Here is the page."""
        self._port = port

    def stay(self) -> None:
        """Nobody minds."""

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
        """What the page loads, and what it loaded before."""
        phone, seen = await asyncio.to_thread(self._phone, person), self._seen.setdefault(person, {})
        seen |= {one["id"]: Seen(one["text"], one["buttons"]) for one in await asyncio.to_thread(phone.history)}
        return list(seen.values())

    def _phone(self, person: str) -> Phone:
        if person not in self._phones:
            phone = self._phones[person] = Phone(self._port)
            phone.cookies["chasqui-me"] = _token(person)
        return self._phones[person]


class TelegramPhones:
    """People on Telegram, by webhook."""

    channel = "telegram"

    async def open(self, now: Callable[[], float]) -> dict[str, Any]:
        """Telegram is there first."""
        self.telegram = TelegramEmulator(TOKEN, now=now)
        await self.telegram.start()
        for person in PEOPLE:
            self._person(person)
        return {"telegram_token": SecretStr(TOKEN), "telegram_api": self.telegram.url, "telegram_rate": 0}

    async def served(self, port: int) -> None:
        """Nothing more is needed."""

    def stay(self) -> None:
        """Nobody minds."""

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
        else:
            await _sends(someone, text, files)

    async def shown(self, person: str) -> list[Seen]:
        """Every message as it looks now."""
        return [
            labelled(one.text, [{"label": each.label, "tap": each.data} for each in one.buttons])
            for one in self._person(person).messages
        ]

    def _person(self, person: str) -> Person:
        return self.telegram.person(_chat(person), person)


class WhatsAppPhones:
    """People on WhatsApp, whose number hides from us behind a user id for every second of them."""

    channel = "whatsapp"

    async def open(self, now: Callable[[], float]) -> dict[str, Any]:
        """WhatsApp is there first."""
        self.whatsapp = WhatsAppEmulator(now=now)
        await self.whatsapp.start()
        for person in PEOPLE:
            self.known(person)
        return {
            "whatsapp_token": SecretStr(self.whatsapp.token), "whatsapp_api": self.whatsapp.url, "whatsapp_rate": 0,
            "whatsapp_phone": self.whatsapp.phone, "whatsapp_account": self.whatsapp.account,
            "whatsapp_secret": SecretStr(SECRET), "whatsapp_verify": SecretStr(self.whatsapp.verify),
        }  # fmt: skip

    async def served(self, port: int) -> None:
        """Meta is told the address."""
        await self.whatsapp.webhook(f"http://127.0.0.1:{port}/whatsapp")

    def stay(self) -> None:
        """Everybody wrote just now."""
        for someone in self.whatsapp.people.values():
            someone.heard_at = self.whatsapp.now()

    async def close(self) -> None:
        """Nothing may have been called that is not allowed."""
        await self.whatsapp.stop()
        assert not self.whatsapp.invalid, self.whatsapp.invalid

    def address(self, person: str) -> str:
        """The user id, or the number of those who have none."""
        return self.known(person).key

    async def write(self, person: str, text: str, tap: str, files: list[Sent]) -> None:
        """Type, tap or send."""
        someone = self.known(person)
        if tap.startswith("type "):
            await someone.says(tap.removeprefix("type "))
        elif tap:
            shown = next(one for one in reversed(someone.shown) if any(each.id == tap for each in one.options))
            label = next(each.label for each in shown.options if each.id == tap)
            await someone.taps(label, on=shown)
        else:
            await _sends(someone, text, files)

    async def shown(self, person: str) -> list[Seen]:
        """Every message; a row's label is its description where it was shortened."""
        return [
            labelled(one.text, [{"label": each.description or each.label, "tap": each.id} for each in one.options])
            for one in self.known(person).shown
        ]

    def known(self, person: str) -> WhatsAppPerson:
        """The emulated person."""
        number = str(573_000_000_000 + _chat(person))
        user_id = f"CO.{number[::-1]}" if _chat(person) % 2 else ""
        return self.whatsapp.person(number, person, user_id)


CHANNELS = {phones.channel: phones for phones in (WebPhones, TelegramPhones, WhatsAppPhones)}


async def _sends(someone: Person | WhatsAppPerson, text: str, files: list[Sent]) -> None:
    if not files:
        await someone.says(text)
    elif files[0].kind == "photo":
        await someone.sends_photo(files[0].content, text)
    elif files[0].kind == "voice":
        await someone.sends_voice(files[0].content)
    else:
        await someone.sends_document(files[0].content, files[0].name, text)


def _token(person: str) -> str:
    return f"{person}-".ljust(43, "x")


def _chat(person: str) -> int:
    return 1_000_000 + zlib.crc32(person.encode()) % 1_000_000
