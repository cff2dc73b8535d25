"""Whether a contact can be written to: people block bots or want no more messages, and groups get new numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from models import nudges
from models.deliveries import Delivery
from models.people import WRITTEN_TO, Contact, Membership, Person, Reached

# What people get because they wrote, whatever else they want or not.
ASKED_FOR = ("answer", "menu")


def lose(connection: Connection, channel: str, address: str, now: datetime) -> str:
    """Stop writing to an address: what it was to be reminded of is planned again.

    Returns the name of a person with a role, who will be missed; "" for others.
    """
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    lost = connection.execute(
        update(Contact).where(*here, Contact.blocked_at.is_(None)).values(blocked_at=now).returning(Contact.person_id)
    ).scalar_one_or_none()
    give_up(connection, channel, address, "no se le puede escribir")
    held = select(Person.name).join(Membership, Membership.person_id == Person.id)
    name = connection.execute(held.where(Person.id == lost, Membership.until.is_(None)).limit(1)).scalar_one_or_none()
    return name or ""


def find(connection: Connection, channel: str, address: str) -> None:
    """The address can be written to again."""
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    connection.execute(update(Contact).where(*here).values(blocked_at=None))


def mute(connection: Connection, channel: str, address: str, now: datetime) -> None:
    """Send to an address only answers from here on: all that goes out by itself ends here, whoever planned it."""
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    connection.execute(update(Contact).where(*here, Contact.muted_at.is_(None)).values(muted_at=now))
    give_up(connection, channel, address, "pidió no recibir avisos", Delivery.kind.not_in(ASKED_FOR))


def unmute(connection: Connection, channel: str, address: str) -> bool:
    """The person wants to hear from us there again; whether they had not."""
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    muted = update(Contact).where(*here, Contact.muted_at.is_not(None))
    return connection.execute(muted.values(muted_at=None)).rowcount > 0


def give_up(connection: Connection, channel: str, address: str, reason: str, *which: ColumnElement[bool]) -> None:
    """Do not send what still waits for an address, all or `which` of it; plan again what it was to remind of."""
    here = (Delivery.channel == channel, Delivery.address == address, Delivery.state == "queued")
    skipped = update(Delivery).where(*here, *which).values(state="skipped", reason=reason).returning(Delivery.id)
    nudges.release(connection, list(connection.execute(skipped).scalars()))


def move(connection: Connection, channel: str, address: str, to: str) -> None:
    """The same chat under a new number, with what still waits for it."""
    there = (Contact.channel == channel, Contact.address == to, Contact.until.is_(None))
    if connection.execute(select(Contact.id).where(*there)).first():
        return  # somebody has written there already
    connection.execute(update(Contact).where(Contact.channel == channel, Contact.address == address).values(address=to))
    waiting = update(Delivery).where(Delivery.channel == channel, Delivery.address == address)
    connection.execute(waiting.where(Delivery.state == "queued").values(address=to))


def last_used(connection: Connection, people: Collection[int]) -> dict[int, Reached]:
    """Where each of the people wrote last, or where they came in last; those reached nowhere are left out."""
    return {row.person_id: Reached(*row) for row in connection.execute(_LAST_USED, {"people": list(people)})}


_LAST_USED = (
    select(Contact.person_id, Contact.channel, Contact.address, Person.language)
    .join(Person, Person.id == Contact.person_id)
    .where(WRITTEN_TO, Contact.person_id.in_(bindparam("people", expanding=True)))
    .order_by(Contact.id)
)
