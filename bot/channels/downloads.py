"""Files that were slow to come: fetched side by side with everything else, over restarts, until here or given up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.arrivals import settled
from bot.channels.fetching import Fetcher, NotFetched
from bot.clock import Clock
from bot.turn import Rules
from conversation.messages import LOST, PENDING, Attachment
from models import downloads
from models.database import Database
from models.downloads import Claimed
from models.vault import VaultError

log = logging.getLogger(__name__)

AT_ONCE = 4
# Pauses between tries, in seconds: about a day in all. Then the person is asked to send the file again.
PAUSES = (5, 15, 60, 300, 900, *(3600,) * 23)
# Seconds between two looks at the queue, and how long what is under way stays this process's own after each.
IDLE, LEASE = 5.0, 30.0


@dataclass(slots=True)
class Downloads:
    """The downloads of one channel, for as long as the application runs. `tell` as in Receiver."""

    channel: str
    database: Database
    clock: Clock
    rules: Rules
    fetcher: Fetcher
    tell: Callable[[set[tuple[str, str]]], None]
    underway: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with what earlier processes left."""
        self.loop = asyncio.create_task(self._work())

    def wake(self) -> None:
        """There is something new to fetch, or room for it."""
        self.news.set()

    async def stop(self) -> None:
        """Stop fetching, and leave what is under way to the next process."""
        if self.loop is None:
            return
        left, tasks = list(self.underway), [self.loop, *self.underway.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.database.write(partial(downloads.renew, ids=left, until=self.clock.now()))

    async def _work(self) -> None:
        while True:
            self.news.clear()
            try:
                claimed = await self.database.write(self._claim)
            except Exception:
                log.exception("the downloads could not be read; trying again")
                claimed = []
            for one in claimed:
                self.underway[one.id] = task = asyncio.create_task(self._fetch(one))
                task.add_done_callback(partial(self._done, one.id))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), IDLE)

    def _claim(self, connection: Connection) -> list[Claimed]:
        now = self.clock.now()
        until = now + timedelta(seconds=LEASE)
        downloads.renew(connection, self.underway, until)
        room = AT_ONCE - len(self.underway)
        return downloads.claim(connection, self.channel, room, now, until) if room else []

    def _done(self, number: int, _task: asyncio.Task[None]) -> None:
        del self.underway[number]
        self.wake()

    async def _fetch(self, claimed: Claimed) -> None:
        try:
            file = await self._try(claimed)
            if file.problem == PENDING:
                until = self.clock.now() + timedelta(seconds=PAUSES[claimed.attempts - 1])
                return await self.database.write(partial(downloads.put_off, claimed=claimed, until=until))
            work = partial(settled, channel=self.channel, claimed=claimed, attachment=file, now=self.clock.now())
            self.tell(await self.database.write(partial(work, rules=self.rules)))
        except Exception:
            log.exception("a download could not be settled; it is tried again")

    async def _try(self, claimed: Claimed) -> Attachment:
        """The file; or the problem it has, PENDING where it is worth another try."""
        details = {"file_id": claimed.file_id, "message": claimed.message, "recompressed": claimed.recompressed}
        item = Attachment(
            claimed.kind, f"{self.channel}:{claimed.unique}", claimed.name, claimed.mime, claimed.size, PENDING, details  # type: ignore[arg-type]
        )  # fmt: skip
        try:
            return await self.fetcher.fetch(item)
        except NotFetched as error:
            if error.reason == "too_big":
                return replace(item, problem="too_large")
            gone = error.reason == "gone"
        except (OSError, VaultError):
            log.exception("a file could not be kept; it is tried again")
            gone = False
        return replace(item, problem=LOST if gone or claimed.attempts > len(PAUSES) else PENDING)
