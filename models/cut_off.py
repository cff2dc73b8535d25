"""What a plan's obligations and reports were at a cut-off: received until one moment, decided on until another.

Evidence that came in time is often verified after the cut-off. The figures themselves are models.as_of's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from conversation.understanding import fold
from models import as_of
from models.as_of import Known
from models.audit import Entry
from models.base import Utc
from models.changes import Change
from models.figures import NOTHING, Counts
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity
from models.reports import Report
from models.reviews import Review


@dataclass(frozen=True, slots=True)
class Cut:
    """A plan with what was received `until` then (that moment too), as far as it was decided until `known`."""

    plan_id: int
    until: datetime
    known: datetime

    @property
    def params(self) -> dict[str, Any]:
        """As statements take it."""
        return {"plan": self.plan_id, "until": self.until, "known": self.known}


@dataclass(frozen=True, slots=True)
class Standing:
    """An obligation as it was known, and name and code of the office that closes it, "" where none does."""

    known: Known
    lead: str
    lead_code: str

    @property
    def number(self) -> int:
        """Its activity's."""
        return self.known.number

    @property
    def due(self) -> date:
        """The day it falls due."""
        return self.known.due

    @property
    def whose(self) -> str:
        """The office it counts for, else the one that closes it."""
        return self.known.office or self.lead

    @property
    def missing(self) -> int:
        """How much of the target had not been reported."""
        return max(0, self.known.target - self.known.reported)


def standings(connection: Connection, cut: Cut) -> list[Standing]:
    """All that was owed, by activity and code. Two statements."""
    leads = {row.obligation_id: (row.name, row.code) for row in connection.execute(_LEADS, {"plan": cut.plan_id})}
    rows = as_of.as_of(connection, cut.plan_id, cut.until, decided=cut.known)
    found = [Standing(row, *leads.get(row.id, ("", ""))) for row in rows]
    # Databases sort texts each in its own way.
    return sorted(found, key=lambda one: (one.number, fold(one.known.code)))


def total(found: Iterable[Standing], day: date) -> Counts:
    """All of them together, where what falls due up to a day counts as due."""
    return sum((one.known.counts(day) for one in found), NOTHING)


def known_reports(*, of_one: bool = False) -> Subquery:
    """The reports that had come `until` then, each in its newest version of that time, with its fate at `known`.

    id (of that version), first (of the first), obligation_id, outcome ("reported", "verified", "returned" or
    "withdrawn"), counted (how much of its target it counts for).

    of_one  only those of the parameter `obligation`, of which there are few: the plan's are not read
    """
    until, known = bindparam("until", type_=Utc), bindparam("known", type_=Utc)
    newest, newer, first, newer_review = aliased(Report), aliased(Report), aliased(Report), aliased(Review)
    mine = newest.obligation_id == bindparam("obligation", type_=Integer) if of_one else newest.plan_id == _PLAN
    # By the key of the very next version: as a range SQLite reads all that had come by then, for each report anew.
    superseded = and_(
        newest.state == "superseded",
        exists().where(
            newer.plan_id == newest.plan_id, newer.folio == newest.folio, newer.version == newest.version + 1,
            newer.received_at <= until,
        ),
    )  # fmt: skip
    last = (
        select(func.max(newer_review.id))
        .where(newer_review.report_id == newest.id, newer_review.at <= known)
        .correlate(newest)
        .scalar_subquery()
    )
    withdrawn = and_(
        newest.state == "withdrawn",
        exists().where(Entry.subject == newest.folio, Entry.action == "report.withdrawn", Entry.at <= known),
    )
    decided = case((Review.outcome.in_(("verified", "returned")), Review.outcome), else_="reported")
    outcome = case((withdrawn, "withdrawn"), else_=decided)
    counted = case((withdrawn, 0), (decided == "returned", Review.kept), else_=newest.quantity)
    return (
        select(
            newest.id.label("id"), first.id.label("first"), newest.obligation_id.label("obligation_id"),
            outcome.label("outcome"), counted.label("counted"),
        )
        .select_from(newest)
        .join(first, and_(first.plan_id == newest.plan_id, first.folio == newest.folio, first.version == 1))
        .outerjoin(Review, Review.id == last)
        .where(mine, newest.received_at <= until, ~superseded)
        .subquery("known_reports")
    )  # fmt: skip


def owed() -> ColumnElement[bool]:
    """Whether an obligation was there and had not been withdrawn at `known`."""
    still = or_(Obligation.withdrawn_at.is_(None), Obligation.withdrawn_at > bindparam("known", type_=Utc))
    return func.coalesce(_until_changed(~Change.withdrawn), still)


def due() -> ColumnElement[date]:
    """When an obligation fell due, as it was at `known`."""
    return func.coalesce(_until_changed(Change.due), Obligation.due)


def _until_changed(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """What the first change after `known` kept of an obligation; NULL where none came."""
    return (
        select(column)
        .where(Change.obligation_id == Obligation.id, Change.until > bindparam("known", type_=Utc))
        .order_by(Change.until, Change.id)
        .limit(1)
        .correlate(Obligation)
        .scalar_subquery()
    )


_PLAN = bindparam("plan", type_=Integer)
_LEADS = (
    select(Ownership.obligation_id, Office.name, Office.code)
    .join(Office, Office.id == Ownership.office_id)
    .join(Obligation, Obligation.id == Ownership.obligation_id)
    .where(Obligation.plan_id == _PLAN, Ownership.part == "lead")
)


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody said was done, in their words."""

    number: int
    folio: str
    done_on: date
    office: str
    account: str
    outcome: str


def newest_accounts(connection: Connection, cut: Cut, each: int) -> list[Account]:
    """What counts, by activity: up to `each` of what came last, the newest first."""
    rows = connection.execute(_ACCOUNTS, {**cut.params, "each": each})
    return [Account(*row) for row in rows]


def _accounts() -> Any:
    reports, led = known_reports(), aliased(Office)
    place = func.row_number().over(
        partition_by=Activity.number, order_by=(Report.done_on.desc(), Report.received_at.desc(), Report.id.desc())
    )
    found = (
        select(
            Activity.number, Report.folio, Report.done_on,
            func.coalesce(Office.name, led.name, "").label("office"), Report.account, reports.c.outcome,
            place.label("place"),
        )
        .join(reports, reports.c.id == Report.id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(Ownership, and_(Ownership.obligation_id == Obligation.id, Ownership.part == "lead"))
        .outerjoin(led, led.id == Ownership.office_id)
        .where(owed(), reports.c.counted > 0)
        .subquery()
    )  # fmt: skip
    told = [column for column in found.c if column.name != "place"]
    return (
        select(*told).where(found.c.place <= bindparam("each", type_=Integer)).order_by(found.c.number, found.c.place)
    )


_ACCOUNTS = _accounts()
