"""What citizens bring to a dialogue event: that they come, what they ask, what they propose, how they found it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc


class Attendance(Base):
    """One person at one event. `state`: coming, waiting (for a place), left, came (`checked_at`: when)."""

    __tablename__ = "attendances"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Utc)
    checked_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("event_id", "person_id"), Index("ix_attendances_state", "event_id", "state"))


class Question(Base):
    """A question to the entity, of an event or of none.

    folio   "P-2022-0001"; public: whether it may be answered where everybody reads it (never with the asker's name)
    due     the day by which it is answered
    """

    __tablename__ = "citizen_questions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    folio: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(String(1000))
    public: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(Utc)
    due: Mapped[date] = mapped_column(Date, index=True)
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)


class Proposal(Base):
    """A topic somebody wants to talk about. `state`: new, taken, declined (`reason`: what its proposer was told)."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    decided_by: Mapped[int | None] = mapped_column(Key)  # no foreign key: SQLite adds none to a table that is there
    decided_at: Mapped[datetime | None] = mapped_column(Utc)


class Survey(Base):
    """What somebody who came thought of it: two marks from 1 to 5, and what should change."""

    __tablename__ = "surveys"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    clear: Mapped[int]
    heard: Mapped[int]
    comment: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("event_id", "person_id"),)
