"""What falls due reaches the right person at the right hour, once: planned in the database, then told together.

Nothing is remembered between two ticks. Whatever stops in between, the next tick finds what is left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from conversation.messages import Reply
from models import ladders, leaves, nudges, plan, telling
from models.database import abreast
from models.gathering import Gathered, Moment
from models.plan import Timetable
from scheduler import cutoffs, hours
from scheduler.letters import letter

T = TypeVar("T")

# People written to in one transaction.
PAGE = 100
Pairs = set[tuple[str, str]]
# A reply as the columns of a delivery that say something, in the language of this code.
Render = Callable[[Reply, str], dict[str, object]]


class Store(Protocol):
    """Where transactions run: models.database.Database, or something that runs them on one connection."""

    async def write(self, work: Callable[[Any], T]) -> T:
        """In a transaction of its own."""
        ...

    async def read(self, work: Callable[[Any], T]) -> T:
        """Writing nothing."""
        ...


async def tick(store: Store, now: datetime, zone: ZoneInfo, render: Render) -> Pairs:
    """Everything the clock has to do for nudges at this moment, in short transactions.

    Run it as often as you like, wherever you like. Returns the (channel, address) pairs with something to read.
    """
    at = hours.moment(now, zone)
    while await store.write(partial(nudges.expire, now=now)):
        pass
    await store.write(partial(leaves.follow, today=at.today, now=now))
    plans = await store.read(plan.timetables)
    if not hours.working(at, plans):
        return set()
    for one in plans:
        await _plan(store, one, at)
    return await _write(store, at, render) | await cutoffs.remind(store, at, plans, render)


async def _plan(store: Store, timetable: Timetable, at: Moment) -> None:
    """Plan what has come. Looking for it does not hold up those who write; it is not done behind a page that had it."""
    far = ladders.reached(timetable.plan_id, timetable.steps, timetable.calendar, at.today)
    pages = iter(await store.read(partial(ladders.pages, far=far)))

    async def derive() -> None:
        more = False
        for page in pages:
            if more or await store.read(partial(ladders.lacks, far=far, page=page)):
                more = await store.write(partial(ladders.derive, far=far, page=page, now=at.now))

    await asyncio.gather(*(derive() for _planner in range(await store.read(abreast))))


async def _write(store: Store, at: Moment, render: Render) -> Pairs:
    """One message each to whom something is planned."""

    def compose(told: Gathered, language: str) -> dict[str, object]:
        return render(letter(told, at.today), language)

    pairs: Pairs = set()
    people = await store.read(partial(telling.ready, moment=at))
    pages = (
        partial(
            telling.write_to, people=people[start : start + PAGE], moment=at, expires_at=hours.closing(at),
            compose=compose,
        )
        for start in range(0, len(people), PAGE)
    )  # fmt: skip

    async def write() -> None:
        for page in pages:
            pairs.update(await store.write(page))

    await asyncio.gather(*(write() for _writer in range(await store.read(abreast))))
    return pairs
