"""The statements of a summary, each for the whole plan and for some offices, built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import aliased

from models.base import Utc
from models.blockers import Blocker
from models.deliveries import Delivery
from models.events import Event
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.participation import Question
from models.people import Person
from models.plan import Activity
from models.prepared import among
from models.reports import LIVING, Report


def _ours(obligation_id: Any) -> ColumnElement[bool]:
    """Whether an obligation is led by one of the parameter `offices` or counts for it."""
    owned = select(Ownership.obligation_id).where(among(Ownership.office_id, "offices"), Ownership.part != "support")
    return obligation_id.in_(owned)  # type: ignore[no-any-return]


def _of_plan(ours: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        Obligation.plan_id == bindparam("plan", type_=Integer),
        Obligation.withdrawn_at.is_(None),
        _ours(Obligation.id) if ours else true(),
    )


def _sum(condition: ColumnElement[bool], amount: Any = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


def _done(reported: Any) -> ColumnElement[int]:
    """Units that are done when so much is reported: as in models.figures."""
    within = case((reported > Obligation.target, Obligation.target), (reported < 0, 0), else_=reported)
    return Obligation.units * within // Obligation.target


def _moved(ours: bool) -> Select[*tuple[Any, ...]]:
    """By subcomponent, or by activity. A report is of the day its first version came; its newest one counts."""
    first, newest, newer = aliased(Report), aliased(Report), aliased(Report)
    in_span = first.received_at < bindparam("until", type_=Utc)
    lives = newest.state.in_(LIVING)
    counted = case((lives, newest.quantity), else_=newest.kept)
    superseded = exists().where(
        newer.plan_id == newest.plan_id, newer.folio == newest.folio, newer.version > newest.version
    )
    came = (
        select(
            first.obligation_id,
            _sum(in_span & lives).label("reports"),
            _sum(in_span & (newest.state == "verified")).label("verified"),
            _sum(in_span & (newest.state == "returned")).label("returned"),
            _sum(in_span, counted).label("during"),
            _sum(~in_span, counted).label("after"),
        )
        .join(newest, and_(newest.plan_id == first.plan_id, newest.folio == first.folio, ~superseded))
        .where(
            first.plan_id == bindparam("plan", type_=Integer),
            first.received_at >= bindparam("since", type_=Utc),
            first.version == 1,
        )
        .group_by(first.obligation_id)
        .subquery()
    )
    at_end = Obligation.reported - came.c.after
    part = Activity.number if ours else Activity.subcomponent
    return (
        select(
            part.label("number"),
            func.sum(came.c.reports),
            func.sum(came.c.verified),
            func.sum(came.c.returned),
            func.sum(_done(at_end) - _done(at_end - came.c.during)),
        )
        .select_from(came)
        .join(Obligation, Obligation.id == came.c.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .where(*_of_plan(ours))
        .group_by(part)
    )


def _owed(ours: bool) -> Select[*tuple[Any, ...]]:
    """What is late or soon due, by the office in charge, worst first."""
    today, begun = bindparam("today", type_=Date), bindparam("begun", type_=Date)
    late = Obligation.due < today
    leads = and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead")
    missing = Obligation.units - _done(Obligation.reported)
    count, oldest = _sum(late, missing), func.min(Obligation.due)
    return (
        select(
            Office.name.label("office"), count.label("late"), oldest.label("oldest"),
            _sum(late & (Obligation.due >= begun), missing).label("overdue"), _sum(~late, missing).label("soon"),
            func.min(case((~late, Obligation.due))).label("next_due"),
        )
        .select_from(Obligation)
        .outerjoin(Ownership, leads)
        .outerjoin(Office, Office.id == Ownership.office_id)
        .where(
            *_of_plan(ours),
            Obligation.reported < Obligation.target,
            Obligation.due <= bindparam("soon", type_=Date),
        )
        .group_by(Office.name)
        .order_by(count.desc(), oldest, Office.name)
    )  # fmt: skip


def _answers(ours: bool) -> Select[*tuple[Any, ...]]:
    """What waits for a decision, by who is said to hold it up, most first."""
    against = func.coalesce(Person.name, Office.name, "")
    blocks = Blocker.kind == "blocked"
    held = func.count(case((blocks, Blocker.obligation_id)).distinct())
    since = func.min(case((blocks, Blocker.at)))
    return (
        select(
            against.label("against"), held.label("held"), since.label("since"), func.count().label("answers"),
            _sum(Blocker.at >= bindparam("since", type_=Utc)).label("new"),
        )
        .join(Obligation, Obligation.id == Blocker.obligation_id)
        .outerjoin(Person, Person.id == Blocker.blocker_id)
        .outerjoin(Office, Office.id == Blocker.office_id)
        .where(
            literal_column("blockers.outcome = ''"),  # as in the index on it
            Blocker.kind != "almost",
            Obligation.reported < Obligation.target,
            *_of_plan(ours),
        )
        .group_by(against)
        .order_by(held.desc(), since, against)
    )  # fmt: skip


def _state(ours: bool) -> Select[*tuple[Any, ...]]:
    """One row: what waits for review; what citizens asked and was not answered in time; the messages of the span that
    were lost, which are no single office's."""
    waiting = select(func.count().label("n"), func.min(Report.received_at).label("since")).where(
        Report.plan_id == bindparam("plan", type_=Integer),
        literal_column("reports.state = 'reported'"),  # as in the index on it
        _ours(Report.obligation_id) if ours else true(),
    )
    failed, unknown = _sum(Delivery.state == "failed"), _sum(Delivery.state == "unknown")
    lost = select(failed.label("failed"), unknown.label("unknown")).where(
        literal_column("deliveries.state IN ('failed', 'unknown')"),  # as in the index on it
        Delivery.created_at >= bindparam("since", type_=Utc),
        Delivery.created_at < bindparam("until", type_=Utc),
        literal_column("1 = 0") if ours else true(),
    )
    asked = (
        select(func.count().label("n"), func.min(Question.due).label("since"))
        .select_from(Question)
        .outerjoin(Event, Event.id == Question.event_id)
        .where(
            Question.answered_at.is_(None), Question.due < bindparam("today", type_=Date),
            among(Event.office_id, "offices") if ours else true(),
        )
    )  # fmt: skip
    one, other, late = waiting.subquery(), lost.subquery(), asked.subquery()
    columns = (
        one.c.n.label("waiting"), one.c.since.label("waiting_since"), other.c.failed, other.c.unknown,
        late.c.n.label("questions"), late.c.since.label("questions_since"),
    )  # fmt: skip
    return select(*columns).select_from(one.join(other, true()).join(late, true()))


# By whether they are of some offices only.
MOVED = {ours: _moved(ours) for ours in (False, True)}
OWED = {ours: _owed(ours) for ours in (False, True)}
ANSWERS = {ours: _answers(ours) for ours in (False, True)}
STATE = {ours: _state(ours) for ours in (False, True)}
