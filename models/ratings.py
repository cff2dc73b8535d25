"""What Internal Control thinks of a report, beside what its officer and its reviewer say. Nothing of theirs changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc
from models.people import Person, Role
from models.prepared import Prepared
from models.reports import Report
from models.reviews import Review
from models.visibility import READ_ALL
from models.visit import Visit

# What it may be: it shows what was done, in part, not at all, or that cannot be told.
RATINGS = ("meets", "partly", "fails", "unclear")


class Rating(Base):
    """One rating of one version of a report; a later one of the same auditor takes its place, and both are kept."""

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    rating: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class Judged:
    """A report with what its reviewer decided ("" and None while nobody has) and the newest rating of each auditor."""

    report_id: int
    folio: str
    state: str
    reviewer: str
    reviewed_at: datetime | None
    reason: str
    ratings: tuple[Rated, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as it is read."""

    rating: str
    note: str
    by_id: int
    by: str
    at: datetime


def rate(visit: Visit, report_id: int, rating: str, note: str) -> None:
    """Keep what an auditor thinks of a report."""
    if not visit.who.may({Role.AUDITOR}) or rating not in RATINGS:
        raise PermissionError("only Internal Control rates")
    values = {"report_id": report_id, "rating": rating, "note": note, "by_id": visit.who.id, "at": visit.now}
    visit.connection.execute(insert(Rating).values(values))


def judged(visit: Visit, report_id: int) -> Judged | None:
    """The report for those who read everything, None for others. Two statements."""
    row: Any = _JUDGED.first(visit.connection, {"report": report_id}) if visit.who.may(READ_ALL) else None
    if row is None:
        return None
    newest = {one.by_id: Rated(*one) for one in _RATINGS.rows(visit.connection, {"report": report_id})}
    return Judged(**row._asdict(), ratings=tuple(newest.values()))


_decided = (
    select(Review.id)
    .where(Review.report_id == Report.id)
    .order_by(Review.id.desc())
    .limit(1)
    .correlate(Report)
    .scalar_subquery()
)
_JUDGED = Prepared(
    select(
        Report.id.label("report_id"),
        Report.folio,
        Report.state,
        func.coalesce(Person.name, "").label("reviewer"),
        Review.at.label("reviewed_at"),
        func.coalesce(Review.reason, "").label("reason"),
    )
    .outerjoin(Review, (Review.id == _decided) & (Review.outcome != "reverted"))
    .outerjoin(Person, Person.id == Review.by_id)
    .where(Report.id == bindparam("report"))
)
_RATINGS = Prepared(
    select(Rating.rating, Rating.note, Rating.by_id, Person.name.label("by"), Rating.at)
    .join(Person, Person.id == Rating.by_id)
    .where(Rating.report_id == bindparam("report"))
    .order_by(Rating.id)
)
