"""Which step of its ladder each open obligation has reached today, and for whom it is to be planned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Integer,
    Select,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import aliased

from models.base import Utc
from models.blockers import passed_on
from models.leaves import away
from models.nudges import ASKED, Nudge
from models.obligations import Obligation, Ownership, Precedence, asked_from, ladder_day
from models.people import Membership, Role
from plans.calendar import Calendar

# Obligations looked at in one transaction.
PAGE = 4000
START, LAST = (date.min, 0), 2**31 - 1


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


def pages(connection: Connection, far: Reached) -> list[Page]:
    """The open obligations on which a step may have come. Reads only."""
    if not far.bounds:
        return []
    until = far.bounds[-1][1]
    asked = {"plan": far.plan_id, **_range(Page(START, (until, LAST))), "page": PAGE}
    ends = [(row.warn, row.id) for row in connection.execute(_ENDS, asked)]
    return [Page(*ends) for ends in pairwise([START, *ends, (until, LAST)])]


def lacks(connection: Connection, far: Reached, page: Page) -> bool:
    """Whether anything is to be planned on a page. Reads only."""
    _by_index(connection)
    return connection.execute(_some(far.steps), _asked(far, page)).first() is not None


def derive(connection: Connection, far: Reached, page: Page, now: datetime) -> bool:
    """Plan the latest step that has come for each open obligation of the page; whether there was any.

    It is for the officers of the office that leads it; where none is at work, or only some from whom it passed to a
    colleague, for the coordinators; at the last step also for the office's heads and the coordinators. Earlier steps
    that were missed are left out.
    """
    _by_index(connection)
    planned = connection.execute(_adding(far.steps)[connection.dialect.name], {**_asked(far, page), "now": now})
    if connection.dialect.name == "sqlite":  # its driver counts no rows of what begins with WITH
        return bool(connection.execute(text("SELECT changes()")).scalar_one())
    return planned.rowcount > 0


def _by_index(connection: Connection) -> None:
    """Have PostgreSQL look everything up, however few rows it believes there are: it learns late how many came."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))


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
    return {
        name: insert.from_select(into, rows).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        for name, insert in _INSERT.items()
    }


def _missing(steps: tuple[int, ...]) -> CompoundSelect[*tuple[Any, ...]]:
    """(obligation_id, person_id, warn, step, escalated) that the open obligations of a page still lack."""
    due = _page(steps).cte("due")
    runs = select(Membership.person_id).where(*_at_work(Membership, Role.COORDINATOR)).distinct().cte("runs")
    officer, head, colleague = aliased(Membership), aliased(Membership), aliased(Membership)
    last = due.c.step == steps[0]
    theirs = (colleague.office_id == due.c.lead, ~passed_on(due.c.id, colleague.person_id))
    staffed = exists().where(*theirs, *_at_work(colleague, Role.OFFICER)).correlate(due)

    def lacking(person_id: Any, escalated: bool) -> Select[*tuple[Any, ...]]:
        # Counted for each: as EXISTS it may be answered by reading all there are, for each page of them.
        known = select(func.count()).where(
            Nudge.obligation_id == due.c.id, Nudge.person_id == person_id, Nudge.warn == due.c.warn,
            Nudge.step.between(due.c.step, ASKED),
        ).correlate_except(Nudge).scalar_subquery()  # fmt: skip
        flag = true() if escalated else false()
        columns = (due.c.id.label("obligation_id"), person_id, due.c.warn, due.c.step, flag.label("escalated"))
        return select(*columns).select_from(due).where(known == 0)

    ours = lacking(officer.person_id, False).join(officer, officer.office_id == due.c.lead)
    heads = lacking(head.person_id, True).join(head, head.office_id == due.c.lead)
    return union_all(
        ours.where(*_at_work(officer, Role.OFFICER)),
        heads.where(*_at_work(head, Role.HEAD), last),
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
    # Not a join, for which PostgreSQL may read all ownerships for each page.
    lead = select(func.max(Ownership.office_id)).where(
        Ownership.obligation_id == Obligation.id, Ownership.part == "lead"
    ).scalar_subquery()  # fmt: skip
    return select(Obligation.id, day.label("warn"), step.label("step"), lead.label("lead")).where(
        *_ladder(), asked_from() <= bindparam("today", type_=Date), ~blocked, come[-1]
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


_PLACED = (
    select(Obligation.warn, Obligation.id, func.row_number().over(order_by=(Obligation.warn, Obligation.id)).label("n"))
    .where(*_ladder())
    .subquery()
)
_ENDS = (
    select(_PLACED.c.warn, _PLACED.c.id)
    .where(_PLACED.c.n % bindparam("page", type_=Integer) == 0)
    .order_by(_PLACED.c.warn, _PLACED.c.id)
)
_INSERT: dict[str, Any] = {"sqlite": insert_sqlite(Nudge), "postgresql": insert_postgresql(Nudge)}
