"""The topics of a month, as whoever runs the plan approved them; a month without topics has its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc, partial_index


class Topics(Base):
    """The newest row of a period counts; one without rows has the topics of the plan. `reason`: why there are none.

    applied_at  when what is owed followed them, as in models.plan.Decision
    """

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    period: Mapped[str] = mapped_column(String(40))
    topics: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    applied_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (partial_index("ix_topics_waiting", "id", where="applied_at IS NULL"),)


def of_plan(connection: Connection, plan_id: int, settled: bool = False) -> dict[str, tuple[str, ...]]:
    """By period ("2022-06"), those that were approved; `settled`: as far as what is owed follows them."""
    wanted = select(Topics.period, Topics.topics).where(Topics.plan_id == plan_id).order_by(Topics.id)
    rows = connection.execute(wanted.where(Topics.applied_at.is_not(None)) if settled else wanted)
    return {row.period: tuple(row.topics) for row in rows}


def add(
    connection: Connection, plan_id: int, period: str, topics: Sequence[str], reason: str, by: int, now: datetime,
    applied_at: datetime | None = None,
) -> None:  # fmt: skip
    """Keep what was approved for a period."""
    connection.execute(
        insert(Topics).values(
            plan_id=plan_id, period=period, topics=list(topics), reason=reason, by_id=by, at=now, applied_at=applied_at
        )
    )
