"""What was decided on a report, for those who answer for it: who, when, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, true

from models.figures import NEWEST
from models.obligations import Ownership
from models.people import Person, Role
from models.reports import Report
from models.reviews import Review
from models.visibility import READ_ALL
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Decision:
    """One review, as in models.reviews; `by`: who decided, `version`: which of the report."""

    outcome: str
    part: str
    reason: str
    by: str
    at: datetime
    version: int


def history(visit: Visit, folio: str) -> list[Decision]:
    """The decisions on a report of the current plan, oldest first; none for who may not know. One statement."""
    rows = visit.connection.execute(_decisions(visit).where(Report.folio == folio))
    return [Decision(*row) for row in rows]


def office_of(visit: Visit, folio: str) -> int | None:
    """In whose name the visitor may have the files of a report: an office of theirs that it concerns, 0 where they read
    everything; None where they may not. One statement."""
    if visit.who.may(READ_ALL):
        found = select(Report.id).where(Report.plan_id == NEWEST, Report.folio == folio).limit(1)
        return 0 if visit.connection.execute(found).first() else None
    mine = (
        select(Ownership.office_id)
        .join(Report, Report.obligation_id == Ownership.obligation_id)
        .where(Report.plan_id == NEWEST, Report.folio == folio, _theirs(visit))
        .order_by(Ownership.office_id)
        .limit(1)
    )
    return visit.connection.execute(mine).scalar_one_or_none()


def _theirs(visit: Visit) -> ColumnElement[bool]:
    """Whether an Ownership is of an office the visitor reports for."""
    return Ownership.office_id.in_(list(visit.who.offices)) if Role.OFFICER in visit.who.roles else false()


def _decisions(visit: Visit) -> Select[*tuple[Any, ...]]:
    concerned = select(Ownership.obligation_id).where(_theirs(visit))
    return (
        select(Review.outcome, Review.part, Review.reason, Person.name, Review.at, Report.version)
        .join(Report, Report.id == Review.report_id)
        .join(Person, Person.id == Review.by_id)
        .where(Report.plan_id == NEWEST, true() if visit.who.may(READ_ALL) else Report.obligation_id.in_(concerned))
        .order_by(Review.id)
    )
