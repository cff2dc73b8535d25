"""Evidence that somebody keeps from the public because it shows personal data, until somebody shows it again.

It is kept by its content (models.evidence.Evidence.ref): the same file or link under another report, or under the next
version of this one, is kept back too. What was kept back and shown again stays to be read.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Conflict, Key, Utc, partial_index
from models.evidence import Evidence
from models.people import RUN, Role
from models.reports import Report
from models.visibility import readable
from models.visit import Visit

# Who may keep evidence back: of what they may read.
MAY = RUN | {Role.OFFICER}


class Withholding(Base):
    """evidence_id: what it was seen in, ref: its content. While it holds, `ended_at` is NULL.

    why  why it is shown again
    """

    __tablename__ = "withholdings"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    ref: Mapped[str] = mapped_column(String(2000), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    why: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (partial_index("ux_withholdings_holding", "ref", where="ended_at IS NULL", unique=True),)


# What is kept back now, by its content.
HELD = select(Withholding.ref).where(Withholding.ended_at.is_(None))


def withhold(visit: Visit, evidence_id: int) -> int:
    """It is public nowhere from here on; whose report it is in. Conflict where somebody has just done it."""
    ref, author = _theirs(visit, evidence_id)
    if ref in visit.connection.execute(HELD.where(Withholding.ref == ref)).scalars():
        raise Conflict(f"evidence {evidence_id} is kept back already")
    kept = insert(Withholding).values(
        evidence_id=evidence_id, ref=ref, by_id=visit.who.id, at=visit.now, ended_by=None, ended_at=None, why=""
    )
    visit.connection.execute(kept)
    return author


def show(visit: Visit, evidence_id: int, why: str) -> int:
    """It is treated as all other evidence again; whose report it is in. Conflict where it is not kept back.

    Whoever runs the plan may, and whoever kept it back.
    """
    ref, author = _theirs(visit, evidence_id)
    held = update(Withholding).where(Withholding.ref == ref, Withholding.ended_at.is_(None))
    if not visit.who.may(RUN):
        held = held.where(Withholding.by_id == visit.who.id)
    if not visit.connection.execute(held.values(ended_by=visit.who.id, ended_at=visit.now, why=why)).rowcount:
        raise Conflict(f"evidence {evidence_id} is not kept back, or not by them")
    return author


def acts(connection: Connection) -> int:
    """How many times something was kept back or shown again, ever."""
    return int(connection.execute(_ACTS).scalar_one())


def _theirs(visit: Visit, evidence_id: int) -> tuple[str, int]:
    """The content of evidence the visitor may read, and the author of its report."""
    row = visit.connection.execute(
        select(Evidence.ref, Report.author_id)
        .join(Report, Report.id == Evidence.report_id)
        .where(Evidence.id == evidence_id, readable(visit.who))
    ).one_or_none()
    if row is None or not visit.who.may(MAY):
        raise PermissionError("only who runs the plan or reports it keeps evidence back")
    return row.ref, row.author_id


_ACTS = select(func.count() + func.count(Withholding.ended_at)).select_from(Withholding)
