"""Summaries by the clock: each week to who coordinates, at each period's end to them and to heads of office.

What is due follows from the calendar and from when the last one was made for somebody; nothing else is remembered. Of
several that were missed only the newest is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from handlers.coordinator.summary_reply import summary_reply
from models import deliveries, plan, reachability, summary_times
from models.gathering import Moment
from models.preferences import CLOSES
from models.summaries import Span, Summary, span_of, summary
from models.summary_times import EARLIEST, Led, Reader
from plans.calendar import Calendar
from scheduler import hours
from scheduler.nudges import Pairs, Render, Store

WEEK = timedelta(days=7)
# Weeks looked back for the last one and the one before: days off may move several to the same day.
WEEKS = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """A summary and the moment from which it is due."""

    at: datetime
    span: Span


async def tick(store: Store, now: datetime, zone: ZoneInfo, render: Render) -> Pairs:
    """Write the summaries that are due. Run it as often as you like, wherever you like.

    Returns the (channel, address) pairs with something to read.
    """
    at, local = hours.moment(now, zone), now.astimezone(zone)
    if local.time() < EARLIEST or local.hour >= CLOSES:
        return set()
    plans = await store.read(plan.timetables)
    calendar = Calendar(frozenset(day for one in plans for day in one.calendar.local))
    if not plans or not calendar.is_business_day(at.today):
        return set()
    pairs: Pairs = set()
    known: dict[tuple[Span, tuple[Led, ...]], Summary | None] = {}
    for reader in await store.read(partial(summary_times.readers, today=at.today)):
        span = due(reader, local, zone, calendar)
        if span is None:
            continue
        asked = span, reader.offices
        if asked not in known:
            work = partial(summary, span=span, today=at.today, offices=reader.offices)
            known[asked] = await store.read(work)
        if found := known[asked]:
            pairs |= await store.write(partial(_write, reader=reader, found=found, at=at, render=render))
    return pairs


def due(reader: Reader, local: datetime, zone: ZoneInfo, calendar: Calendar) -> Span | None:
    """The newest summary that has come for somebody and that they were not told; a longer one before a shorter."""
    if reader.quiet >> local.weekday() & 1 or local.hour < reader.opens:
        return None
    newest = max(
        _slots(reader, local, zone, calendar), key=lambda slot: (slot.at, slot.span.kind != "week"), default=None
    )
    if newest is None or newest.at <= reader.since or (reader.told_at and reader.told_at >= newest.at):
        return None
    if newest.span.kind == "week" and reader.told_at and reader.told_at < newest.span.since:
        return replace(newest.span, since=reader.told_at.astimezone(zone))
    return newest.span


def _slots(reader: Reader, local: datetime, zone: ZoneInfo, calendar: Calendar) -> Iterator[Slot]:
    """The newest summaries that have come, of each kind."""
    yield from _closings(reader, local, zone, calendar)
    if not reader.offices:
        yield from _week(reader, local, calendar)


def _week(reader: Reader, local: datetime, calendar: Calendar) -> Iterator[Slot]:
    """The day of the week, or the first business day after it; of what moved since the one before."""
    monday = local.date() - timedelta(days=local.weekday())
    days = (monday - n * WEEK + timedelta(days=reader.when.weekday) for n in range(WEEKS))
    come = {at for day in days if (at := _at(_business_day(day, calendar), reader, local)) <= local}
    if len(come) > 1:
        before, last = sorted(come)[-2:]
        yield Slot(last, Span("week", "", before, local))


def _closings(reader: Reader, local: datetime, zone: ZoneInfo, calendar: Calendar) -> Iterator[Slot]:
    """The first business day after the last month that ended; of its quarter where that ended too."""
    first = local.date().replace(day=1)
    for _n in range(2):
        ended = first - timedelta(days=1)
        at = _at(calendar.next_business_day(ended), reader, local)
        if at <= local:
            quarter = ended.month % 3 == 0 and not reader.offices
            yield Slot(at, span_of("quarter" if quarter else "month", ended, zone))
            return
        first = ended.replace(day=1)


def _business_day(day: date, calendar: Calendar) -> date:
    return day if calendar.is_business_day(day) else calendar.next_business_day(day)


def _at(day: date, reader: Reader, local: datetime) -> datetime:
    return datetime.combine(day, reader.when.time, local.tzinfo)


def _write(connection: Any, reader: Reader, found: Summary, at: Moment, render: Render) -> Pairs:
    """One message, made once a day at most; one that has not left by the end of the day is made anew on the next."""
    to = reachability.last_used(connection, [reader.person_id]).get(reader.person_id)
    if to is None:
        return set()
    row = {
        "dedupe_key": f"summary:{found.plan.slug}:{found.span.kind}:{at.today}:{to.person_id}",
        "person_id": to.person_id, "channel": to.channel, "address": to.address, "kind": "summary",
        "created_at": at.now, "priority": 1, "expires_at": hours.closing(at),
        **render(summary_reply(found, at.now, decides=not reader.offices), to.language),
    }  # fmt: skip
    return {(to.channel, to.address)} if deliveries.queue(connection, [row]) else set()
