"""What a platform tells later of messages it accepted: that they arrived, were read, or failed after all.

A message's number (`platform_id`) says which of several attempts a word is about. Of what is on its way it is the last
attempt that failed, whose words come too late; of what has left it is the message that counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from models.base import Utc
from models.deliveries import Delivery
from models.people import Contact, Person
from models.prepared import Prepared, among

# How far a message has come; what may still come of one that stands elsewhere is not this message's.
STEPS = ("sent", "delivered", "read")
# What is on its way, or may be: there it is the platform's word that settles it.
UNDERWAY = ("sending", "unknown")


@dataclass(slots=True)
class Kept:
    """A delivery as it is kept, to be changed and kept again."""

    id: int
    channel: str
    person_id: int
    address: str
    language: str
    kind: str
    template: str
    created_at: datetime
    state: str
    platform_id: str
    reason: str
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    not_before: datetime | None

    def meant(self, message: str) -> bool:
        """Whether a word about the message of this number is about this delivery as it is now."""
        if self.state in UNDERWAY:
            return self.platform_id != message
        return self.state in STEPS and self.platform_id == message

    def came(self, message: str, step: str, at: datetime) -> bool:
        """The message has come so far; whether that is news. Words may come in any order."""
        before = self.state, self.sent_at, self.delivered_at, self.read_at
        if self.state in UNDERWAY:
            self.state, self.platform_id, self.reason = "sent", message, ""
        self.state = max(self.state, step, key=STEPS.index)
        self.sent_at = self.sent_at or at
        if step != "sent" and not (self.delivered_at and self.delivered_at <= at):
            self.delivered_at = at
        if step == "read" and not (self.read_at and self.read_at <= at):
            self.read_at = at
        return before != (self.state, self.sent_at, self.delivered_at, self.read_at)

    def failed(self, message: str, reason: str, again: datetime | None) -> None:
        """It did not arrive; it waits to be sent once more from `again` on, None: it has failed for good."""
        self.state, self.platform_id, self.reason = ("queued" if again else "failed"), message, reason[:200]
        self.sent_at, self.not_before = None, again


def kept(connection: Connection, ids: Collection[int]) -> dict[int, Kept]:
    """The deliveries of these ids, locked."""
    return {row.id: Kept(*row) for row in _KEPT.rows(connection, {"ids": list(ids)})}


def keep(connection: Connection, changed: Iterable[Kept]) -> None:
    """Keep what was changed."""
    _KEEP.many(
        connection,
        [
            {
                "delivery": one.id, "became": one.state, "called": one.platform_id, "why": one.reason,
                "sent": one.sent_at, "delivered": one.delivered_at, "seen": one.read_at, "before": one.not_before,
            }
            for one in changed
        ],
    )  # fmt: skip


def close(connection: Connection, channel: str, address: str, at: datetime) -> None:
    """The platform said then that it is too late to answer there; who has written since may be answered."""
    _CLOSE.run(connection, {"on": channel, "there": address, "moment": at})


_KEPT: Any = Prepared(
    select(
        Delivery.id, Delivery.channel, Delivery.person_id, Delivery.address, Person.language, Delivery.kind,
        Delivery.template, Delivery.created_at, Delivery.state, Delivery.platform_id, Delivery.reason,
        Delivery.sent_at, Delivery.delivered_at, Delivery.read_at, Delivery.not_before,
    )
    .join(Person, Person.id == Delivery.person_id)
    .where(among(Delivery.id, "ids"))
    .order_by(Delivery.id)
    .with_for_update(of=Delivery)
)  # fmt: skip
_KEEP = Prepared(
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"))
    .values(
        state=bindparam("became"), platform_id=bindparam("called"), reason=bindparam("why"), sent_at=bindparam("sent"),
        delivered_at=bindparam("delivered"), read_at=bindparam("seen"), not_before=bindparam("before"),
    )
)  # fmt: skip
_CLOSE = Prepared(
    update(Contact)
    .where(
        Contact.channel == bindparam("on"), Contact.address == bindparam("there"), Contact.until.is_(None),
        or_(Contact.heard_at.is_(None), Contact.heard_at <= bindparam("moment", type_=Utc)),
    )
    .values(heard_at=None)
)  # fmt: skip
