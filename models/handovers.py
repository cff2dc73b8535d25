"""Handovers: an obligation that somebody who runs the plan gave to another office to lead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from models import cases
from models.base import Base, Key, Utc
from models.people import RUN
from models.visit import Visit


class Handover(Base):
    """From `at` on the office leads the obligation, whatever the plan says; the newest one counts."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)


def hand_over(visit: Visit, obligation_ids: Collection[int], office_id: int, reason: str) -> None:
    """From here on this office leads these obligations. Three statements."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan hands over")
    kept = {"office_id": office_id, "reason": reason, "by_id": visit.who.id, "at": visit.now}
    visit.connection.execute(insert(Handover), [{"obligation_id": one, **kept} for one in obligation_ids])
    cases.lead(visit.connection, dict.fromkeys(obligation_ids, office_id))
