"""Whether a contact can be written to: people block bots, and groups get new numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select, update
from sqlalchemy.orm import aliased

from models import nudges
from models.deliveries import Delivery
from models.people import Contact, Membership, Person, Reached


def lose(connection: Connection, channel: str, address: str, now: datetime) -> str:
    """Stop writing to an address: what it was to be reminded of is planned again.

    Returns the name of a person with a role, who will be missed; "" for others.
    """
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    lost = connection.execute(
        update(Contact).where(*here, Contact.blocked_at.is_(None)).values(blocked_at=now).returning(Contact.person_id)
    ).scalar_one_or_none()
    waiting = update(Delivery).where(
        Delivery.channel == channel, Delivery.address == address, Delivery.state == "queued"
    )
    skipped = waiting.values(state="skipped", reason="no se le puede escribir").returning(Delivery.id)
    nudges.release(connection, list(connection.execute(skipped).scalars()))
    held = select(Person.name).join(Membership, Membership.person_id == Person.id)
    name = connection.execute(held.where(Person.id == lost, Membership.until.is_(None)).limit(1)).scalar_one_or_none()
    return name or ""


def find(connection: Connection, channel: str, address: str) -> None:
    """The address can be written to again."""
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    connection.execute(update(Contact).where(*here).values(blocked_at=None))


def move(connection: Connection, channel: str, address: str, to: str) -> None:
    """The same chat under a new number, with what still waits for it."""
    if connection.execute(select(Contact.id).where(Contact.channel == channel, Contact.address == to)).first():
        return  # somebody has written there already
    connection.execute(update(Contact).where(Contact.channel == channel, Contact.address == address).values(address=to))
    waiting = update(Delivery).where(Delivery.channel == channel, Delivery.address == address)
    connection.execute(waiting.where(Delivery.state == "queued").values(address=to))


def last_used(connection: Connection, people: Collection[int]) -> dict[int, Reached]:
    """Where each of the people wrote last, or where they came in last; those reached nowhere are left out."""
    found: dict[int, Reached] = {}
    for row in connection.execute(_LAST_USED, {"people": list(people)}):
        found.setdefault(row.person_id, Reached(*row))
    return found


_ANSWER = aliased(Delivery)
_NEWEST = (
    select(func.max(Delivery.id))
    .where(Delivery.person_id == Contact.person_id, Delivery.kind == "answer")
    .correlate(Contact)
    .scalar_subquery()
)
# Not a join, for which all deliveries may be read.
_ANSWERED = exists().where(
    _ANSWER.id == _NEWEST, _ANSWER.channel == Contact.channel, _ANSWER.address == Contact.address
)
_LAST_USED = (
    select(Contact.person_id, Contact.channel, Contact.address, Person.language)
    .join(Person, Person.id == Contact.person_id)
    .where(
        Contact.person_id.in_(bindparam("people", expanding=True)),
        Contact.until.is_(None),
        Contact.blocked_at.is_(None),
    )
    .order_by(_ANSWERED.desc(), Contact.since.desc(), Contact.id.desc())
)
