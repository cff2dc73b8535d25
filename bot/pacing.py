"""When the next message may leave: slots from the bot's shared rate row, handed out to answers first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from functools import partial

from models import rates
from models.database import Database

# Slots taken from the shared row at once: half a second's worth, so that the row costs little and waste is small.
BLOCK = 15


class Pacer:
    """One bot's pace. `per_second` 0 means no limit; `per_chat` is the pause between two messages to one chat."""

    def __init__(self, database: Database, bot: str, per_second: float, per_chat: float) -> None:
        self._database, self._bot = database, bot
        self._every = 1 / per_second if per_second else 0.0
        self._per_chat = per_chat if per_second else 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._slots: list[float] = []
        self._chats: dict[str, float] = {}
        self._handing: asyncio.Task[None] | None = None

    async def slot(self, chat: str, priority: int) -> None:
        """Wait until a message to this chat may leave."""
        if not self._every:
            return
        pause = self._chats.get(chat, 0.0) - time.time()
        if pause > 0:
            await asyncio.sleep(pause)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._order), turn))
        if self._handing is None or self._handing.done():
            self._handing = asyncio.create_task(self._hand_out())
        await turn
        self._chats[chat] = time.time() + self._per_chat
        if len(self._chats) > 10_000:
            self._chats = {one: free for one, free in self._chats.items() if free > time.time()}

    async def hold(self, seconds: float) -> None:
        """Nobody sends for this long: the platform asked for a pause."""
        until = time.time() + seconds
        self._slots = [slot for slot in self._slots if slot >= until]
        if self._every:
            await self._database.write(partial(rates.hold, bot=self._bot, until=until))

    async def _hand_out(self) -> None:
        while self._waiting:
            if not self._slots:
                count = min(BLOCK, len(self._waiting))
                reserve = partial(rates.reserve, bot=self._bot, count=count, every=self._every, now=time.time())
                first = await self._database.write(reserve)
                self._slots = [first + number * self._every for number in range(count)]
            await asyncio.sleep(max(0.0, self._slots[0] - time.time()))
            if self._slots and self._slots[0] <= time.time():
                self._slots.pop(0)
                _priority, _order, turn = heapq.heappop(self._waiting)
                if not turn.done():
                    turn.set_result(None)
