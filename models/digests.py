"""What was announced of an event, and what waits for those who want one message a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc, partial_index


class Announcement(Base):
    """One thing said of one event to all it concerns.

    kind         call, change, cancellation, reminder, conclusions
    version      that of the event it speaks of: said of an older one it is moot
    details      what it tells beside the event: {"before": the columns that changed, as they were}
    planned_at   when the obligations were brought in line with it
    finished_at  when everybody it concerns had it queued: after a crash it is queued again, and nobody gets it twice
    """

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    planned_at: Mapped[datetime | None] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("event_id", "kind", "version"),)


class DigestLine(Base):
    """An announcement kept for a person's one message a day; `delivery_id` is that message."""

    __tablename__ = "digest_lines"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (partial_index("ix_digest_lines_untold", "person_id", where="delivery_id IS NULL"),)
