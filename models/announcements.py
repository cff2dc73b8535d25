"""What is said to everybody an event concerns: a page of them at a time, without reading anybody into memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from models.base import Json, Utc
from models.deliveries import Delivery
from models.digests import Announcement, DigestLine
from models.event_cards import Card, cards
from models.events import Event
from models.participation import Attendance, Question
from models.people import WRITTEN_TO, Contact, Person
from models.prepared import Prepared
from models.subscriptions import Subscription, matching

# Answers to people go before.
PRIORITY = 2


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement that not everybody it concerns has in their queue (models.digests.Announcement)."""

    id: int
    kind: str
    version: int
    at: datetime
    expires_at: datetime
    details: Mapping[str, Any]
    planned: bool
    event: Card


def unfinished(connection: Connection, now: datetime) -> list[Said]:
    """What is still to be said, the oldest first."""
    return _said(connection, connection.execute(_UNFINISHED, {"now": now}).all())


def posted(connection: Connection, now: datetime) -> list[Said]:
    """Those of events that are not over, as they are now, that have a poster."""
    rows = [row for row in connection.execute(_LASTING, {"now": now}) if "poster" in row.details]
    return [one for one in _said(connection, rows) if one.version == one.event.version]


def _said(connection: Connection, rows: Sequence[Any]) -> list[Said]:
    events = cards(connection, [row.event_id for row in rows]) if rows else {}
    return [
        Said(
            row.id, row.kind, row.version, row.at, row.expires_at, row.details, row.planned_at is not None,
            events[row.event_id],
        )
        for row in rows
    ]  # fmt: skip


def planned(connection: Connection, number: int, now: datetime) -> None:
    """The obligations are in line with what an announcement says."""
    connection.execute(update(Announcement).where(Announcement.id == number).values(planned_at=now))


def keep_poster(connection: Connection, one: Said, document: Mapping[str, Any]) -> None:
    """Keep where the poster of an event lies: the columns of a document that say so."""
    details = {**one.details, "poster": dict(document)}
    connection.execute(update(Announcement).where(Announcement.id == one.id).values(details=details))


def poster(connection: Connection, event_id: int, version: int) -> dict[str, Any] | None:
    """Where the poster of a version of an event lies, None before it is made."""
    rows = connection.execute(_DETAILS, {"event": event_id, "version": version}).scalars()
    return next((details["poster"] for details in rows if "poster" in details), None)


def posters(connection: Connection, now: datetime) -> set[str]:
    """The hashes of the posters of events that are not over."""
    wanted = select(Announcement.details).where(Announcement.expires_at > now)
    return {details["poster"]["sha256"] for details in connection.execute(wanted).scalars() if "poster" in details}


def finish(connection: Connection, number: int, now: datetime) -> None:
    """Everybody an announcement concerns has it."""
    connection.execute(update(Announcement).where(Announcement.id == number).values(finished_at=now))


def spoken(connection: Connection) -> dict[str, int]:
    """The languages of those who can be written to, each with the number of its newest person."""
    return {row.language: row.last for row in connection.execute(_SPOKEN)}


def page(
    connection: Connection, one: Said, language: str, said: dict[str, Any], now: datetime, after: int, to: int
) -> set[tuple[str, str]]:
    """Queue it for the people after one number up to another whom it concerns and who speak the language.

    Those who want it at once, or who said they would come, get it in the chat each of them used last; for those who
    want one message a day it is kept. Nobody is told the same twice. Returns the (channel, address) pairs written to;
    nobody where the event has changed since.

    said   the columns of a delivery that say something: {"text", "buttons", "picture", "wants", "document"}
    """
    # Held until this is committed: a change waits, and then knows all that there is to call back.
    if not connection.execute(_CURRENT, {"event": one.event.id, "version": one.version}).first():
        return set()
    whom = {"language": language, "after": after, "to": to, "wanted": one.event.concerns, "event": one.event.id}
    about = f"event:{one.event.id}:{one.kind}:{one.version}"
    asked = {**said, **whom, "about": about, "now": now, "expires_at": one.expires_at}
    told = _QUEUE.rows(connection, asked)
    _KEEP.run(connection, {**whom, "announcement": one.id})
    return {(row.channel, row.address) for row in told}


