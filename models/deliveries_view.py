"""What an operator sees of the messages: how many, in which state, and those to look at, never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from models.deliveries import Delivery


@dataclass(frozen=True, slots=True)
class Count:
    """So many messages of a kind on a channel are in a state; `oldest`: since when the first of them is."""

    channel: str
    kind: str
    state: str
    messages: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One message. `at`: when it was written; not_before: from when on it may leave, None for at once."""

    id: int
    at: datetime
    not_before: datetime | None
    channel: str
    kind: str
    person_id: int
    reason: str


def counts(connection: Connection, since: datetime) -> list[Count]:
    """All messages written since then, and whatever still waits however old it is."""
    waits = Delivery.state.in_(("queued", "sending"))
    by = (Delivery.channel, Delivery.kind, Delivery.state)
    counted = (
        select(*by, func.count().label("n"), func.min(Delivery.created_at).label("oldest"))
        .where(or_(Delivery.created_at >= since, waits))
        .group_by(*by)
        .order_by(*by)
    )
    return [Count(row.channel, row.kind, row.state, row.n, row.oldest) for row in connection.execute(counted)]


def newest(connection: Connection, state: str, most: int) -> list[Row]:
    """The newest messages in a state, at most so many."""
    columns = (
        Delivery.id, Delivery.created_at, Delivery.not_before, Delivery.channel, Delivery.kind, Delivery.person_id,
        Delivery.reason,
    )  # fmt: skip
    found = connection.execute(select(*columns).where(Delivery.state == state).order_by(Delivery.id.desc()).limit(most))
    return [Row(*row) for row in found]
