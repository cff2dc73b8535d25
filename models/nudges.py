"""Nudges: which step of the ladder has been reached for whom, what was told, and what was not and why.

A row is planned once for an obligation, a person, a deadline and a step; only then is a message made of it. Whatever
restarts or overlaps, the same row cannot be planned twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    String,
    UniqueConstraint,
    bindparam,
    literal_column,
    select,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from models import deliveries
from models.base import Base, Key, Utc, partial_index
from models.deliveries import Delivery

# Written out as in the index on it, which is used for nothing else.
PLANNED: ColumnElement[bool] = literal_column("nudges.state = 'planned'")
MOOT = "lo que decía cambió antes de salir"
# Above this step somebody asked for it (models.reminding); it stands in the way of no step of the ladder.
ASKED = 500_000


class Nudge(Base):
    """One step of one person's ladder for one obligation.

    warn       the day from which the steps were counted (obligations.ladder_day); one that moves begins a new ladder
    step       business days after it, before it where negative; above ASKED the day somebody asked for it
    escalated  whether it is for somebody who does not report it: the office's head, a coordinator
    state      planned, told (in `delivery_id`), skipped (`reason`)
    """

    __tablename__ = "nudges"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    warn: Mapped[date] = mapped_column(Date)
    step: Mapped[int]
    escalated: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(80))
    delivery_id: Mapped[int | None] = mapped_column(Key)  # no foreign key: checking it took a third of a large tick
    planned_at: Mapped[datetime] = mapped_column(Utc)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        UniqueConstraint("obligation_id", "person_id", "warn", "step"),
        partial_index("ix_nudges_told", "delivery_id", where="delivery_id IS NOT NULL"),
        partial_index("ix_nudges_planned", "person_id", where="state = 'planned'"),
    )


def moot(connection: Connection, obligation_ids: Collection[int]) -> None:
    """What was to be said of these obligations no longer holds: messages not yet on their way are given up.

    The other nudges they told are planned again, so that the next tick writes to the person anew. Call it where a
    deadline or a target changes, in the same transaction. What is only reported meanwhile, or passes to another
    office, is noticed by itself: see deliveries.MOOT.
    """
    stopped = connection.execute(_STOP, {"obligations": list(obligation_ids), "reason": MOOT}).scalars()
    release(connection, list(stopped))


def expire(connection: Connection, now: datetime) -> int:
    """Give up messages whose time is over, of whatever kind, and nudges that no longer hold (nobody sends or shows
    those any more); plan again what they would have told."""
    over = deliveries.expire(connection, now)
    over += connection.execute(_GIVE_UP, {"reason": MOOT}).scalars()
    release(connection, over)
    return len(over)


def release(connection: Connection, delivery_ids: Collection[int]) -> None:
    """Plan again what these messages would have told: they will not be sent."""
    if delivery_ids:
        connection.execute(_RELEASE, {"deliveries": list(delivery_ids)})


_TOLD = select(Nudge.delivery_id).where(
    Nudge.obligation_id.in_(bindparam("obligations", expanding=True)), Nudge.delivery_id.is_not(None)
)
_STOP = (
    update(Delivery)
    .where(Delivery.id.in_(_TOLD), Delivery.state == "queued")
    .values(state="skipped", reason=bindparam("reason"))
    .returning(Delivery.id)
)
_GIVE_UP = (
    update(Delivery)
    .where(Delivery.state == "queued", deliveries.MOOT)
    .values(state="skipped", reason=bindparam("reason"))
    .returning(Delivery.id)
)
_RELEASE = (
    update(Nudge)
    .where(Nudge.delivery_id.in_(bindparam("deliveries", expanding=True)), Nudge.state == "told")
    .values(state="planned", delivery_id=None, decided_at=None)
)
