"""When the next message may leave: slots from the bot's shared rate row, reserved ahead so that none is missed."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from dataclasses import dataclass
from functools import partial

from models import rates
from models.database import Database

# The share of what is allowed that is used: messages reach the platform less evenly than they leave.
USED = 29 / 30
# Seconds: the slots reserved at once, and how late one may still be used. A reservation holds up other processes.
BLOCK, LATE = 0.3, 0.25
# Seconds within which never more arrive than one second allows, however late the ones before were.
SECOND = 1.01
LEAST, MOST = 8, 256
# Seconds: what a message may have been delayed on its way, and by how much the fastest is forgotten with each.
UNSURE, FORGOTTEN = 0.1, 0.0001
# Seconds until slots are asked for again, where those that came were too late.
AGAIN = 0.001


@dataclass(slots=True)
class Departure:
    """A message that left: when, and the seconds until it was answered, 0 while it is not."""

    at: float
    took: float = 0.0


class Pacer:
    """One bot's pace. `per_second` is what the platform allows, 0: no limit.

    per_chat  seconds to leave between two messages to one chat
    at_hand   how many announcements to have ready: two seconds' worth, from LEAST to MOST
    """

    def __init__(self, database: Database, bot: str, per_second: float, per_chat: float) -> None:
        self._database, self._bot = database, bot
        self._every = 1 / (USED * per_second) if per_second else 0.0
        self._block = max(1, round(BLOCK * per_second))
        self._slots: deque[float] = deque()
        self._left: deque[Departure] = deque(maxlen=max(1, round(per_second)))
        self._held, self._fastest = 0.0, math.inf
        self._turn = asyncio.Lock()
        self._reserving: asyncio.Task[None] | None = None
        self.per_chat = per_chat if per_second else 0.0
        self.at_hand = min(MOST, max(LEAST, round(2 * per_second))) if per_second else MOST

    async def slot(self, wanted: int = 1) -> Departure:
        """Wait until the next message may leave; whoever asked first goes first. `wanted`: how many wait."""
        if not self._every and time.time() >= self._held:
            return Departure(0.0)
        async with self._turn:
            while (pause := await self._pause(wanted)) > 0:  # noqa: ASYNC110 – what is waited for is the time
                await asyncio.sleep(pause)
            return self._left[-1] if self._left else Departure(0.0)

    def answered(self, departure: Departure) -> None:
        """A message was answered: what that took longer than the fastest may have passed before it arrived.

        Counted up to UNSURE: some chats always take long, and need not slow the others.
        """
        departure.took = time.time() - departure.at
        self._fastest = min(departure.took, self._fastest + FORGOTTEN)

    def _arrived(self, departure: Departure) -> float:
        return departure.at + max(0.0, min(departure.took - self._fastest, UNSURE))

    async def hold(self, seconds: float) -> None:
        """Nobody sends for this long: the platform asked for a pause."""
        self._held = max(self._held, time.time() + seconds)
        self._slots = deque(slot for slot in self._slots if slot >= self._held)
        if self._every:
            await self._database.write(partial(rates.hold, bot=self._bot, until=self._held))

    async def _pause(self, wanted: int) -> float:
        """Take the slot that is due and return 0, or return the seconds until one is."""
        if not self._every:
            return self._held - time.time()
        if self._reserving is None and len(self._slots) < min(wanted, self._block):
            count = min(self._block, wanted - len(self._slots))
            self._reserving = asyncio.create_task(self._reserve(count))
        if not self._slots and self._reserving:
            await self._reserving
        now = time.time()
        while self._slots and self._slots[0] < now - LATE:
            self._slots.popleft()
        if not self._slots:
            return AGAIN
        full = len(self._left) == self._left.maxlen
        due = max(self._slots[0], self._arrived(self._left[0]) + SECOND if full else 0.0)
        if due > now:
            return due - now
        self._slots.popleft()
        self._left.append(Departure(now))
        return 0.0

    async def _reserve(self, count: int) -> None:
        try:
            reserve = partial(rates.reserve, bot=self._bot, count=count, every=self._every, now=time.time())
            first = await self._database.write(reserve)
        finally:
            self._reserving = None
        slots = (first + number * self._every for number in range(count))
        self._slots.extend(slot for slot in slots if slot >= self._held)
