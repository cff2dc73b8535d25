"""What a platform charges for: one row for each message it has priced, unless it failed after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc
from models.deliveries import Delivery
from models.prepared import Prepared
from models.statuses import STEPS
from plans import prices


class Charge(Base):
    """One message of a delivery, as its platform priced it.

    message      the platform's number for the message; a delivery in parts has several
    delivery_id  no foreign key: the delivery may be forgotten with its visitor, what it cost is not
    category     what it was priced as: service, utility, marketing, authentication, referral_conversion
    billable     whether it costs anything
    """

    __tablename__ = "charges"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    message: Mapped[str] = mapped_column(String(120), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(Key, index=True)
    category: Mapped[str] = mapped_column(String(30))
    billable: Mapped[bool]
    priced_at: Mapped[datetime] = mapped_column(Utc, index=True)


@dataclass(frozen=True, slots=True)
class Charged:
    """So many messages of a category were priced, and so many of them cost something."""

    category: str
    messages: int
    billable: int


@dataclass(frozen=True, slots=True)
class Bill:
    """So many messages, and what they cost."""

    messages: int
    cost: Decimal
    currency: str


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep prices, the columns of Charge; of a message that has one nothing changes."""
    _ADD.many(connection, rows)


def drop(connection: Connection, channel: str, messages: Iterable[str]) -> None:
    """These messages did not arrive and cost nothing."""
    _DROP.many(connection, [{"on": channel, "called": message} for message in messages])


def between(connection: Connection, channel: str, since: datetime, until: datetime) -> list[Charged]:
    """What was priced in a time, without its end, by category."""
    return [Charged(*row) for row in connection.execute(_BETWEEN, {"on": channel, "since": since, "until": until})]


def bill(connection: Connection, channel: str, since: datetime, until: datetime) -> Bill:
    """What a time cost in all. Raises PlanError where the prices cannot be read."""
    found, known = between(connection, channel, since, until), prices.load()
    cost = known.cost((one.category, one.billable) for one in found)
    return Bill(sum(one.messages for one in found), cost, known.currency)


def unpriced(connection: Connection, channel: str, since: datetime, until: datetime) -> int:
    """How many deliveries left in a time of which no price is known."""
    return connection.execute(_UNPRICED, {"on": channel, "since": since, "until": until}).scalar_one()


def conversations(connection: Connection, channel: str, since: datetime, until: datetime, zone: ZoneInfo) -> int:
    """On how many days people were written to, each counted by themselves: what we say to one in a day is one."""
    rows = connection.execute(_WHEN, {"on": channel, "since": since, "until": until})
    return len({(row.person_id, row.priced_at.astimezone(zone).date()) for row in rows})


_ADD = Prepared(
    {
        "sqlite": insert_sqlite(Charge).on_conflict_do_nothing(),
        "postgresql": insert_postgresql(Charge).on_conflict_do_nothing(),
    }
)
_DROP = Prepared(delete(Charge).where(Charge.channel == bindparam("on"), Charge.message == bindparam("called")))
_THEN = (
    Charge.channel == bindparam("on"), Charge.priced_at >= bindparam("since"), Charge.priced_at < bindparam("until")
)  # fmt: skip
_BETWEEN = (
    select(Charge.category, func.count(), func.count().filter(Charge.billable))
    .where(*_THEN)
    .group_by(Charge.category)
    .order_by(func.count().desc(), Charge.category)
)
_UNPRICED = (
    select(func.count())
    .select_from(Delivery)
    .where(
        Delivery.channel == bindparam("on"), Delivery.sent_at >= bindparam("since"),
        Delivery.sent_at < bindparam("until"), Delivery.state.in_(STEPS),
        ~exists().where(Charge.delivery_id == Delivery.id),
    )
)  # fmt: skip
_WHEN = select(Delivery.person_id, Charge.priced_at).join(Delivery, Delivery.id == Charge.delivery_id).where(*_THEN)
