"""One side of a chat: what the bot showed, and waiting for more."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

Raw = dict[str, Any]  # an object of a platform's API


class Readable(Protocol):
    """A message of the bot."""

    @property
    def text(self) -> str:
        """What is read."""


Message = TypeVar("Message", bound=Readable)


@dataclass(eq=False, kw_only=True)
class Listener(Generic[Message]):
    """Who hears the bot; whatever changes in the chat makes a new revision of it."""

    name: str
    shown: list[Message] = field(default_factory=list)  # what the bot did here, in order
    revision: int = 0
    _heard: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

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

    async def hears(self, pattern: str = "", timeout: float = 5.0) -> Message:
        """The next message (or edit) of the bot in which `pattern` is found; those before it count as heard.

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
            raise AssertionError(f"{self.name} waited {timeout:g} s for {pattern!r} and heard {heard}") from None
