"""Deliveries on their way out: claimed by one process at a time, settled with what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, or_, select, update

from models.deliveries import Delivery

State = Literal["queued", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery somebody has claimed, with all that is needed to send it."""

    id: int
    person_id: int
    address: str
    text: str
    buttons: list[dict[str, str]]
    picture: dict[str, Any] | None
    priority: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery. Back to "queued" only where it certainly did not leave, not to be tried `before`."""

    id: int
    state: State
    platform_id: str = ""
    reason: str = ""
    before: datetime | None = None


def claim(connection: Connection, channel: str, by: str, most: int, now: datetime) -> list[Parcel]:
    """Take up to `most` queued deliveries, answers first, in the order they were made."""
    wanted = {"on": channel, "time": now, "most": most}
    rows = connection.execute(_CLAIM, {**wanted, "by": by}).all()
    return sorted((Parcel(*row) for row in rows), key=lambda parcel: (parcel.priority, parcel.id))


def settle(connection: Connection, results: Sequence[Settled], now: datetime) -> None:
    """Keep what became of claimed deliveries."""
    if results:
        connection.execute(
            _SETTLE,
            [
                {
                    "delivery": one.id, "became": one.state, "called": one.platform_id, "why": one.reason[:200],
                    "time": now if one.state == "sent" else None, "before": one.before,
                }
                for one in results
            ],
        )  # fmt: skip


def recover(connection: Connection, claimant: str, left: Collection[int] | None) -> int:
    """Settle what a dead process was sending: what had begun to leave is unknown, the rest is queued again.

    `left`: the deliveries that had begun to leave; None where nobody can say, so that all of them are unknown.
    Returns how many are unknown.
    """
    mine = update(Delivery).where(Delivery.state == "sending", Delivery.claimed_by == claimant)
    begun = mine if left is None else mine.where(Delivery.id.in_(list(left)))
    unknown = connection.execute(begun.values(state="unknown", reason="the process died while sending")).rowcount
    connection.execute(mine.values(state="queued", claimed_by=""))
    return unknown


def unsettled(connection: Connection) -> dict[str, int]:
    """How many deliveries failed or are unknown, for who looks after the bot."""
    counted = select(Delivery.state, func.count()).where(Delivery.state.in_(("failed", "unknown")))
    return dict(connection.execute(counted.group_by(Delivery.state)).all())


_NEXT = (
    select(Delivery.id)
    .where(
        Delivery.state == "queued",
        Delivery.channel == bindparam("on"),
        or_(Delivery.not_before.is_(None), Delivery.not_before <= bindparam("time")),
    )
    .order_by(Delivery.priority, Delivery.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(Delivery)
    .where(Delivery.id.in_(_NEXT.scalar_subquery()))
    .values(state="sending", claimed_by=bindparam("by"))
    .returning(
        Delivery.id, Delivery.person_id, Delivery.address, Delivery.text, Delivery.buttons, Delivery.picture,
        Delivery.priority,
    )
)  # fmt: skip
_SETTLE = (
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"), Delivery.state == "sending")
    .values(
        state=bindparam("became"),
        platform_id=bindparam("called"),
        reason=bindparam("why"),
        sent_at=bindparam("time"),
        not_before=bindparam("before"),
    )
)
