"""One announcement to many: a page of them at a time, without reading anybody into memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, String, bindparam, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from models.base import Json, Utc
from models.deliveries import Delivery
from models.people import Contact, Person

# Answers to people go before.
PRIORITY = 2


def spoken(connection: Connection) -> dict[str, int]:
    """The languages of those who can be written to, each with the number of its newest contact."""
    return {row.language: row.last for row in connection.execute(_SPOKEN)}


def page(
    connection: Connection, about: str, language: str, said: dict[str, Any], now: datetime, expires_at: datetime,
    after: int, to: int,
) -> None:  # fmt: skip
    """Queue it for the contacts after one number up to another: those who agreed to it and speak the language.

    about  what it is; nobody is told the same twice
    said   the columns of a delivery that say something: {"text", "buttons", "picture", "wants"}
    """
    asked = {"about": about, "language": language, "now": now, "expires_at": expires_at, "after": after, "to": to}
    connection.execute(_QUEUE[connection.dialect.name], {**said, **asked})


_SPOKEN: Select[str, int] = (
    select(Person.language, func.max(Contact.id).label("last"))
    .join(Contact, Contact.person_id == Person.id)
    .where(Contact.until.is_(None))
    .group_by(Person.language)
    .order_by(Person.language)
)
_COLUMNS: dict[str, Any] = {
    "dedupe_key": bindparam("about", type_=String) + ":" + Contact.channel + ":" + Contact.address,
    "person_id": Contact.person_id,
    "channel": Contact.channel,
    "address": Contact.address,
    "kind": literal("notice"),
    "text": bindparam("text", type_=String),
    "buttons": bindparam("buttons", type_=Json),
    "picture": bindparam("picture", type_=Json),
    "wants": bindparam("wants", type_=String),
    "created_at": bindparam("now", type_=Utc),
    "expires_at": bindparam("expires_at", type_=Utc),
    "priority": literal_column(str(PRIORITY)),
    **{name: literal(value) for name, value in (("state", "queued"), ("claimed_by", ""), ("platform_id", ""))},
    "reason": literal(""),
}
_ROWS = (
    select(*(column.label(name) for name, column in _COLUMNS.items()))
    .join(Person, Person.id == Contact.person_id)
    .where(
        Contact.id > bindparam("after", type_=Integer),
        Contact.id <= bindparam("to", type_=Integer),
        Contact.until.is_(None),
        Contact.blocked_at.is_(None),
        Person.status != "visitor",
        Person.language == bindparam("language"),
    )
    .order_by(Contact.id)
)
_QUEUE: dict[str, Any] = {
    name: adding(Delivery).from_select(list(_COLUMNS), _ROWS).on_conflict_do_nothing(index_elements=["dedupe_key"])
    for name, adding in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}
