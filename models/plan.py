"""The plan as it was imported, its activities, and the decisions taken on how rows are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc, partial_index
from plans.calendar import Calendar
from plans.terms import LADDER, RETURNS


class Plan(Base):
    """One plan. `document` is the whole reading as JSON: obligations are worked out from it again after a decision."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    entity: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    year: Mapped[int]
    source_name: Mapped[str] = mapped_column(String(200))
    source_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    imported_at: Mapped[datetime] = mapped_column(Utc)


class Activity(Base):
    """One row of the plan; `place` tells whether its reports say where it happened."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]
    subcomponent: Mapped[int]
    subcomponent_title: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[bool]

    __table_args__ = (UniqueConstraint("plan_id", "number"),)


class Decision(Base):
    """How a row is counted, decided by a person: the options at that time, the choice, why, and what it changed.

    applied_at  when what is owed followed it; until then it waits for the clock (models.following)
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    number: Mapped[int]
    choice: Mapped[str] = mapped_column(String(60))
    options: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str]
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(Utc)
    added: Mapped[int]
    removed: Mapped[int]
    applied_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (partial_index("ix_decisions_waiting", "id", where="applied_at IS NULL"),)


@dataclass(frozen=True, slots=True)
class Timetable:
    """What the clock needs of a plan. `steps`: the ladder of nudges, business days from the deadline."""

    plan_id: int
    slug: str
    calendar: Calendar
    steps: tuple[int, ...]
    cutoffs: tuple[date, ...]


def returns(connection: Connection, plan_id: int) -> tuple[str, ...]:
    """The reasons a plan offers to whoever returns a report; those imported before there were any have the usual."""
    document = connection.execute(select(Plan.document).where(Plan.id == plan_id)).scalar_one()
    return tuple(document.get("returns", RETURNS))


def timetables(connection: Connection) -> list[Timetable]:
    """Every plan's; one imported before plans had a ladder has the usual one."""
    return [_timetable(row) for row in connection.execute(_DOCUMENTS.order_by(Plan.id))]


def timetable(connection: Connection) -> Timetable | None:
    """The current plan's."""
    row = connection.execute(_DOCUMENTS.order_by(Plan.year.desc(), Plan.id.desc()).limit(1)).one_or_none()
    return _timetable(row) if row else None


def _timetable(row: Any) -> Timetable:
    return Timetable(
        row.id, row.slug, Calendar(frozenset(map(date.fromisoformat, row.document["holidays"]))),
        tuple(row.document.get("nudges", LADDER)), tuple(map(date.fromisoformat, row.document.get("cutoffs", ()))),
    )  # fmt: skip


_DOCUMENTS = select(Plan.id, Plan.slug, Plan.document)
