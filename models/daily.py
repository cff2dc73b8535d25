"""The one message a day of those who want no more: what was announced since the last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, delete, exists, select, update

from models import deliveries
from models.announcements import PRIORITY
from models.base import Utc
from models.deliveries import Delivery
from models.digests import Announcement, DigestLine
from models.event_cards import Card, cards
from models.events import Event
from models.gathering import Moment
from models.people import WRITTEN_TO, Contact, Person
from models.preferences import awake
from models.prepared import Prepared, among

FAR = datetime(9999, 1, 1, tzinfo=UTC)
# The columns of a delivery that tell these (kind, event) pairs in the language of this code.
Compose = Callable[[Sequence[tuple[str, Card]], str], dict[str, Any]]


def drop_moot(connection: Connection, now: datetime) -> None:
    """Forget what does not hold any more: the event has changed since, or is over."""
    connection.execute(_MOOT, {"now": now})


def ready(connection: Connection, moment: Moment, soon: datetime | None = None) -> list[int]:
    """Who has something to be told, whose hour has come, and who was told nothing today.

    soon  only what is of an event that begins before then
    """
    asked = {
        "hour": moment.hour, "weekday": 1 << moment.today.weekday(), "key": _key(moment), "soon": soon or FAR,
    }  # fmt: skip
    return [row.person_id for row in _READY.rows(connection, asked)]


def write_to(
    connection: Connection, people: Sequence[int], moment: Moment, expires_at: datetime, compose: Compose
) -> set[tuple[str, str]]:
    """Queue a message for each; the (channel, address) pairs written to."""
    lines = _LINES.rows(connection, {"people": list(people)})
    events = cards(connection, sorted({row.event_id for row in lines}))
    told: dict[int, list[tuple[str, Card]]] = {}
    for row in lines:
        told.setdefault(row.person_id, []).append((row.kind, events[row.event_id]))
    rows = [
        {
            "dedupe_key": f"{_key(moment)}{to.person_id}", "person_id": to.person_id, "channel": to.channel,
            "address": to.address, "kind": "notice", "created_at": moment.now, "expires_at": expires_at,
            "priority": PRIORITY, **compose(told[to.person_id], to.language),
        }
        for to in _TO.rows(connection, {"people": list(told)})
    ]  # fmt: skip
    added = {whose: number for number, whose in deliveries.queue(connection, rows)} if rows else {}
    if added:
        connection.execute(_TOLD, [{"whose": whose, "by": number} for whose, number in added.items()])
    return {(row["channel"], row["address"]) for row in rows if row["person_id"] in added}


def _key(moment: Moment) -> str:
    return f"daily:{moment.today}:"


_MOOT = delete(DigestLine).where(
    DigestLine.delivery_id.is_(None),
    exists().where(
        Announcement.id == DigestLine.announcement_id, Event.id == Announcement.event_id,
        (Event.version > Announcement.version) | (Announcement.expires_at <= bindparam("now", type_=Utc)),
    ),
)  # fmt: skip
_READY = Prepared(
    select(DigestLine.person_id)
    .distinct()
    .join(Person, Person.id == DigestLine.person_id)
    .join(Announcement, Announcement.id == DigestLine.announcement_id)
    .join(Event, Event.id == Announcement.event_id)
    .where(
        DigestLine.delivery_id.is_(None), awake(),
        Event.starts_at.is_(None) | (Event.starts_at < bindparam("soon", type_=Utc)),
        ~exists().where(Delivery.dedupe_key == bindparam("key", type_=String) + cast(Person.id, String)),
    )
    .order_by(DigestLine.person_id)
)  # fmt: skip
_LINES = Prepared(
    select(DigestLine.person_id, Announcement.kind, Announcement.event_id)
    .join(Announcement, Announcement.id == DigestLine.announcement_id)
    .where(DigestLine.delivery_id.is_(None), among(DigestLine.person_id, "people"))
    .order_by(DigestLine.person_id, Announcement.id)
)
_TO = Prepared(
    select(Contact.person_id, Contact.channel, Contact.address, Person.language)
    .join(Person, Person.id == Contact.person_id)
    .where(WRITTEN_TO, among(Contact.person_id, "people"))
    .order_by(Contact.person_id)
)
_TOLD = (
    update(DigestLine)
    .where(DigestLine.person_id == bindparam("whose"), DigestLine.delivery_id.is_(None))
    .values(delivery_id=bindparam("by"))
)
