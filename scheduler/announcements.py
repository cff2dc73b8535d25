"""What is announced of dialogue events reaches everybody it concerns, without holding anybody up.

The writer is free between two pages. Nothing is remembered between two ticks: what a crash leaves undone is done by
the next one, and nobody is told twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Reply
from handlers.citizen import promises
from handlers.citizen.event_card import announced, digest
from models import announcements, daily, event_calls, installation, plan, planning
from models.announcements import Said
from models.database import abreast
from models.event_cards import Card
from models.gathering import Moment
from scheduler import hours
from scheduler.nudges import Pairs, Render, Store
from scheduler.press import Press, hang, kept

# People looked at in one transaction: two milliseconds of the writer. With more, the slowest answers take longer.
PAGE = 50
# Of an event this near people hear on any day, in hours in which nobody sleeps: it cannot wait for a working one.
NEAR = timedelta(days=2)
AWAKE = range(7, 20)


async def tick(store: Store, now: datetime, zone: ZoneInfo, render: Render, press: Press) -> Pairs:
    """Everything the clock has to do for announcements at this moment, in short transactions."""
    at = hours.moment(now, zone)
    await store.write(partial(event_calls.follow, now=now.astimezone(zone), today=at.today))
    waiting = await store.read(partial(announcements.unfinished, now=now))
    ways = await store.read(installation.links) if waiting else {}
    for one in waiting:
        if not one.planned:
            await _follow(store, one, at, zone, render, press, ways)
    await _hang_again(store, at, zone, press)
    working = hours.working(at, await store.read(plan.timetables))
    awake = at.hour in AWAKE
    pairs: Pairs = set()
    for one in waiting:
        if working or (awake and _near(one.event, at)):
            pairs |= await announce(store, one, await _reply(one, zone, press, ways), at, render)
    return pairs | (await _daily(store, at, zone, render, working) if working or awake else set())


async def _follow(
    store: Store, one: Said, at: Moment, zone: ZoneInfo, render: Render, press: Press, ways: dict[str, str]
) -> None:
    """What follows from it before anybody is told: what is owed, and a new poster."""
    poster = await asyncio.to_thread(press.poster, one, ways, zone) if one.kind in ("call", "change") else None

    def work(connection: Any) -> None:
        planning.resync(connection, one.event.plan, at.now)
        announcements.planned(connection, one.id, at.now)
        if poster:
            hang(connection, one, poster, at.now, render)

    await store.write(work)


async def _hang_again(store: Store, at: Moment, zone: ZoneInfo, press: Press) -> None:
    """Make a poster anew whose file is gone, so that it can be asked for as long as the event is not over."""
    posted = await store.read(partial(announcements.posted, now=at.now))
    for one in await asyncio.to_thread(press.lost, posted):
        document = await asyncio.to_thread(press.poster, one, await store.read(installation.links), zone)
        await store.write(partial(announcements.keep_poster, one=one, document=kept(document)))


async def _reply(one: Said, zone: ZoneInfo, press: Press, ways: dict[str, str]) -> Reply:
    """What an announcement says."""
    kind = one.kind.partition(":")[0]
    if kind in ("conclusions", "kept"):
        return (promises.kept if kind == "kept" else promises.concluded)(one.event, one.details)
    file = await asyncio.to_thread(press.invitation, one, ways)
    return announced(one.kind, one.event, one.details, file, zone)


def _near(event: Card, at: Moment) -> bool:
    return event.starts_at is not None and event.starts_at - at.now < NEAR


async def announce(store: Store, one: Said, reply: Reply, at: Moment, render: Render) -> Pairs:
    """Queue it for everybody it concerns; who has something to read. Run it again after a crash."""
    spoken = await store.read(announcements.spoken)
    said = {language: render(reply, language) for language in spoken}
    pages = (
        partial(announcements.page, one=one, language=language, said=said[language], now=at.now, after=after,
                to=after + PAGE)
        for language, last in spoken.items()
        for after in range(0, last, PAGE)
    )  # fmt: skip
    pairs: Pairs = set()

    async def queue() -> None:
        for page in pages:
            began = time.perf_counter()
            pairs.update(await store.write(page))
            # Who answers people has the writer to itself for a quarter as long as this had it.
            await asyncio.sleep((time.perf_counter() - began) / 4)

    await asyncio.gather(*(queue() for _writer in range(await store.read(abreast))))
    await store.write(partial(announcements.finish, number=one.id, now=at.now))
    return pairs


async def _daily(store: Store, at: Moment, zone: ZoneInfo, render: Render, working: bool) -> Pairs:
    """The one message of the day, to those whose hour has come."""
    await store.write(partial(daily.drop_moot, now=at.now))

    def compose(told: Sequence[tuple[str, Card]], language: str) -> dict[str, object]:
        return render(digest(told, zone), language)

    pairs: Pairs = set()
    people = await store.read(partial(daily.ready, moment=at, soon=None if working else at.now + NEAR))
    for start in range(0, len(people), PAGE):
        some = people[start : start + PAGE]
        page = partial(daily.write_to, people=some, moment=at, expires_at=at.day + timedelta(days=1), compose=compose)
        pairs |= await store.write(page)
    return pairs
