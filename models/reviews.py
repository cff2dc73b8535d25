"""Reviews: what somebody else than its author decides on a report. A decision is never changed: another takes it back.

Whether a visitor may decide on a report is part of every statement here that finds or moves one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models import obligations
from models.base import Base, Conflict, Key, Utc
from models.obligations import Ownership
from models.people import RUN, Role
from models.prepared import Prepared, among
from models.reports import Report
from models.visit import Visit

Outcome = Literal["verified", "returned", "reverted"]
Part = Literal["", "evidence", "account", "day", "quantity"]
# Who may see what waits for review; who may decide on it: RUN.
SEE = RUN | {Role.AUDITOR}


class Review(Base):
    """One decision on one version of a report.

    outcome      verified, returned, or reverted: it takes back `undoes_id`, and the report waits for review again
    part         what of it is returned: "" all of it, account, day, quantity, or evidence, one piece (`evidence_id`)
    reason       what the author reads
    kept         of a returned one, how much of the report counts all the same
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(8))
    part: Mapped[str] = mapped_column(String(8))
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    reason: Mapped[str] = mapped_column(String(500))
    kept: Mapped[int] = mapped_column(default=0, server_default="0")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("undoes_id"),)


@dataclass(frozen=True, slots=True)
class Judged:
    """The report a decision is about, as it was read. `kept`: what of a returned one counts all the same."""

    id: int
    obligation_id: int
    quantity: int
    kept: int = 0


def verify(visit: Visit, report: Judged) -> int:
    """It counts officially from here on; the number of the decision. Conflict where somebody was faster."""
    _move(visit, report, "reported", "verified")
    obligations.count_up(visit.connection, report.obligation_id, 0, report.quantity)
    return _keep(visit, report, "verified")


def verify_all(visit: Visit, reports: Sequence[Judged]) -> None:
    """Several at once, all or none."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan decides")
    if _VERIFY.run(visit.connection, {**_visitor(visit), "reports": [one.id for one in reports]}) < len(reports):
        raise Conflict("somebody else decided on one of them")
    counted: Counter[int] = Counter()
    for one in reports:
        counted[one.obligation_id] += one.quantity
    obligations.count_verified(visit.connection, counted)
    _ADD_MANY.many(visit.connection, [_row(visit, one, "verified") for one in reports])


def give_back(
    visit: Visit, report: Judged, reason: str, part: Part, evidence_id: int | None, again: date
) -> int:  # fmt: skip
    """Its author is to put it right, and until then only `kept` of it counts; the number of the decision.

    `again`: the day from which on the clock asks for it. Conflict where somebody was faster.
    """
    _move(visit, report, "reported", "returned", report.kept)
    obligations.count_up(visit.connection, report.obligation_id, report.kept - report.quantity, 0, again)
    return _keep(visit, report, "returned", reason=reason, part=part, evidence_id=evidence_id)


def revert(visit: Visit, report: Judged, was: str, review_id: int, reason: str) -> int:
    """Take a decision back: the report waits for review again; the number of this decision. Conflict where something
    changed meanwhile.
    """
    _move(visit, report, was, "reported")
    verified = was == "verified"
    back = 0 if verified else report.quantity - report.kept
    obligations.count_up(visit.connection, report.obligation_id, back, -report.quantity if verified else 0)
    return _keep(visit, report, "reverted", reason=reason, undoes_id=review_id)


def own(report: type[Report] = Report) -> ColumnElement[bool]:
    """Whether the visitor (parameters of `_visitor`) wrote a report, or reports for an office it concerns."""
    theirs = exists().where(Ownership.obligation_id == report.obligation_id, among(Ownership.office_id, "mine"))
    return or_(report.author_id == bindparam("me"), theirs.correlate(report))


def _visitor(visit: Visit) -> dict[str, Any]:
    return {"me": visit.who.id, "mine": list(visit.who.offices)}


def _move(visit: Visit, report: Judged, was: str, to: str, kept: int = 0) -> None:
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan decides")
    asked = {**_visitor(visit), "report": report.id, "was": was, "state": to, "kept": kept}
    if not _MOVE.run(visit.connection, asked):
        raise Conflict(f"report {report.id} is no longer {was}, or not theirs to decide on")


def _keep(visit: Visit, report: Judged, outcome: Outcome, **values: Any) -> int:
    return int(_ADD.first(visit.connection, _row(visit, report, outcome, **values)).id)


def _row(visit: Visit, report: Judged, outcome: Outcome, **values: Any) -> dict[str, Any]:
    return {
        "report_id": report.id, "outcome": outcome, "part": "", "evidence_id": None, "reason": "", "undoes_id": None,
        "kept": report.kept if outcome == "returned" else 0,
        "by_id": visit.who.id, "at": visit.now, **values,
    }  # fmt: skip


_MOVE = Prepared(
    update(Report)
    .where(Report.id == bindparam("report"), Report.state == bindparam("was"), ~own())
    .values(state=bindparam("state"), kept=bindparam("kept"))
)
_VERIFY = Prepared(
    update(Report)
    .where(among(Report.id, "reports"), literal_column("reports.state = 'reported'"), ~own())
    .values(state="verified")
)
_ADD_MANY = Prepared(insert(Review))
_ADD = Prepared(insert(Review).returning(Review.id))
