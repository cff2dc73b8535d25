"""What leaves: claimed, sent in order for each chat, and settled. Nothing is repeated that may have arrived.

One loop does the bookkeeping, a transaction at a time for all chats: it settles what was sent and claims what is new.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from bot.journal import Journal, left_behind, new_name, same_boot
from bot.pacing import Pacer
from models import outbox
from models.database import Database
from models.outbox import Parcel, Settled

log = logging.getLogger(__name__)

AT_ONCE = 256
IDLE = 2.0
# Pauses before something that certainly did not arrive is tried again, in seconds; then it waits in the queue.
PAUSES = (1, 2, 5, 15, 60)
RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; `platform_id` is what the platform calls it."""

    platform_id: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not accepted, try again in `seconds`; `everybody`: the whole bot must pause."""

    seconds: float
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Not accepted, and it never will be. `gone`: this person cannot be reached there any more."""

    reason: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The same chat has another address now."""

    address: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived."""

    reason: str


Result = Sent | Later | Failed | Moved | Unknown


class Carrier(Protocol):
    """A channel's way out. `begun` is called right before the first byte leaves."""

    @property
    def name(self) -> str:
        """The channel, as deliveries call it."""
        ...

    async def carry(self, parcel: Parcel, begun: Callable[[], None]) -> Result:
        """Send one message."""
        ...


class Sender:
    """Sends one channel's deliveries until it is stopped."""

    def __init__(
        self, database: Database, carrier: Carrier, pacer: Pacer, journals: Path, now: Callable[[], datetime],
        unreachable: Callable[[Connection, Parcel], None],
    ) -> None:  # fmt: skip
        self._database, self._carrier, self._pacer, self._now = database, carrier, pacer, now
        self._unreachable = unreachable
        self._folder, self._name = journals, new_name()
        self._chains: dict[str, deque[Parcel]] = {}
        self._chats: set[asyncio.Task[None]] = set()
        self._results: list[Settled] = []
        self._lost: list[Parcel] = []
        self._underway = 0
        self._news = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Settle what an earlier process left, then begin."""
        for name, left, path in left_behind(self._folder):
            known = left if same_boot(name) else None
            unknown = await self._database.write(partial(outbox.recover, claimant=name, left=known))
            if unknown:
                log.warning("%d messages may or may not have arrived; chasqui doctor tells more", unknown)
            path.unlink(missing_ok=True)
        self._journal = Journal(self._folder, self._name)
        self._loop = asyncio.create_task(self._work())

    def wake(self) -> None:
        """There is something new to send."""
        self._news.set()

    async def stop(self) -> None:
        """Finish what is being written, give the rest back."""
        self._stopping = True
        self.wake()
        if self._chats:
            await asyncio.wait(self._chats, timeout=3)
        if self._loop:
            await self._loop
        self._journal.close()

    async def _work(self) -> None:
        while not (self._stopping and not self._underway and not self._results):
            self._news.clear()
            results, self._results = self._results, []
            lost, self._lost = self._lost, []
            room = 0 if self._stopping else AT_ONCE - self._underway
            try:
                parcels = await self._database.write(partial(self._step, results=results, lost=lost, room=room))
            except Exception:
                log.exception("the queue could not be read; trying again")
                self._results, self._lost = results + self._results, lost + self._lost
                await asyncio.sleep(1)
                continue
            for result in results:
                self._journal.end(result.id)
            for parcel in parcels:
                self._enqueue(parcel)
            if len(parcels) < room or not room:
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), IDLE)
        except TimeoutError:
            return

    def _step(self, connection: Connection, results: list[Settled], lost: list[Parcel], room: int) -> list[Parcel]:
        now = self._now()
        outbox.settle(connection, results, now)
        for parcel in lost:
            self._unreachable(connection, parcel)
        return outbox.claim(connection, self._carrier.name, self._name, room, now) if room else []

    def _enqueue(self, parcel: Parcel) -> None:
        self._underway += 1
        if parcel.address in self._chains:
            self._chains[parcel.address].append(parcel)
            return
        self._chains[parcel.address] = deque([parcel])
        task = asyncio.create_task(self._chat(parcel.address))
        self._chats.add(task)
        task.add_done_callback(self._chats.discard)

    async def _chat(self, address: str) -> None:
        """One chat's messages, one after another."""
        chain = self._chains[address]
        while chain:
            parcel = chain[0]
            settled = Settled(parcel.id, "queued") if self._stopping else await self._send(parcel)
            self._results.append(settled)
            self._underway -= 1
            chain.popleft()
            self.wake()
        del self._chains[address]

    async def _send(self, parcel: Parcel) -> Settled:
        for pause in (*PAUSES, None):
            await self._pacer.slot(parcel.address, parcel.priority)
            try:
                result = await self._carrier.carry(parcel, partial(self._journal.begin, parcel.id))
            except Exception as error:
                log.exception("a message could not be sent")
                return Settled(parcel.id, "unknown", reason=type(error).__name__)
            match result:
                case Sent(platform_id):
                    return Settled(parcel.id, "sent", platform_id)
                case Moved(address):
                    parcel = replace(parcel, address=address)
                case Unknown(reason):
                    return Settled(parcel.id, "unknown", reason=reason)
                case Failed(reason, gone):
                    if gone:
                        self._lost.append(parcel)
                    return Settled(parcel.id, "failed", reason=reason)
                case Later(seconds, everybody):
                    self._journal.end(parcel.id)
                    if everybody:
                        await self._pacer.hold(seconds)
                    if self._stopping:
                        return Settled(parcel.id, "queued")
                    if pause is None:
                        break
                    await asyncio.sleep(seconds if everybody else max(seconds, pause))
        return Settled(parcel.id, "queued", reason="not taken yet", before=self._now() + RETRY)
