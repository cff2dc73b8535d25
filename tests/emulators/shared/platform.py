"""A platform that is served on this machine, and the account it keeps of the bot's calls."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.emulators.shared.chats import Raw


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot; `at` in monotonic seconds, status 0 where the connection was cut.

    code  the error's where the platform gives one besides the status
    """

    at: float
    method: str
    chat: int | str | None
    status: int
    params: Raw
    code: int = 0


class Platform(ABC):
    """The server and the account. `now` dates what is said, in Unix seconds; port 0 is any that is free."""

    def __init__(self, token: str, now: Callable[[], float], port: int) -> None:
        self.token, self.now, self.port = token, now, port
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()  # calls by method, answers by status, errors by code
        self.invalid: list[str] = []  # calls that break the rules of the platform
        self._runner: web.AppRunner | None = None

    @abstractmethod
    def application(self) -> web.Application:
        """The API and the page."""

    @abstractmethod
    async def open(self) -> None:
        """Go on delivering by webhook."""

    @abstractmethod
    async def close(self) -> None:
        """Deliver nothing any more; what was not taken is kept."""

    @property
    def root(self) -> str:
        """Where it listens, the same after a restart; the page is there."""
        return f"http://127.0.0.1:{self.port}"

    def note(self, method: str, chat: int | str | None, status: int, params: Raw, code: int = 0) -> None:
        """Keep account of a call."""
        self.counts.update([method, str(status), *([str(code)] if code else [])])
        self.calls.append(Call(time.monotonic(), method, chat, status, params, code))

    async def start(self) -> None:
        """Listen, and go on delivering."""
        # To aiohttp 0 would mean to wait for ever.
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=0.001)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024).start()
        self.port = self._runner.addresses[0][1]
        await self.open()

    async def stop(self) -> None:
        """Be gone: calls in hand are cut off. What is known is kept until the next start."""
        await self.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        assert error or not self.invalid, self.invalid