_LASTING: Any = (
    select(
        Announcement.id, Announcement.kind, Announcement.version, Announcement.at, Announcement.expires_at,
        Announcement.details, Announcement.planned_at, Announcement.event_id,
    )
    .where(Announcement.expires_at > bindparam("now", type_=Utc))
    .order_by(Announcement.id)
)  # fmt: skip
_UNFINISHED = _LASTING.where(Announcement.finished_at.is_(None))
_DETAILS = select(Announcement.details).where(
    Announcement.event_id == bindparam("event"), Announcement.version == bindparam("version")
)
_CURRENT = (
    select(Event.id)
    .where(Event.id == bindparam("event"), Event.version == bindparam("version"))
    .with_for_update(read=True)
)
_SPOKEN: Select[str, int] = (
    select(Person.language, func.max(Person.id).label("last"))
    .join(Contact, Contact.person_id == Person.id)
    .where(Contact.until.is_(None))
    .group_by(Person.language)
    .order_by(Person.language)
)
_COLUMNS: dict[str, Any] = {
    "dedupe_key": bindparam("about", type_=String) + ":" + cast(Contact.person_id, String),
    "person_id": Contact.person_id,
    "channel": Contact.channel,
    "address": Contact.address,
    "kind": literal("notice"),
    "text": bindparam("text", type_=String),
    "buttons": bindparam("buttons", type_=Json),
    "picture": bindparam("picture", type_=Json),
    "wants": bindparam("wants", type_=String),
    "document": bindparam("document", type_=Json),
    "created_at": bindparam("now", type_=Utc),
    "expires_at": bindparam("expires_at", type_=Utc),
    "priority": literal_column(str(PRIORITY)),
    **{name: literal(value) for name, value in (("state", "queued"), ("claimed_by", ""), ("platform_id", ""))},
    "reason": literal(""),
}
_AFTER, _TO = bindparam("after", type_=Integer), bindparam("to", type_=Integer)
# Who comes, came, or asked something about it.
_COMES = or_(
    exists().where(
        Attendance.event_id == bindparam("event", type_=Integer), Attendance.person_id == Person.id,
        Attendance.state.in_(("coming", "waiting", "came")),
    ),
    exists().where(Question.event_id == bindparam("event", type_=Integer), Question.person_id == Person.id),
)  # fmt: skip
_AT_ONCE = or_(_COMES, matching(Subscription.pace == "now"))
_AGREED = and_(Person.status != "visitor", Person.language == bindparam("language"))
_ROWS = (
    select(*(column.label(name) for name, column in _COLUMNS.items()))
    .join(Person, Person.id == Contact.person_id)
    .where(
        # Said of both, so that neither table is read whole.
        *(between for id_ in (Person.id, Contact.person_id) for between in (id_ > _AFTER, id_ <= _TO)),
        WRITTEN_TO,
        _AGREED,
        _AT_ONCE,
    )
    .order_by(Contact.person_id)
    # Who says BAJA meanwhile waits, and then this is called back too.
    .with_for_update(read=True, of=Contact)
)
_INSERT = (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
_QUEUE = Prepared({
    name: adding(Delivery)
    .from_select(list(_COLUMNS), _ROWS)
    .on_conflict_do_nothing(index_elements=["dedupe_key"])
    .returning(Delivery.channel, Delivery.address)
    for name, adding in _INSERT
})  # fmt: skip
_DAILY = select(Person.id, bindparam("announcement", type_=Integer)).where(
    Person.id > _AFTER, Person.id <= _TO, _AGREED, matching(Subscription.pace == "daily"), ~_AT_ONCE
)
_KEEP = Prepared({
    name: adding(DigestLine)
    .from_select(["person_id", "announcement_id"], _DAILY)
    .on_conflict_do_nothing(index_elements=["person_id", "announcement_id"])
    for name, adding in _INSERT
})  # fmt: skip
