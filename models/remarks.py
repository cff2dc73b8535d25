"""Remarks on what is owed or on a report of it: a coordinator's comment, a finding of Internal Control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, String, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Conflict, Key, Utc
from models.obligations import Obligation
from models.people import RUN, Person, Role
from models.reports import Report
from models.visibility import READ_ALL
from models.visit import Visit

Kind = Literal["comment", "finding"]
# Who writes which.
WRITES = {"comment": RUN, "finding": frozenset({Role.AUDITOR})}


class Remark(Base):
    """`report_id` NULL: it is about the obligation. `ended_at`: when its author took it back; it stays to be read."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    text: Mapped[str] = mapped_column(String(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class Remarked:
    """A remark as it is read. `folio`: "" where it is about the obligation; ended: whether it was taken back."""

    id: int
    kind: Kind
    code: str
    folio: str
    text: str
    by_id: int
    by: str
    at: datetime
    ended: bool


def add(visit: Visit, kind: Kind, obligation_id: int, report_id: int | None, text: str) -> int:
    """Keep a remark and return its number."""
    if not visit.who.may(WRITES[kind]):
        raise PermissionError(f"not theirs to write: {kind}")
    added = insert(Remark).values(
        kind=kind, obligation_id=obligation_id, report_id=report_id, text=text, by_id=visit.who.id, at=visit.now
    )
    return visit.connection.execute(added.returning(Remark.id)).scalar_one()


def one(visit: Visit, number: int) -> Remarked | None:
    """A remark, for those who read everything."""
    wanted = _REMARKS.where(Remark.id == number)
    row: Any = visit.connection.execute(wanted).first() if visit.who.may(READ_ALL) else None
    return Remarked(*row) if row else None


def latest(visit: Visit, kind: Kind, most: int) -> list[Remarked]:
    """The newest ones, for those who read everything."""
    if not visit.who.may(READ_ALL):
        return []
    asked = {"kind": kind, "most": most}
    rows: Sequence[Any] = visit.connection.execute(_LATEST, asked).all()
    return [Remarked(*row) for row in rows]


def take_back(visit: Visit, number: int) -> None:
    """Its author takes it back. Conflict where it is not theirs, or was taken back."""
    theirs = update(Remark).where(Remark.id == number, Remark.by_id == visit.who.id, Remark.ended_at.is_(None))
    if visit.connection.execute(theirs.values(ended_at=visit.now)).rowcount == 0:
        raise Conflict(f"remark {number} is not theirs to take back")


_REMARKS = (
    select(
        Remark.id, Remark.kind, Obligation.code, func.coalesce(Report.folio, ""), Remark.text, Remark.by_id,
        Person.name, Remark.at, Remark.ended_at.is_not(None),
    )
    .join(Obligation, Obligation.id == Remark.obligation_id)
    .join(Person, Person.id == Remark.by_id)
    .outerjoin(Report, Report.id == Remark.report_id)
)  # fmt: skip
_LATEST = _REMARKS.where(Remark.kind == bindparam("kind")).order_by(Remark.id.desc()).limit(bindparam("most"))
