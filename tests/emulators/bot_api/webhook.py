"""Delivery by webhook: one POST an update, in order within a chat, chats side by side, again until it is taken."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.emulators.bot_api.updates import Update, Updates
from tests.emulators.shared.connections import cut_short

LONGEST_PAUSE = 1.0  # seconds between two attempts
PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(slots=True)
class Webhook:
    """Delivery to one address; `pause` is how many seconds pass before the second attempt, then twice as many.

    `called` gets the call that an answer holds; what becomes of it is not told to the bot.
    """

    url: str
    secret: str
    connections: int
    updates: Updates
    pause: float
    called: Callable[[dict[str, Any]], Awaitable[None]]
    failures: int = 0
    last_error: tuple[int, str] = (0, "")
    _lanes: dict[int, deque[Update]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Begin, with what is pending."""
        connector = aiohttp.TCPConnector(limit=self.connections)
        self._session = aiohttp.ClientSession(connector=connector, timeout=PATIENCE)
        self.updates.listener = self._take
        for update in self.updates.pending.values():
            self._take(update)

    async def close(self) -> None:
        """Stop; what was not taken stays pending."""
        self.updates.listener = None
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._lanes.clear()
        if self._session:
            await self._session.close()

    def _take(self, update: Update) -> None:
        lane = self._lanes.get(update.chat)
        if lane is not None:
            lane.append(update)
            return
        lane = self._lanes[update.chat] = deque([update])
        task = asyncio.create_task(self._work(update.chat, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, chat: int, lane: deque[Update]) -> None:
        while lane:
            if lane[0].held:
                await asyncio.sleep(lane[0].held)
            if lane[0].cut is not None:
                await self._post(lane[0], lane[0].cut)
            pause = self.pause
            while problem := await self._post(lane[0]):
                self.failures += 1
                self.last_error = (int(time.time()), problem)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            self.updates.confirmed([lane.popleft()])
        del self._lanes[chat]

    async def _post(self, update: Update, share: float = 1.0) -> str:
        """Try once, perhaps with a share of it only; what went wrong, empty where the bot took it."""
        assert self._session
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        body = json.dumps(update.raw).encode()
        sent = body if share == 1 else cut_short(body[: int(len(body) * share)])
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.post(self.url, data=sent, headers=headers) as answer:
                body = await answer.read()
                if answer.ok and body:
                    await self.called(json.loads(body))
                return "" if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        return "Connection failed"
