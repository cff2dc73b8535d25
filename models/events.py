"""Dialogue events: what took place where and when, from which obligations follow (row 15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Double, ForeignKey, String, Text, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc
from models.offices import Office
from plans.obligations import Event as PlannedEvent

# States of events that people may hear of, and of those from which obligations follow.
PUBLIC = ("announced", "changed", "cancelled", "held")
COUNTING = ("announced", "changed", "held")


class Event(Base):
    """An event of one office, or of the entity where there is none. `key` names it in codes: "E0001".

    kind             a code of plans/dialogue.yaml, "" where nobody said
    state            proposed, announced, changed (and announced anew), cancelled, held; declined where nobody approved
    municipality     its DANE code; lat, lng: degrees, WGS 84
    prior_report     its link or the folio of the report that came before the dialogue
    groups           codes of value groups
    version          counts what was announced: a reminder of an older one is moot
    proposed_change  {"kind": change or cancellation, "values", "note", "by", "at"}, until a second person decides
    checkin_code     six digits, shown at the place
    proposed_conclusions  what came of it and was promised, until a second person decides (models.concluding)
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    key: Mapped[str] = mapped_column(String(12))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    title: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    kind: Mapped[str] = mapped_column(String(24), default="")
    state: Mapped[str] = mapped_column(String(12), default="held")
    starts_at: Mapped[datetime | None] = mapped_column(Utc)
    ends_at: Mapped[datetime | None] = mapped_column(Utc)
    municipality: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float | None] = mapped_column(Double)
    lng: Mapped[float | None] = mapped_column(Double)
    link: Mapped[str] = mapped_column(String(300), default="")
    transport: Mapped[str] = mapped_column(String(300), default="")
    prior_report: Mapped[str] = mapped_column(String(300), default="")
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    capacity: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=0)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposed_change: Mapped[dict[str, Any] | None] = mapped_column(Json)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    announced_at: Mapped[datetime | None] = mapped_column(Utc)
    cancelled_at: Mapped[datetime | None] = mapped_column(Utc)
    change_note: Mapped[str] = mapped_column(String(500), default="")
    checkin_code: Mapped[str] = mapped_column(String(6), default="")
    conclusions: Mapped[str] = mapped_column(Text, default="")
    conclusions_at: Mapped[datetime | None] = mapped_column(Utc)
    proposed_conclusions: Mapped[dict[str, Any] | None] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("plan_id", "key"),)


def add(connection: Connection, plan_id: int, office_id: int | None, title: str, day: date, now: datetime) -> str:
    """Keep an event and return its key; two at once collide on the key and one is run again."""
    count = connection.execute(select(func.count()).select_from(Event).where(Event.plan_id == plan_id)).scalar_one()
    key = f"E{count + 1:04}"
    connection.execute(
        insert(Event).values(plan_id=plan_id, key=key, office_id=office_id, title=title, day=day, recorded_at=now)
    )
    return key


def of_plan(connection: Connection, plan_id: int) -> list[PlannedEvent]:
    """The events of a plan that count, in the order they were recorded: called and not called off, or held."""
    rows = connection.execute(
        select(Event.key, Office.code, Event.day)
        .outerjoin(Office, Office.id == Event.office_id)
        .where(Event.plan_id == plan_id, Event.state.in_(COUNTING))
        .order_by(Event.id)
    )
    return [PlannedEvent(row.key, row.code or "", row.day) for row in rows]
