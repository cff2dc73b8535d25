"""Nudges: which step of the ladder has been reached for whom, what was told, and what was not and why.

A row is planned once for an obligation, a person, a deadline and a step; only then is a message made of it. Whatever
restarts or overlaps, the same row cannot be planned twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    case,
    exists,
    false,
    literal,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
    update,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models import deliveries
from models.base import Base, Key, Utc
from models.blockers import passed_on
from models.deliveries import Delivery
from models.leaves import away
from models.obligations import Obligation, Ownership, Precedence, ladder_day
from models.people import Membership, Role
from plans.calendar import Calendar

# Obligations looked at in one transaction. PostgreSQL may read whole tables for it, SQLite has a single writer.
PAGE = {"sqlite": 2000, "postgresql": 10_000}
START, LAST = (date.min, 0), 2**31 - 1
# Written out as in the index on it, which is used for nothing else.
PLANNED: ColumnElement[bool] = literal_column("nudges.state = 'planned'")
MOOT = "lo que decía cambió antes de salir"


class Nudge(Base):
    """One step of one person's ladder for one obligation.

    warn       the day from which the steps were counted (obligations.ladder_day); one that moves begins a new ladder
    step       business days after it, before it where negative
    escalated  whether it is for somebody who does not report it: the office's head, a coordinator
    state      planned, told (in `delivery_id`), skipped (`reason`)
    """

    __tablename__ = "nudges"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    warn: Mapped[date] = mapped_column(Date)
    step: Mapped[int]
    escalated: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(80))
    delivery_id: Mapped[int | None] = mapped_column(Key)  # no foreign key: checking it took a third of a large tick
    planned_at: Mapped[datetime] = mapped_column(Utc)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        UniqueConstraint("obligation_id", "person_id", "warn", "step"),
        Index(
            "ix_nudges_told",
            "delivery_id",
            sqlite_where=text("delivery_id IS NOT NULL"),
            postgresql_where=text("delivery_id IS NOT NULL"),
        ),
        Index(
            "ix_nudges_planned",
            "person_id",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the ladder of a plan reaches today.

    bounds  (step, the latest day it may count from and have come), the last step first: the first that holds is it
    """

    plan_id: int
    today: date
    bounds: tuple[tuple[int, date], ...]

    @property
    def steps(self) -> tuple[int, ...]:
        """The last step first."""
        return tuple(step for step, _until in self.bounds)


@dataclass(frozen=True, slots=True)
class Page:
    """The open obligations after one (warn, id) up to and with another, in that order."""

    after: tuple[date, int]
    to: tuple[date, int]


def reached(plan_id: int, steps: Collection[int], calendar: Calendar, today: date) -> Reached:
    """How far a ladder reaches on a business day. What falls due on a day off counts from the business day before."""

    def until(step: int) -> date:
        return calendar.next_business_day(calendar.add_business_days(today, -step)) - timedelta(days=1)

    return Reached(plan_id, today, tuple((step, until(step)) for step in sorted(set(steps), reverse=True)))


def next_page(connection: Connection, far: Reached, after: tuple[date, int] = START) -> Page | None:
    """The next page in which something is to be planned, None where there is no more of it. Reads only."""
    until, most = far.bounds[-1][1] if far.bounds else after[0], PAGE[connection.dialect.name]
    while far.bounds:
        asked = {"plan": far.plan_id, **_range(Page(after, (until, LAST))), "page": most - 1}
        to = connection.execute(_END, asked).one_or_none()
        page = Page(after, (to.warn, to.id) if to else (until, LAST))
        if connection.execute(_some(far.steps), _asked(far, page)).first():
            return page
        if to is None:
            return None
        after = page.to
    return None


def derive(connection: Connection, far: Reached, page: Page, now: datetime) -> None:
    """Plan the latest step that has come for each open obligation of the page.

    It is for the officers of the office that leads it; where none is at work, or only some from whom it passed to a
    colleague, for the coordinators; at the last step also for the office's heads and the coordinators. Earlier steps
    that were missed are left out.
    """
    connection.execute(_adding(far.steps)[connection.dialect.name], {**_asked(far, page), "now": now})


def moot(connection: Connection, obligation_ids: Collection[int]) -> None:
    """What was to be said of these obligations no longer holds: messages not yet on their way are given up.

    The other nudges they told are planned again, so that the next tick writes to the person anew. Call it where a
    deadline or a target changes, in the same transaction. What is only reported meanwhile, or passes to another
    office, is noticed by itself: see deliveries.MOOT.
    """
    stopped = connection.execute(_STOP, {"obligations": list(obligation_ids), "reason": MOOT}).scalars()
    release(connection, list(stopped))


def expire(connection: Connection, now: datetime) -> int:
    """Give up messages whose time is over, of whatever kind, and nudges that no longer hold (nobody sends or shows
    those any more); plan again what they would have told."""
    over = deliveries.expire(connection, now)
    over += connection.execute(_GIVE_UP, {"reason": MOOT}).scalars()
    release(connection, over)
    return len(over)


def release(connection: Connection, delivery_ids: Collection[int]) -> None:
    """Plan again what these messages would have told: they will not be sent."""
    if delivery_ids:
        connection.execute(_RELEASE, {"deliveries": list(delivery_ids)})


