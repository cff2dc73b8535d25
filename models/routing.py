"""Which way a message takes on a channel where people may be written to only for a while after they wrote themselves.

Later than that an approved text may knock; else the message goes to another chat of the person; else somebody calls.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, String, bindparam, false, func, or_, select, update

from models import installation
from models.base import Utc
from models.deliveries import Delivery
from models.people import Contact, Membership, Person
from models.prepared import Prepared, among

# So long after a person wrote may they be answered: a day, without the minutes a message may take to leave.
OPEN = timedelta(hours=24) - timedelta(minutes=5)
# How many people may be knocked at within a day, and what the platform allows who has only begun. 0: no limit.
TIER, FIRST_TIER, DAY = "whatsapp_tier", 250, timedelta(hours=24)
NOWHERE = "fuera de la ventana de 24 horas y sin plantilla"


class Reader(NamedTuple):
    """Who reads at an address.

    phone  "" where the platform does not tell it
    open   they may be written to freely; muted: they want nothing but answers
    """

    address: str
    phone: str
    open: bool
    muted: bool
    language: str


def readers(connection: Connection, channel: str, addresses: Collection[str], now: datetime) -> dict[str, Reader]:
    """Who reads at the addresses; those that are nobody's are left out."""
    rows = _READERS.rows(connection, {"on": channel, "addresses": list(addresses), "since": now - OPEN})
    return {row.address: Reader(*row) for row in rows}


def tier(connection: Connection) -> int:
    """How many people may be knocked at within a day, 0: no limit."""
    return int(installation.get(connection, TIER) or FIRST_TIER)


def keep_tier(connection: Connection, people: int) -> None:
    """What the platform says of it; 0 or less is no limit."""
    installation.put(connection, TIER, str(max(people, 0)))


def knocked(connection: Connection, channel: str, now: datetime) -> set[str]:
    """The addresses that were knocked at within the last day, or are just now."""
    return {row.address for row in _KNOCKED.rows(connection, {"on": channel, "since": now - DAY})}


def knock(connection: Connection, templates: Sequence[tuple[int, str]]) -> None:
    """These deliveries (id, template) leave as approved texts."""
    _KNOCK.many(connection, [{"delivery": number, "name": name} for number, name in templates])


def elsewhere(connection: Connection, channel: str, people: Collection[int]) -> dict[int, tuple[str, str]]:
    """(channel, address) of another chat of each of the people, the newest; of a page only where there is nothing else.

    Those who have none are left out.
    """
    rows = _OTHERS.rows(connection, {"on": channel, "people": list(people)})
    found: dict[int, tuple[str, str]] = {}
    for row in sorted(rows, key=lambda row: row.channel == "web"):
        found.setdefault(row.person_id, (row.channel, row.address))
    return found


def move(connection: Connection, moves: Sequence[tuple[int, tuple[str, str]]]) -> None:
    """These deliveries (id, (channel, address)) wait for another chat."""
    _MOVE.many(connection, [{"delivery": number, "to": to, "at": at} for number, (to, at) in moves])


def give_up(connection: Connection, deliveries: Collection[int], reason: str) -> None:
    """These deliveries reach nobody."""
    _GIVE_UP.many(connection, [{"delivery": number, "why": reason[:200]} for number in deliveries])


def missed(connection: Connection, people: Collection[int]) -> dict[int, str]:
    """The names of those who hold a role: somebody calls them."""
    return {row.id: row.name for row in _MISSED.rows(connection, {"people": list(people)})}


# Each is run for every batch that leaves.
_READERS = Prepared(
    select(
        Contact.address,
        Contact.phone,
        func.coalesce(Contact.heard_at > bindparam("since", type_=Utc), false()),
        Contact.muted_at.is_not(None),
        Person.language,
    )
    .join(Person, Person.id == Contact.person_id)
    .where(Contact.channel == bindparam("on"), among(Contact.address, "addresses", String), Contact.until.is_(None))
)
_KNOCKED = Prepared(
    select(Delivery.address)
    .where(
        Delivery.channel == bindparam("on"), Delivery.template != "",
        or_(Delivery.sent_at > bindparam("since"), Delivery.state == "sending"),
    )
    .distinct()
)  # fmt: skip
_KNOCK = Prepared(update(Delivery).where(Delivery.id == bindparam("delivery")).values(template=bindparam("name")))
_OTHERS = Prepared(
    select(Contact.person_id, Contact.channel, Contact.address)
    .where(
        among(Contact.person_id, "people"), Contact.channel != bindparam("on"), Contact.until.is_(None),
        Contact.blocked_at.is_(None), Contact.muted_at.is_(None),
    )
    .order_by(Contact.since.desc(), Contact.id.desc())
)  # fmt: skip
_MOVE = Prepared(
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"))
    .values(
        channel=bindparam("to"), address=bindparam("at"), state="queued", claimed_by="", template="", platform_id="",
        reason="", sent_at=None, not_before=None,
    )
)  # fmt: skip
_GIVE_UP = Prepared(
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"))
    .values(state="failed", reason=bindparam("why"))
)  # fmt: skip
_MISSED = Prepared(
    select(Person.id, Person.name)
    .join(Membership, (Membership.person_id == Person.id) & Membership.until.is_(None))
    .where(among(Person.id, "people"))
    .distinct()
)
