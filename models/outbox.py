"""Deliveries on their way out: claimed by one process at a time, settled with what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, String, bindparam, func, not_, or_, select, update

from models.deliveries import MOOT, Delivery
from models.prepared import Prepared, among

NONE: Mapping[int, int] = {}
State = Literal["queued", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery somebody has claimed, with all that is needed to send it.

    document  a file that goes with it (models.deliveries.Delivery)
    to        what the channel calls its reader, where that is not the address
    language  the reader's, where the channel says something of its own
    template  the approved text it leaves as, "" as its own
    parts     so many of its parts have arrived: only the others leave
    """

    id: int
    person_id: int
    address: str
    text: str
    buttons: list[dict[str, str]]
    picture: dict[str, Any] | None
    priority: int
    kind: str = "answer"
    document: dict[str, Any] | None = None
    parts: int = 0
    to: str = ""
    language: str = "es"
    template: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery. Back to "queued" only where it certainly did not leave, not to be tried `before`.

    parts  so many of its parts have arrived, where that is more than was known
    """

    id: int
    state: State
    platform_id: str = ""
    reason: str = ""
    before: datetime | None = None
    parts: int = 0


def claim(
    connection: Connection, channel: str, by: str, most: int, now: datetime,
    worst: int = 9, of_one_chat: int = 8, full: Collection[str] = (),
) -> list[Parcel]:  # fmt: skip
    """Take queued deliveries, answers first, in the order they were made.

    most         of so many that come first
    worst        the highest priority number among them
    of_one_chat  only so many of each address; of the addresses in `full` none
    """
    wanted = {"on": channel, "time": now, "most": most, "worst": worst, "each": of_one_chat, "by": by}
    rows = _CLAIM_OTHERS.rows(connection, {**wanted, "full": list(full)}) if full else _CLAIM.rows(connection, wanted)
    return sorted((Parcel(*row) for row in rows), key=lambda parcel: (parcel.priority, parcel.id))


def settle(connection: Connection, results: Sequence[Settled], now: datetime) -> None:
    """Keep what became of claimed deliveries."""
    settled = [
        {
            "delivery": one.id, "became": one.state, "called": one.platform_id, "why": one.reason[:200],
            "time": now if one.state == "sent" else None, "before": one.before, "came": one.parts,
        }
        for one in results
    ]  # fmt: skip
    _SETTLE.many(connection, settled)


def recover(
    connection: Connection, claimant: str, left: Collection[int] | None, parts: Mapping[int, int] = NONE
) -> int:
    """Settle what a dead process was sending: what had begun to leave is unknown, the rest is queued again.

    left   the deliveries that had begun to leave; None where nobody can say, so that all of them are unknown
    parts  so many parts of these had arrived, and the next one had not begun to leave

    Returns how many are unknown.
    """
    mine = update(Delivery).where(Delivery.state == "sending", Delivery.claimed_by == claimant)
    begun = mine if left is None else mine.where(Delivery.id.in_(list(left)))
    unknown = connection.execute(begun.values(state="unknown", reason="the process died while sending")).rowcount
    for number, arrived in parts.items():
        connection.execute(mine.where(Delivery.id == number).values(state="queued", claimed_by="", parts=arrived))
    connection.execute(mine.values(state="queued", claimed_by=""))
    return unknown


def unsettled(connection: Connection) -> dict[str, int]:
    """How many deliveries failed or are unknown, for who looks after the bot."""
    counted = select(Delivery.state, func.count()).where(Delivery.state.in_(("failed", "unknown")))
    return dict(connection.execute(counted.group_by(Delivery.state)).all())


def _claim(*where: ColumnElement[bool]) -> Any:
    first = (
        select(Delivery.id, Delivery.address, Delivery.priority)
        .where(
            Delivery.state == "queued",
            Delivery.channel == bindparam("on"),
            Delivery.priority <= bindparam("worst"),
            or_(Delivery.not_before.is_(None), Delivery.not_before <= bindparam("time")),
            or_(Delivery.expires_at.is_(None), Delivery.expires_at > bindparam("time")),
            not_(MOOT),
            *where,
        )
        .order_by(Delivery.priority, Delivery.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .subquery()
    )
    place = func.row_number().over(partition_by=first.c.address, order_by=(first.c.priority, first.c.id))
    placed = select(first.c.id, place.label("place")).subquery()
    return (
        update(Delivery)
        .where(Delivery.id.in_(select(placed.c.id).where(placed.c.place <= bindparam("each"))))
        .values(state="sending", claimed_by=bindparam("by"), template="")
        .returning(
            Delivery.id, Delivery.person_id, Delivery.address, Delivery.text, Delivery.buttons, Delivery.picture,
            Delivery.priority, Delivery.kind, Delivery.document, Delivery.parts,
        )
    )  # fmt: skip


_CLAIM = Prepared(_claim())
_CLAIM_OTHERS = Prepared(_claim(not_(among(Delivery.address, "full", String))))
_SETTLE = Prepared(
    update(Delivery)
    .where(
        Delivery.id == bindparam("delivery"),
        Delivery.state == "sending",
        # A message whose failure is known already, so that another is under way in its place: see models.statuses.
        or_(Delivery.platform_id == "", Delivery.platform_id != bindparam("called")),
    )
    .values(
        state=bindparam("became"),
        platform_id=func.coalesce(func.nullif(bindparam("called"), ""), Delivery.platform_id),
        reason=bindparam("why"),
        sent_at=bindparam("time"),
        not_before=bindparam("before"),
        parts=func.coalesce(func.nullif(bindparam("came"), 0), Delivery.parts),
    )
)
