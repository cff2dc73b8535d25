"""Obligations and reports as those who act on any of them look them up: by code, by folio, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select

from models.figures import NEWEST, Scope, narrowed
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership, Person, Role
from models.plan import Activity
from models.reports import Report
from models.visibility import READ_ALL
from models.visit import Visit
from models.waivers import WAIVED


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation, and the report of it that is meant where one is ("" and 0 for none).

    office    the one it counts for, "" the entity; lead_id, lead: the one in charge, None and "" for nobody
    officers  who reports for that one
    waived    taken off by a waiver; withdrawn: not owed any more, for this or another reason
    """

    id: int
    plan_id: int
    code: str
    number: int
    title: str
    period: str
    topic: str
    office: str
    due: date
    target: int
    reported: int
    withdrawn: bool
    waived: bool
    lead_id: int | None
    lead: str
    officers: tuple[int, ...]
    report_id: int = 0
    folio: str = ""
    author_id: int = 0
    author: str = ""


def by_id(visit: Visit, obligation_id: int, report_id: int = 0) -> Owed | None:
    """The obligation and the report of these numbers, for those who read everything."""
    if report_id:
        return _first(visit, _reported().where(Report.id == report_id, Obligation.id == obligation_id))
    return _first(visit, _owed().where(Obligation.id == obligation_id))


def by_code(visit: Visit, code: str) -> Owed | None:
    """The obligation of this code in the current plan, for those who read everything."""
    return _first(visit, _owed().where(Obligation.plan_id == NEWEST, Obligation.code == code.upper()))


def by_folio(visit: Visit, folio: str) -> Owed | None:
    """The newest version of the report of this folio in the current plan, for those who read everything."""
    wanted = _reported().where(Report.plan_id == NEWEST, Report.folio == folio.upper())
    return _first(visit, wanted.order_by(Report.version.desc()).limit(1))


def about(visit: Visit, scope: Scope, open_only: bool, most: int) -> list[Owed]:
    """The first obligations of a scope by day, `open_only`: that are owed and not reported; for who reads all."""
    if not visit.who.may(READ_ALL):
        return []
    still: tuple[ColumnElement[bool], ...] = ()
    if open_only:
        still = (Obligation.withdrawn_at.is_(None), Obligation.reported < Obligation.target)
    wanted = _owed().where(Obligation.plan_id == NEWEST, *narrowed(scope), *still)
    rows = visit.connection.execute(wanted.order_by(Obligation.due, Obligation.code).limit(most))
    return [_read(row) for row in rows]


def _first(visit: Visit, wanted: Select[*tuple[Any, ...]]) -> Owed | None:
    row = visit.connection.execute(wanted).first() if visit.who.may(READ_ALL) else None
    return _read(row) if row else None


def _read(row: Any) -> Owed:
    values = dict(row._mapping)
    values["officers"] = tuple(map(int, values["officers"].split()))
    return Owed(**values)


_OFFICERS = (
    select(func.aggregate_strings(cast(Membership.person_id, String), " "))
    .where(Membership.office_id == Ownership.office_id, Membership.role == Role.OFFICER, Membership.until.is_(None))
    .correlate(Ownership)
    .scalar_subquery()
)


def _owed() -> Select[*tuple[Any, ...]]:
    counted, lead = Office.__table__.alias("counted"), Office.__table__.alias("lead_office")
    return (
        select(
            Obligation.id, Obligation.plan_id, Obligation.code, Activity.number, Activity.title, Obligation.period,
            Obligation.topic, func.coalesce(counted.c.name, "").label("office"), Obligation.due, Obligation.target,
            Obligation.reported, Obligation.withdrawn_at.is_not(None).label("withdrawn"),
            Obligation.id.in_(WAIVED).label("waived"), Ownership.office_id.label("lead_id"),
            func.coalesce(lead.c.name, "").label("lead"), func.coalesce(_OFFICERS, "").label("officers"),
        )
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(counted, counted.c.id == Obligation.office_id)
        .outerjoin(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .outerjoin(lead, lead.c.id == Ownership.office_id)
    )  # fmt: skip


def _reported() -> Select[*tuple[Any, ...]]:
    return (
        _owed()
        .add_columns(Report.id.label("report_id"), Report.folio, Report.author_id, Person.name.label("author"))
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Person, Person.id == Report.author_id)
    )
