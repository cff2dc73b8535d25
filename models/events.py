"""Dialogue events: what took place where and when, from which obligations follow (row 15)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, Date, ForeignKey, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc
from models.offices import Office
from plans.obligations import Event as PlannedEvent


class Event(Base):
    """An event of one office, or of the entity where there is none. `key` names it in codes: "E0001"."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    key: Mapped[str] = mapped_column(String(12))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    title: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Utc)

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
    """The events of a plan in the order they were recorded."""
    rows = connection.execute(
        select(Event.key, Office.code, Event.day)
        .outerjoin(Office, Office.id == Event.office_id)
        .where(Event.plan_id == plan_id)
        .order_by(Event.id)
    )
    return [PlannedEvent(row.key, row.code or "", row.day) for row in rows]
