"""Reminders that somebody who runs the plan asks for: planned like those of the clock, which writes one message a day.

So none goes out at night, to who is away or wants no messages, twice in a day, or about what is reported meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import aliased

from models.blockers import resting
from models.deliveries import Delivery
from models.figures import NEWEST, Scope, narrowed
from models.leaves import away
from models.nudges import ASKED, PLANNED, Nudge
from models.obligations import Obligation, Ownership, Precedence, asked_from, ladder_day
from models.offices import Office
from models.people import RUN, WRITTEN_TO, Contact, Membership, Person, Role
from models.plan import Activity
from models.visit import Visit

TAKEN_BACK = "la coordinación lo retiró"


@dataclass(frozen=True, slots=True)
class Debt:
    """An obligation that an officer owes. warn: the day its ladder counts from."""

    obligation_id: int
    number: int
    title: str
    period: str
    due: date
    warn: date


@dataclass(frozen=True, slots=True)
class Debtor:
    """An officer and what they owe, the oldest first.

    heard    whether they were written to today, and so have to wait for another day
    reached  whether there is a chat to write to
    """

    id: int
    name: str
    office: str
    heard: bool
    reached: bool
    debts: tuple[Debt, ...]


def debtors(visit: Visit, scope: Scope, late_only: bool, begins: datetime) -> list[Debtor]:
    """Who owes what of a scope, most first; the day `begins` then. For who runs the plan; one statement.

    Those who are on leave or asked to wait are left out, and what has to wait for another activity.
    """
    if not visit.who.may(RUN):
        return []
    asked = {"today": visit.today, "day": begins}
    found: dict[int, tuple[Any, list[Debt]]] = {}
    for row in visit.connection.execute(_debts(scope, late_only), asked):
        debt = Debt(row.obligation_id, row.number, row.title, row.period, row.due, row.warn)
        debts = found.setdefault(row.id, (row, []))[1]
        if debt not in debts:  # who reports for several offices
            debts.append(debt)
    everyone = [
        Debtor(row.id, row.name, row.office, row.heard > 0, row.reached > 0, tuple(debts))
        for row, debts in found.values()
    ]
    return sorted(everyone, key=lambda one: -len(one.debts))


def remind(visit: Visit, some: Sequence[Debtor]) -> None:
    """Plan a reminder of all they owe, for today or, where they were written to today, for the next day. One statement.

    What was asked for that day already is not asked for twice.
    """
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan reminds")
    today = ASKED + visit.today.toordinal()
    rows = [
        {
            "obligation_id": debt.obligation_id, "person_id": one.id, "warn": debt.warn,
            "step": today + one.heard,
            "escalated": False, "state": "planned", "reason": "", "planned_at": visit.now,
        }
        for one in some
        for debt in one.debts
    ]  # fmt: skip
    visit.connection.execute(_KEEP[visit.connection.dialect.name], rows)


def take_back(visit: Visit) -> int:
    """Reminders that were asked for and have not gone out will not; to how many people."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan reminds")
    rows = visit.connection.execute(_TAKE_BACK, {"reason": TAKEN_BACK, "now": visit.now}).scalars()
    return len(set(rows))


def _debts(scope: Scope, late_only: bool) -> Select[*tuple[Any, ...]]:
    before = aliased(Obligation)
    blocked = exists().where(
        Precedence.obligation_id == Obligation.id, before.activity_id == Precedence.activity_id,
        before.withdrawn_at.is_(None), before.reported < before.target,
    )  # fmt: skip
    today = bindparam("today", type_=Obligation.due.type)
    heard = select(func.count()).where(
        Delivery.person_id == Person.id, Delivery.kind == "nudge", Delivery.created_at >= bindparam("day"),
        Delivery.state != "skipped",
    )  # fmt: skip
    reached = select(func.count()).where(Contact.person_id == Person.id, WRITTEN_TO)
    return (
        select(
            Person.id, Person.name, Office.name.label("office"), Obligation.id.label("obligation_id"), Activity.number,
            Activity.title, Obligation.period, Obligation.due, ladder_day().label("warn"),
            heard.correlate(Person).scalar_subquery().label("heard"),
            reached.correlate(Person).scalar_subquery().label("reached"),
        )
        .select_from(Obligation)
        .join(Activity, Activity.id == Obligation.activity_id)
        .join(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .join(Office, Office.id == Ownership.office_id)
        .join(
            Membership,
            and_(
                Membership.office_id == Ownership.office_id, Membership.role == Role.OFFICER, Membership.until.is_(None)
            ),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Obligation.plan_id == NEWEST, Obligation.withdrawn_at.is_(None), Obligation.reported < Obligation.target,
            Obligation.due < today if late_only else asked_from() <= today, ~blocked, ~away(Person.id),
            ~resting(Obligation.id, Person.id), *narrowed(scope),
        )
        .order_by(Obligation.due, Activity.number, Obligation.code, Person.name)
    )  # fmt: skip


_AGAIN: dict[str, Any] = {
    "index_elements": ["obligation_id", "person_id", "warn", "step"],
    "set_": {"state": "planned", "reason": "", "decided_at": None},
    "where": (Nudge.state == "skipped") & (Nudge.reason == TAKEN_BACK),
}
_KEEP: dict[str, Any] = {
    "sqlite": insert_sqlite(Nudge).on_conflict_do_update(**_AGAIN),
    "postgresql": insert_postgresql(Nudge).on_conflict_do_update(**_AGAIN),
}
_TAKE_BACK = (
    update(Nudge)
    .where(PLANNED, Nudge.step > ASKED)
    .values(state="skipped", reason=bindparam("reason"), decided_at=bindparam("now"))
    .returning(Nudge.person_id)
)