# Built once for each ladder: building them costs more than running them where nothing is due.
@cache
def _some(steps: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    """Whether anything of a page is to be planned."""
    return select(_missing(steps).subquery().c.person_id).limit(1)


@cache
def _adding(steps: tuple[int, ...]) -> dict[str, Any]:
    """Plans what a page lacks."""
    found = _missing(steps).subquery()
    columns = ("obligation_id", "person_id", "warn", "step", "escalated")
    rows = select(
        *(found.c[name] for name in columns), literal("planned"), literal(""), bindparam("now", type_=Utc)
    ).where(text("true"))  # or SQLite takes ON CONFLICT for a join's condition
    into = [*columns, "state", "reason", "planned_at"]
    return {name: insert.from_select(into, rows).on_conflict_do_nothing() for name, insert in _INSERT.items()}


def _missing(steps: tuple[int, ...]) -> CompoundSelect[*tuple[Any, ...]]:
    """(obligation_id, person_id, warn, step, escalated) that the open obligations of a page still lack."""
    due = _page(steps).cte("due")
    runs = select(Membership.person_id).where(*_at_work(Membership, Role.COORDINATOR)).distinct().cte("runs")
    officer, head = aliased(Membership), aliased(Membership)
    led = (Ownership.obligation_id == due.c.id) & (Ownership.part == "lead")
    last = due.c.step == steps[0]
    colleague = aliased(Membership)
    theirs = (led, colleague.office_id == Ownership.office_id, ~passed_on(due.c.id, colleague.person_id))
    staffed = exists().where(*theirs, *_at_work(colleague, Role.OFFICER)).correlate(due)

    def lacking(person_id: Any, escalated: bool) -> Select[*tuple[Any, ...]]:
        known = exists().where(
            Nudge.obligation_id == due.c.id, Nudge.person_id == person_id, Nudge.warn == due.c.warn,
            Nudge.step >= due.c.step,
        )  # fmt: skip
        flag = true() if escalated else false()
        columns = (due.c.id.label("obligation_id"), person_id, due.c.warn, due.c.step, flag.label("escalated"))
        return select(*columns).select_from(due).where(~known)

    ours = lacking(officer.person_id, False).join(Ownership, led)
    heads = lacking(head.person_id, True).join(Ownership, led)
    return union_all(
        ours.join(officer, officer.office_id == Ownership.office_id).where(*_at_work(officer, Role.OFFICER)),
        heads.join(head, head.office_id == Ownership.office_id).where(*_at_work(head, Role.HEAD), last),
        lacking(runs.c.person_id, True).join(runs, true()).where(last | ~staffed),
    )


def _page(steps: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    before = aliased(Obligation)
    blocked = exists().where(
        Precedence.obligation_id == Obligation.id, before.activity_id == Precedence.activity_id,
        before.withdrawn_at.is_(None), before.reported < before.target,
    )  # fmt: skip
    day = ladder_day()
    come = [day <= bindparam(f"until{n}", type_=Date) for n in range(len(steps))]
    step = case(*((has_come, literal_column(str(step))) for has_come, step in zip(come, steps, strict=True)))
    return select(Obligation.id, day.label("warn"), step.label("step")).where(
        *_ladder(), Obligation.starts <= bindparam("today", type_=Date), ~blocked, come[-1]
    )


def _ladder() -> tuple[ColumnElement[bool], ...]:
    """The open obligations of a plan between two (warn, id)."""
    place = tuple_(Obligation.warn, Obligation.id)
    return (
        Obligation.plan_id == bindparam("plan", type_=Integer),
        Obligation.reported < Obligation.target,
        Obligation.withdrawn_at.is_(None),
        place > tuple_(bindparam("after", type_=Date), bindparam("after_id", type_=Integer)),
        place <= tuple_(bindparam("to", type_=Date), bindparam("to_id", type_=Integer)),
    )


def _at_work(member: type[Membership], role: Role) -> tuple[ColumnElement[bool], ...]:
    return member.role == role, member.until.is_(None), ~away(member.person_id)


def _asked(far: Reached, page: Page) -> dict[str, Any]:
    until = {f"until{n}": last for n, (_step, last) in enumerate(far.bounds)}
    return {"plan": far.plan_id, "today": far.today, **until, **_range(page)}


def _range(page: Page) -> dict[str, Any]:
    return {"after": page.after[0], "after_id": page.after[1], "to": page.to[0], "to_id": page.to[1]}


_END = (
    select(Obligation.warn, Obligation.id)
    .where(*_ladder())
    .order_by(Obligation.warn, Obligation.id)
    .limit(1)
    .offset(bindparam("page"))
)
_INSERT: dict[str, Any] = {"sqlite": insert_sqlite(Nudge), "postgresql": insert_postgresql(Nudge)}
_TOLD = select(Nudge.delivery_id).where(
    Nudge.obligation_id.in_(bindparam("obligations", expanding=True)), Nudge.delivery_id.is_not(None)
)
_STOP = (
    update(Delivery)
    .where(Delivery.id.in_(_TOLD), Delivery.state == "queued")
    .values(state="skipped", reason=bindparam("reason"))
    .returning(Delivery.id)
)
_GIVE_UP = (
    update(Delivery)
    .where(Delivery.state == "queued", deliveries.MOOT)
    .values(state="skipped", reason=bindparam("reason"))
    .returning(Delivery.id)
)
_RELEASE = (
    update(Nudge)
    .where(Nudge.delivery_id.in_(bindparam("deliveries", expanding=True)), Nudge.state == "told")
    .values(state="planned", delivery_id=None, decided_at=None)
)
