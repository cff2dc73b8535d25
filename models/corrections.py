"""Reports their author may still correct, with what the obligation behind them allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from models.evidence import Evidence
from models.obligations import Obligation
from models.people import Person
from models.prepared import Prepared
from models.reports import LIVING, Report, Version, versions
from models.reviews import Review
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Correctable:
    """A report that nobody has reviewed, or that was returned.

    starts, room  first day of its period; the most it may count
    by, reason    who returned it and why, "" where nobody did
    part, evidence_id, kind, number  what of it was returned (models.reviews.Review); a piece of evidence by its place
    """

    version: Version
    starts: date
    room: int
    by: str = ""
    reason: str = ""
    part: str = ""
    evidence_id: int | None = None
    kind: str = ""
    number: int = 0


def recent(visit: Visit, limit: int = 8) -> list[Correctable]:
    """The person's own reports that may be corrected: the returned ones, then the newest."""
    rows = _RECENT.rows(visit.connection, {"me": visit.who.id, "most": limit})
    return [Correctable(Version(*row[:_COLUMNS]), *row[_COLUMNS:]) for row in rows]


# As in the index on it.
_OPEN: ColumnElement[bool] = literal_column("reports.state IN ('reported', 'returned')")


def _recent() -> Select[*tuple[tuple[object, ...], ...]]:
    newest, before, same = aliased(Review), aliased(Evidence), aliased(Report)
    decided = select(func.max(newest.id)).where(newest.report_id == Report.id).correlate(Report).scalar_subquery()
    place = select(func.count()).where(before.report_id == Report.id, before.id <= Review.evidence_id)
    # What is missing was reported anew meanwhile: the returned one is not needed any more.
    taken = select(same.id).where(
        same.obligation_id == Report.obligation_id, same.item == Report.item, same.item != "", same.state.in_(LIVING)
    )
    counted = case((Report.state == "returned", Report.kept), else_=Report.quantity)
    room = Obligation.target - Obligation.reported + counted
    wanted = and_(
        Report.state == "returned", room > Report.kept, Obligation.withdrawn_at.is_(None),
        ~taken.correlate(Report).exists(),
    )  # fmt: skip
    return (
        versions()
        .add_columns(
            Obligation.starts, room, func.coalesce(Person.name, ""), func.coalesce(Review.reason, ""),
            func.coalesce(Review.part, ""), Review.evidence_id, func.coalesce(Evidence.kind, ""),
            place.correlate(Report, Review).scalar_subquery(),
        )
        .join(Obligation, Obligation.id == Report.obligation_id)
        .outerjoin(Review, and_(Report.state == "returned", Review.id == decided))
        .outerjoin(Person, Person.id == Review.by_id)
        .outerjoin(Evidence, Evidence.id == Review.evidence_id)
        .where(Report.author_id == bindparam("me"), _OPEN, or_(Report.state == "reported", wanted))
        .order_by(case((Report.state == "returned", 0), else_=1), Report.id.desc())
        .limit(bindparam("most"))
    )  # fmt: skip


_COLUMNS = len(Version.__dataclass_fields__)
_RECENT = Prepared(_recent())
