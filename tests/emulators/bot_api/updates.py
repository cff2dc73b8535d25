"""The updates a bot has not confirmed yet, and the long poll that hands them over."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from tests.emulators.bot_api.chats import Raw
from tests.emulators.bot_api.faults import UPDATE, ApiError, Faults

ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
MOST_A_POLL = 100


@dataclass(frozen=True, slots=True)
class Update:
    """One update on its way; `held` is how many seconds a webhook holds it back.

    cut  the share of it after which the connection ends once, before it is posted whole
    """

    number: int
    chat: int
    held: float
    cut: float | None
    raw: Raw

    @property
    def id(self) -> int:
        """Its update_id."""
        return int(self.raw["update_id"])


@dataclass(slots=True)
class Updates:
    """What is not confirmed yet, by number; `listener` hears of every addition."""

    faults: Faults
    pending: dict[int, Update] = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)
    listener: Callable[[Update], None] | None = None
    count: int = 0
    polled: asyncio.Event = field(default_factory=asyncio.Event)  # set while a long poll is open
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))
    _waiting: asyncio.Future[None] | None = None

    def add(self, chat: int, kind: str, body: Raw) -> None:
        """Something happened in a chat; forgotten at once where the bot does not want to hear of it."""
        if kind not in self.allowed if self.allowed else kind in ONLY_WHEN_ASKED:
            return
        fault = self.faults.next(UPDATE, chat)
        raw = {"update_id": next(self._ids), kind: body}
        for _ in range(2 if fault.twice else 1):
            self.count += 1
            update = self.pending[self.count] = Update(self.count, chat, fault.delay, fault.cut, raw)
            if self.listener:
                self.listener(update)
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def confirmed(self, updates: Iterable[Update]) -> None:
        """Forget them; the bot has them."""
        for update in list(updates):
            self.pending.pop(update.number, None)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Raw]:
        """Forget what is below `offset`, then wait up to `timeout` seconds for something.

        A negative offset keeps that many of the newest. Raises ApiError where another poll takes over.
        """
        if offset < 0:
            offset = next((update.id for update in islice(reversed(self.pending.values()), -offset - 1, None)), 0)
        self.confirmed(itertools.takewhile(lambda update: update.id < offset, self.pending.values()))
        if self._waiting and not self._waiting.done():
            told = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            self._waiting.set_exception(ApiError(409, told))
        if not self.pending and timeout:
            own = self._waiting = asyncio.get_running_loop().create_future()
            self.polled.set()
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(timeout):
                        await own
            finally:
                if own is self._waiting:
                    self.polled.clear()
        return [update.raw for update in islice(self.pending.values(), limit)]
