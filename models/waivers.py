"""Waivers: an obligation that whoever runs the plan took off, by which act and why. Taken back, it is owed again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models import changes
from models.base import Base, Conflict, Key, Utc, partial_index
from models.obligations import Obligation
from models.people import RUN
from models.visit import Visit


class Waiver(Base):
    """act: the administrative act behind it. While it holds, `ended_at` is NULL; `why`: why it was taken back.

    ended_by  NULL also where the plan itself does not ask for the obligation any more
    """

    __tablename__ = "waivers"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    reason: Mapped[str] = mapped_column(String(500))
    act: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    why: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (partial_index("ux_waivers_holding", "obligation_id", where="ended_at IS NULL", unique=True),)


# The obligations that are waived now.
WAIVED = select(Waiver.obligation_id).where(Waiver.ended_at.is_(None))


def waive(visit: Visit, obligation_id: int, reason: str, act: str) -> None:
    """It is not owed from here on. Conflict where it is not owed any more. Four statements with `changes`."""
    _may(visit)
    changes.note(visit.connection, [obligation_id], visit.now, "waiver")
    owed = update(Obligation).where(Obligation.id == obligation_id, Obligation.withdrawn_at.is_(None))
    if visit.connection.execute(owed.values(withdrawn_at=visit.now)).rowcount == 0:
        raise Conflict(f"obligation {obligation_id} is not owed")
    visit.connection.execute(
        insert(Waiver).values(
            obligation_id=obligation_id, reason=reason, act=act, by_id=visit.who.id, at=visit.now, why=""
        )
    )


def restore(visit: Visit, obligation_id: int, why: str) -> None:
    """It is owed again. Conflict where it is not waived."""
    _may(visit)
    held = update(Waiver).where(Waiver.obligation_id == obligation_id, Waiver.ended_at.is_(None))
    if visit.connection.execute(held.values(ended_by=visit.who.id, ended_at=visit.now, why=why)).rowcount == 0:
        raise Conflict(f"obligation {obligation_id} is not waived")
    changes.note(visit.connection, [obligation_id], visit.now, "waiver")
    visit.connection.execute(update(Obligation).where(Obligation.id == obligation_id).values(withdrawn_at=None))


def lapse(connection: Connection, obligation_ids: Collection[int], now: datetime) -> None:
    """The plan does not ask for these any more, so nothing is left to waive."""
    if obligation_ids:
        held = update(Waiver).where(Waiver.obligation_id.in_(obligation_ids), Waiver.ended_at.is_(None))
        connection.execute(held.values(ended_at=now, why="el plan ya no lo pide"))


def _may(visit: Visit) -> None:
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan waives")
