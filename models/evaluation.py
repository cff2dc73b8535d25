"""How the year went: in time or late, how fast it was reviewed, what stood in the way, what dialogue was about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from models.base import Utc
from models.blockers import Blocker
from models.cut_off import Cut, due, known_reports, owed
from models.events import COUNTING, Event
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity
from models.reports import Report
from models.reviews import Review
from models.summaries import midnight


@dataclass(frozen=True, slots=True)
class Pace:
    """Reports that were not withdrawn.

    in_time    first came until the end of the day they were due; late: after it
    verified   of them; review_days: between a report and its verification, the median, None where nothing is verified
    returned   how often one was given back and that was not taken back
    obstacles  what officers said stood in the way, by kind (models.blockers)
    """

    in_time: int
    late: int
    verified: int
    review_days: float | None
    returned: int
    obstacles: dict[str, int]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A report of something people come to."""

    number: int
    folio: str
    office: str
    account: str


@dataclass(frozen=True, slots=True)
class Held:
    """A dialogue event that took place. `office`: its name, "" is the entity; `groups`: codes of value groups."""

    key: str
    day: date
    title: str
    office: str
    groups: tuple[str, ...]


def held(connection: Connection, plan_id: int, start: date, end: date, known: datetime) -> list[Held]:
    """The events of some days, both included, that were called or held as far as was known then, in their order."""
    called = or_(Event.approved_at.is_(None), Event.approved_at <= known)
    on = or_(Event.state.in_(COUNTING), and_(Event.state == "cancelled", Event.cancelled_at > known))
    rows = connection.execute(
        select(Event.key, Event.day, Event.title, func.coalesce(Office.name, ""), Event.groups)
        .outerjoin(Office, Office.id == Event.office_id)
        .where(
            Event.plan_id == plan_id, Event.day >= start, Event.day <= end, Event.recorded_at <= known,
            called, on,
        )
        .order_by(Event.day, Event.id)
    )  # fmt: skip
    return [Held(*row[:4], tuple(row.groups)) for row in rows]


def pace(connection: Connection, cut: Cut, zone: ZoneInfo) -> Pace:
    """Of the reports that had come. Three statements."""
    asked = cut.params
    in_time, late = 0, 0
    waits: list[float] = []
    for row in connection.execute(_TIMES, asked):
        if row.received_at < midnight(row.due + timedelta(days=1), zone):
            in_time += 1
        else:
            late += 1
        if row.outcome == "verified":
            waits.append((row.decided_at - row.sent_again) / timedelta(days=1))
    returned = connection.execute(_RETURNED, asked).scalar_one()
    obstacles = {row.kind: row.times for row in connection.execute(_OBSTACLES, asked)}
    return Pace(in_time, late, len(waits), median(waits) if waits else None, returned, obstacles)


def spoken(connection: Connection, cut: Cut) -> Iterator[Spoken]:
    """What was told of things people come to, by activity and folio."""
    for row in connection.execute(_SPOKEN, cut.params):
        yield Spoken(*row)


def _times() -> Any:
    reports, first, newest = known_reports(), aliased(Report), aliased(Report)
    decided = (
        select(func.max(Review.at, type_=Utc))
        .where(Review.report_id == newest.id, Review.outcome == "verified", Review.at <= bindparam("known", type_=Utc))
        .correlate(newest)
        .scalar_subquery()
    )
    return (
        select(
            due().label("due"), first.received_at, newest.received_at.label("sent_again"), reports.c.outcome,
            decided.label("decided_at"),
        )
        .select_from(reports)
        .join(first, first.id == reports.c.first)
        .join(newest, newest.id == reports.c.id)
        .join(Obligation, Obligation.id == newest.obligation_id)
        .where(owed(), reports.c.outcome != "withdrawn")
    )  # fmt: skip


def _returned() -> Any:
    taken_back = aliased(Review)
    known = bindparam("known", type_=Utc)
    return (
        select(func.count())
        .select_from(Review)
        .join(Report, Report.id == Review.report_id)
        .outerjoin(taken_back, and_(taken_back.undoes_id == Review.id, taken_back.at <= known))
        .where(
            Report.plan_id == bindparam("plan"), Review.outcome == "returned", Review.at <= known,
            taken_back.id.is_(None),
        )
    )  # fmt: skip


def _spoken() -> Any:
    reports, led = known_reports(), aliased(Office)
    return (
        select(Activity.number, Report.folio, func.coalesce(Office.name, led.name, ""), Report.account)
        .join(reports, reports.c.id == Report.id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .outerjoin(led, led.id == Ownership.office_id)
        .where(owed(), reports.c.counted > 0, Activity.place)
        .order_by(Activity.number, Report.folio)
    )


_TIMES, _RETURNED, _SPOKEN = _times(), _returned(), _spoken()
_OBSTACLES = (
    select(Blocker.kind, func.count().label("times"))
    .join(Obligation, Obligation.id == Blocker.obligation_id)
    .where(Obligation.plan_id == bindparam("plan"), Blocker.at <= bindparam("known", type_=Utc))
    .group_by(Blocker.kind)
    .order_by(Blocker.kind)
)
