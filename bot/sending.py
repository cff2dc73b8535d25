"""What leaves: claimed, sent in order for each chat, and settled. Nothing is repeated that may have arrived.

One loop does the bookkeeping, a transaction at a time for all chats: it settles what was sent and claims what is new.
Another gives each slot to whoever comes first at that moment: answers, then notices, then announcements.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from pathlib import Path

from sqlalchemy import Connection

from bot.carrying import Back, Carrier, Failed, Later, Moved, Result, Sent, Unknown
from bot.journal import Journal, left_behind, new_name, recover, recover_late
from bot.pacing import Departure, Pacer
from models import outbox
from models.database import Database
from models.outbox import Parcel, Settled

log = logging.getLogger(__name__)

# What is done with claimed deliveries before they leave; the value are those that do.
Look = Callable[[Connection, list[Parcel], datetime], list[Parcel]]

# Deliveries in hand: at most; of one chat when no more of its are claimed, so that it holds up nobody else.
AT_ONCE, OF_ONE_CHAT = 512, 8
# Priorities: what goes before announcements has a lower number; the highest there is.
ANNOUNCEMENT, LAST = 2, 9
# Seconds: the queue is looked at at least so often, and what was sent waits so long to be settled together.
IDLE, TOGETHER = 1.0, 0.1
# Seconds that what is being sent may still take once the sender is stopped.
PATIENCE = 3
# Pauses before something that certainly did not arrive is tried again, in seconds; then it waits in the queue.
PAUSES = (1, 2, 5, 15, 60)
RETRY = timedelta(minutes=5)


@dataclass(slots=True, eq=False)
class Chat:
    """What waits for one address, the first to go in front: (priority, id, parcel).

    busy   one of its messages is on its way, or it pauses
    full   enough of its messages are in hand
    tries  how often the message in front was not taken
    """

    address: str
    waiting: list[tuple[int, int, Parcel]] = field(default_factory=list)
    busy: bool = False
    full: bool = False
    tries: int = 0


class Sender:
    """Sends one channel's deliveries until it is stopped. `look` runs in the transaction that claims them."""

    def __init__(
        self, database: Database, carrier: Carrier, pacer: Pacer, journals: Path, now: Callable[[], datetime],
        unreachable: Callable[[Connection, Parcel], None], look: Look | None = None,
    ) -> None:  # fmt: skip
        self._database, self._carrier, self._pacer, self._now = database, carrier, pacer, now
        self._unreachable, self._look = unreachable, look
        self._folder, self._name = journals, new_name()
        self._chats: dict[str, Chat] = {}
        self._ready: list[tuple[int, int, str]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._results: list[Settled] = []
        self._notes: list[Callable[[Connection], object]] = []
        self._in_hand = 0
        self._told = self._backlog = self._stopping = False
        self._news, self._offers = asyncio.Event(), asyncio.Event()
        self._ripening: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Settle what an earlier process left, then begin."""
        dead = list(left_behind(self._folder))
        await recover(self._database, dead)
        self._recovering = asyncio.create_task(recover_late(self._database, dead))
        self._loop = asyncio.get_running_loop()
        self._journal = Journal(self._folder, self._name)
        self._keeping = asyncio.create_task(self._keep_books())
        self._giving = asyncio.create_task(self._give_turns())
        self.wake()

    def wake(self) -> None:
        """There is something new to send."""
        self._told = True
        self._news.set()

    async def stop(self) -> None:
        """Finish what is being sent, give the rest back. Takes little more than PATIENCE."""
        self._stopping = True
        self._recovering.cancel()
        self._giving.cancel()
        for chat in self._chats.values():
            for _priority, number, _parcel in chat.waiting:
                self._settle(Settled(number, "queued"))
            chat.waiting.clear()
        if self._sending:
            await asyncio.wait(self._sending, timeout=PATIENCE)
        for task in self._sending:
            task.cancel()
        self._news.set()
        await self._keeping

    async def _keep_books(self) -> None:
        while not (self._stopping and not self._in_hand and not self._results):
            if not self._room()[0]:
                await self._rest()
            self._news.clear()
            if self._ripening:
                self._ripening.cancel()
                self._ripening = None
            most, worst = self._room()
            if most:
                self._told, self._backlog = False, worst < ANNOUNCEMENT
            results, self._results, notes, self._notes = self._results, [], self._notes, []
            full = [chat.address for chat in self._chats.values() if chat.full] if most else []
            try:
                parcels, more = await self._database.write(partial(self._step, results, notes, most, worst, full))
            except Exception:
                log.exception("the queue could not be read or written")
                if self._stopping:
                    return  # the journal stays: the next start settles what it tells
                self._results, self._notes = results + self._results, notes + self._notes
                self.wake()
                await asyncio.sleep(1)
                continue
            for result in results:
                self._journal.end(result.id)
            for parcel in parcels:
                self._take(parcel)
            if more:
                self._told, self._backlog = worst < ANNOUNCEMENT, True
        self._journal.close()

    def _room(self) -> tuple[int, int]:
        """How many deliveries to claim now, and the highest priority number of these."""
        free = self._pacer.at_hand - self._in_hand
        if self._stopping or not (self._told or self._backlog):
            return 0, 0
        if 2 * free >= self._pacer.at_hand:
            return free, LAST
        return (min(self._pacer.at_hand, AT_ONCE - self._in_hand), ANNOUNCEMENT - 1) if self._told else (0, 0)

    async def _rest(self) -> None:
        idle = self._loop.call_later(IDLE, self.wake)
        await self._news.wait()
        idle.cancel()

    def _step(
        self, results: list[Settled], notes: list[Callable[[Connection], object]], most: int, worst: int,
        full: list[str], connection: Connection,
    ) -> tuple[list[Parcel], bool]:  # fmt: skip
        """What is to be sent now, and whether more may wait."""
        now = self._now()
        outbox.settle(connection, results, now)
        for note in notes:
            note(connection)
        if not most:
            return [], False
        parcels = outbox.claim(connection, self._carrier.name, self._name, most, now, worst, OF_ONE_CHAT, full)
        more = len(parcels) == most
        return (self._look(connection, parcels, now) if self._look and parcels else parcels), more

    def _take(self, parcel: Parcel) -> None:
        self._in_hand += 1
        if self._stopping:
            self._settle(Settled(parcel.id, "queued"))
            return
        chat = self._chats.setdefault(parcel.address, Chat(parcel.address))
        heappush(chat.waiting, (parcel.priority, parcel.id, parcel))
        if len(chat.waiting) >= OF_ONE_CHAT and not chat.full:
            chat.full = self._told = True  # others may wait behind those of its that were not claimed
        if not chat.busy and chat.waiting[0][1] == parcel.id:
            self._offer(chat)

    def _offer(self, chat: Chat) -> None:
        heappush(self._ready, (*chat.waiting[0][:2], chat.address))
        self._offers.set()

    async def _give_turns(self) -> None:
        while True:
            while self._ready:
                try:
                    departure = await self._pacer.slot(len(self._ready))
                except Exception:
                    log.exception("no slots could be reserved")
                    await asyncio.sleep(1)
                    continue
                self._send_next(departure)
            self._offers.clear()
            await self._offers.wait()

    def _send_next(self, departure: Departure) -> None:
        while self._ready:
            _priority, number, address = heappop(self._ready)
            chat = self._chats.get(address)
            # Something more urgent may have come for this chat meanwhile.
            if chat and not chat.busy and chat.waiting and chat.waiting[0][1] == number:
                chat.busy = True
                task = asyncio.create_task(self._send(chat, heappop(chat.waiting)[2], departure))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
                return

    async def _send(self, chat: Chat, parcel: Parcel, departure: Departure) -> None:
        result: Result
        try:
            begun, turn = partial(self._journal.begin, parcel.id), partial(self._next_turn, parcel.id)
            result = await self._carrier.carry(parcel, begun, turn)
            self._pacer.answered(departure)
        except asyncio.CancelledError:
            result = Unknown("stopped while sending") if self._journal.has(parcel.id) else Later(0)
            parcel = replace(parcel, parts=self._journal.paused(parcel.id) or parcel.parts)
        except Exception as error:
            log.exception("a message could not be sent")
            result = Unknown(type(error).__name__)
        self._heard(chat, parcel, result)
        if isinstance(result, Later) and result.everybody:
            await self._pacer.hold(result.seconds)

    async def _next_turn(self, number: int, later: Later | None, arrived: int) -> None:
        """For a message in several parts: when the next part may leave."""
        if arrived:
            self._journal.pause(number, arrived)
        if later and later.everybody:
            await self._pacer.hold(later.seconds)
        await asyncio.sleep(max(self._pacer.per_chat, later.seconds if later else 0))
        await self._pacer.slot()
        if arrived:
            self._journal.begin(number)

    def _heard(self, chat: Chat, parcel: Parcel, result: Result) -> None:
        pause = self._pacer.per_chat
        match result:
            case Sent(platform_id):
                self._settle(Settled(parcel.id, "sent", platform_id))
            case Unknown(reason):
                self._settle(Settled(parcel.id, "unknown", reason=reason))
            case Failed(reason, gone):
                if gone:
                    self._notes.append(lambda connection: self._unreachable(connection, parcel))
                self._settle(Settled(parcel.id, "failed", reason=reason))
            case Back(reason, note):
                self._notes.append(note)
                self._journal.end(parcel.id)
                self._settle(Settled(parcel.id, "queued", reason=reason))
            case Moved(address):
                self._again(chat, replace(parcel, address=address))
            case Later(seconds, everybody):
                pause = max(seconds, 0 if everybody else PAUSES[min(chat.tries, len(PAUSES) - 1)])
                self._again(chat, parcel)
        if not isinstance(result, Moved | Later):
            chat.tries = 0
        if pause and not self._stopping:
            self._loop.call_later(pause, self._free, chat)
        else:
            self._free(chat)

    def _again(self, chat: Chat, parcel: Parcel) -> None:
        """Certainly not taken: once more from the front, or in a while."""
        if not self._journal.paused(parcel.id):
            self._journal.end(parcel.id)
        chat.tries += 1
        if self._stopping:
            self._settle(Settled(parcel.id, "queued", parts=parcel.parts))
        elif chat.tries <= len(PAUSES):
            heappush(chat.waiting, (parcel.priority, parcel.id, parcel))
        else:
            chat.tries = 0
            self._settle(Settled(parcel.id, "queued", reason="not taken yet", before=self._now() + RETRY))

    def _free(self, chat: Chat) -> None:
        chat.busy = False
        if chat.full and 2 * len(chat.waiting) <= OF_ONE_CHAT:
            chat.full = False
            self.wake()
        if chat.waiting:
            self._offer(chat)
        else:
            self._chats.pop(chat.address, None)

    def _settle(self, settled: Settled) -> None:
        self._results.append(settled)
        self._in_hand -= 1
        if self._stopping or self._room()[0]:
            self._news.set()
        elif self._ripening is None:
            self._ripening = self._loop.call_later(TOGETHER, self._news.set)
