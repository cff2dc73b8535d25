"""Decisions that can still be taken back: nothing has been built on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from models.obligations import Obligation
from models.offices import Office
from models.people import RUN, Person
from models.plan import Activity
from models.prepared import Prepared
from models.reports import LIVING, Report
from models.reviews import Judged, Review, own
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Decided:
    """The newest decision on a report.

    own   whether this visitor may not decide on the report
    room  how much could be reported again on its obligation; taken: whether another report has the same item by now
    """

    id: int
    report_id: int
    obligation_id: int
    folio: str
    quantity: int
    kept: int
    outcome: str
    reason: str
    by_id: int
    by: str
    author_id: int
    author: str
    number: int
    title: str
    period: str
    topic: str
    counted: str
    own: bool
    room: int
    taken: bool

    @property
    def judged(self) -> Judged:
        """What a decision needs of it."""
        return Judged(self.report_id, self.obligation_id, self.quantity, self.kept)

    @property
    def fits(self) -> bool:
        """Whether what a return took away could count again."""
        return self.outcome == "verified" or (self.quantity - self.kept <= self.room and not self.taken)


def one(visit: Visit, review_id: int = 0, report_id: int = 0) -> Decided | None:
    """The decision of this number, or the one on a report; None where it does not stand (any more)."""
    if not visit.who.may(RUN):
        return None
    row = _ONE.first(visit.connection, {**_asked(visit), "review": review_id, "report": report_id})
    return Decided(**row._asdict()) if row else None


def recent(visit: Visit) -> list[Decided]:
    """The newest ones this visitor may take back."""
    rows = _RECENT.rows(visit.connection, _asked(visit)) if visit.who.may(RUN) else []
    return [Decided(**row._asdict()) for row in rows]


def _asked(visit: Visit) -> dict[str, Any]:
    return {"me": visit.who.id, "mine": list(visit.who.offices)}


def _standing() -> Select[*tuple[Any, ...]]:
    author, counted, later, same = aliased(Person), aliased(Office), aliased(Review), aliased(Report)
    newer = select(later.id).where(later.report_id == Review.report_id, later.id > Review.id)
    taken = select(same.id).where(
        same.obligation_id == Report.obligation_id, same.item == Report.item, same.item != "",
        same.state.in_(LIVING), same.id != Report.id,
    )  # fmt: skip
    return (
        select(
            Review.id, Review.report_id, Report.obligation_id, Report.folio, Report.quantity, Report.kept,
            Review.outcome, Review.reason, Review.by_id, Person.name.label("by"), Report.author_id,
            author.name.label("author"), Activity.number, Activity.title, Obligation.period, Obligation.topic,
            func.coalesce(counted.name, "").label("counted"), own().label("own"),
            (Obligation.target - Obligation.reported).label("room"), taken.correlate(Report).exists().label("taken"),
        )
        .join(Report, (Report.id == Review.report_id) & (Report.state == Review.outcome))
        .join(Obligation, (Obligation.id == Report.obligation_id) & Obligation.withdrawn_at.is_(None))
        .join(Activity, Activity.id == Obligation.activity_id)
        .join(Person, Person.id == Review.by_id)
        .join(author, author.id == Report.author_id)
        .outerjoin(counted, counted.id == Obligation.office_id)
        .where(~newer.correlate(Review).exists())
    )  # fmt: skip


_ONE = Prepared(
    _standing()
    .where((Review.id == bindparam("review")) | (Review.report_id == bindparam("report")))
    .order_by(Review.id.desc())
    .limit(1)
)
_RECENT = Prepared(_standing().where(~own()).order_by(Review.id.desc()).limit(6))
