"""Delivery to the webhook: signed, one event a POST or several, again until it is taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.events import Event, payload
from tests.emulators.shared.connections import cut_short

CONNECTIONS = 40
LONGEST_PAUSE = 1.0  # seconds between two attempts
PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(slots=True)
class Delivery:
    """What is on its way to one address. `pause`: seconds before the second attempt, then twice as many.

    batch   how many events one POST holds at most; more than one waits `gather` seconds for company
    """

    account: str
    metadata: Raw
    secret: str
    pause: float
    batch: int = 1
    gather: float = 0.02
    url: str = ""
    posts: int = 0
    failures: int = 0
    last_error: str = ""
    _lanes: dict[str, deque[Event]] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _session: aiohttp.ClientSession | None = None

    @property
    def pending(self) -> int:
        """How many events are not taken yet."""
        return sum(map(len, self._lanes.values()))

    async def register(self, url: str, word: str) -> None:
        """Ask the address for the challenge, then deliver there. Raises GraphError where it does not answer it."""
        challenge = str(secrets.randbelow(10**10))
        asked = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": challenge}
        told = "no connection"
        with suppress(aiohttp.ClientError, TimeoutError):
            async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url, params=asked) as answer:
                said = await answer.text()
                told = "" if answer.status == 200 and said == challenge else f"{answer.status} {said[:80]!r}"
        if told:
            raise GraphError(2200, f"Callback verification failed: {told}")
        self.url = url
        self._begin()

    async def open(self) -> None:
        """Begin, with what is pending."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS), timeout=PATIENCE)
        self._begin()

    async def close(self) -> None:
        """Stop; what was not taken stays pending."""
        tasks, session, self._session = list(self._tasks.values()), self._session, None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._tasks.clear()
        if session:
            await session.close()

    def add(self, event: Event) -> None:
        """Something happened; it is kept until there is an address that takes it."""
        lane = "all" if self.batch > 1 else event.lane
        if event.fault.delay:
            lane = f"held {next(self._numbers)}"
        self._lanes.setdefault(lane, deque()).extend([event] * (2 if event.fault.twice else 1))
        self._begin(lane)

    async def settled(self, timeout: float = 5.0) -> None:
        """Wait until everything is taken, at most `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while self._tasks:
                await asyncio.wait(self._tasks.values())

    def _begin(self, *lanes: str) -> None:
        if not self._session or not self.url:
            return
        for lane in lanes or list(self._lanes):
            if lane not in self._tasks:
                self._tasks[lane] = asyncio.create_task(self._work(lane))

    async def _work(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await asyncio.sleep(lane[0].fault.delay)
            if len(lane) < self.batch:
                await asyncio.sleep(self.gather)
            together = list(itertools.islice(lane, self.batch))
            body = json.dumps(payload(self.account, self.metadata, together)).encode()
            if (share := together[0].fault.cut) is not None:
                await self._post(body, cut_short(body[: int(len(body) * share)]))
            pause = self.pause
            while problem := await self._post(body, body):
                self.failures, self.last_error = self.failures + 1, problem
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            for _ in together:
                lane.popleft()
        del self._lanes[name], self._tasks[name]

    async def _post(self, body: bytes, sent: bytes | AsyncIterator[bytes]) -> str:
        """Try once; what went wrong, empty where it was taken."""
        assert self._session
        self.posts += 1
        mark = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mark}"}
        with suppress(aiohttp.ClientError, ConnectionResetError, TimeoutError):
            async with self._session.post(self.url, data=sent, headers=headers) as answer:
                await answer.read()
                return "" if answer.status == 200 else f"{answer.status} {answer.reason}"
        return "no connection"
