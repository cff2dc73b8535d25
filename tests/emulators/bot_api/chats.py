"""A chat as those in it see it: what was said, what it looks like now, and waiting for more."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.bot_api.faults import ApiError

Raw = dict[str, Any]  # an object of the Bot API


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot as it looked at one moment (`at`: monotonic seconds); an edit shows it anew."""

    raw: Raw
    edited: bool = False
    at: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> int:
        """Its number in its chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """What is read, without marks; of a picture or file its caption."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons below it, row by row."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        """The buttons below it, in reading order."""
        return [button for row in self.rows for button in row]

    @property
    def file_id(self) -> str:
        """The id of its picture (the largest) or file; empty without one."""
        return file_id(self.raw)


def file_id(message: Raw) -> str:
    """The id of a message's picture (the largest) or file; empty without one."""
    found = message["photo"][-1] if "photo" in message else message.get("document", {})
    return str(found.get("file_id", ""))


@dataclass(eq=False)
class Chat:
    """A private chat or a group."""

    id: int
    kind: str  # private, group, supergroup
    title: str
    history: dict[int, Raw] = field(default_factory=dict)  # what it looks like now, by message id
    shown: list[Shown] = field(default_factory=list)  # what the bot did here, in order
    keyboard: list[list[Any]] = field(default_factory=list)  # instead of the letters, from ReplyKeyboardMarkup
    action: str = ""  # "typing" and the like, until the next message
    refusal: ApiError | None = None  # why the bot cannot write here
    revision: int = 0
    _heard: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def raw(self) -> Raw:
        """As the Bot API describes it."""
        name = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.id, "type": self.kind, **name}

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages as they look now, each once, in the order they came."""
        return list({message.id: message for message in self.shown}.values())

    def keep(self, message: Raw) -> Raw:
        """Put a message into the chat, in the place of its earlier version where it has one."""
        self.history[message["message_id"]] = message
        self.changed()
        return message

    def show(self, message: Raw, *, edited: bool = False) -> Raw:
        """Let people see a message of the bot."""
        self.shown.append(Shown(message, edited))
        self.action = ""
        return self.keep(message)

    def changed(self) -> None:
        """Wake those who wait for news."""
        self.revision += 1
        self._news.set()

    async def news(self, seen: int, timeout: float) -> None:
        """Wait until the chat is past revision `seen`, at most `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while self.revision <= seen:
                self._news.clear()
                await self._news.wait()

    async def hears(self, pattern: str = "", timeout: float = 5.0) -> Shown:
        """The next message or edit of the bot in which `pattern` is found; those before it count as heard.

        Raises AssertionError where none comes within `timeout` seconds.
        """
        wanted, first = re.compile(pattern), self._heard
        try:
            async with asyncio.timeout(timeout):
                while True:
                    seen = self.revision
                    while self._heard < len(self.shown):
                        self._heard += 1
                        if wanted.search(self.shown[self._heard - 1].text):
                            return self.shown[self._heard - 1]
                    await self.news(seen, timeout)
        except TimeoutError:
            heard = [message.text for message in self.shown[first:]]
            raise AssertionError(f"{self.title} waited {timeout:g} s for {pattern!r} and heard {heard}") from None
