"""Statuses of many posts, settled together: of each message Meta tells three times, and answers must not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.whatsapp.inbound import Status
from models.database import Database

Pairs = set[tuple[str, str]]
# So many at most in one transaction: answers are written between two.
TOGETHER = 256
# Seconds in which more of them gather: nobody waits for a status, and each transaction is one less beside the answers.
GATHERING = 0.05


@dataclass(slots=True)
class Settler:
    """Writes one transaction at a time; what is posted meanwhile waits and goes together into the next.

    work  settles statuses, part of a transaction; returns the (channel, address) pairs that `tell` hears
    """

    database: Database
    now: Callable[[], datetime]
    tell: Callable[[Pairs], None]
    work: Callable[[Connection, list[Status], datetime], Pairs]
    waiting: list[tuple[list[Status], asyncio.Future[None]]] = field(default_factory=list)
    busy: asyncio.Task[None] | None = None

    async def settle(self, told: list[Status]) -> None:
        """Returns once it is committed; raises what went wrong, so that it is posted again."""
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((told, done))
        if self.busy is None or self.busy.done():
            self.busy = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self.waiting:
            await asyncio.sleep(GATHERING)
            batch = [self.waiting.pop(0)]
            while self.waiting and sum(len(told) for told, _done in batch) < TOGETHER:
                batch.append(self.waiting.pop(0))
            error = await self._write([status for told, _done in batch for status in told])
            for told, done in batch:
                # What is wrong with one post is not the others' fault.
                wrong = await self._write(told) if error and len(batch) > 1 else error
                if not done.done():  # or who posted it has gone
                    done.set_exception(wrong) if wrong else done.set_result(None)

    async def _write(self, told: list[Status]) -> Exception | None:
        try:
            self.tell(await self.database.write(lambda connection: self.work(connection, told, self.now())))
        except Exception as error:  # noqa: BLE001 – who posted it hears of it
            return error
        return None
