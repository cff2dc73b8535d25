"""People, the channels they are reached on, the roles they hold, and the consent they gave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, ForeignKey, Index, String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc, partial_index
from models.chats import written_to
from models.offices import Office
from models.prepared import Prepared, among


class Role(StrEnum):
    """What a person may do. Whoever holds none is a citizen."""

    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


# Roles that run the plan: they hear of reports and let people in.
RUN = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


class Person(Base):
    """Somebody who wrote to us, named only after consent.

    status      visitor, citizen, pending, member, linked, forgotten
    linked      what they had is another's now: two chats turned out to be of one person (models.linking)
    advised_at  when they were told how to send a photo as it was taken
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(8), default="es")
    status: Mapped[str] = mapped_column(String(12), default="visitor")
    advised_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)


class Contact(Base):
    """Where a person is reached.

    until       ends it (a lost phone); the address may then belong to somebody else
    blocked_at  since when nothing can be written there
    menu        for which roles and language the platform shows commands there, "" is what it shows to everybody
    phone       the number behind the address, where the platform tells it and calls people by something else
    heard_at    when they last wrote there by their own clock, where the platform lets nobody answer long after that
    muted_at    since when they want nothing there but answers
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime | None] = mapped_column(Utc)
    blocked_at: Mapped[datetime | None] = mapped_column(Utc)
    menu: Mapped[str] = mapped_column(String(80), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    heard_at: Mapped[datetime | None] = mapped_column(Utc)
    muted_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        partial_index("ux_contacts_reached", "channel", "address", where="until IS NULL", unique=True),
        partial_index("ix_contacts_phone", "channel", "phone", where="phone <> ''"),
    )


class Membership(Base):
    """A role a person holds, for one office where the role is an officer's or a head's.

    leave_id  the leave during which a substitute holds it
    """

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    since: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime | None] = mapped_column(Utc)
    leave_id: Mapped[int | None] = mapped_column(ForeignKey("leaves.id"))

    __table_args__ = (
        Index("ix_memberships_held", "office_id", "role"),
        partial_index("ux_memberships_passed_on", "leave_id", "office_id", where="leave_id IS NOT NULL", unique=True),
    )


class Consent(Base):
    """A consent as it was given: to which wording, when, over which channel; `withdrawn_at` ends it."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str]
    channel: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a message, with all that decides what they may see, and the Contact they wrote from.

    offices  names by id
    """

    id: int
    name: str
    language: str
    status: str
    channel: str
    address: str
    roles: frozenset[Role]
    offices: dict[int, str]
    advised_at: datetime | None = None
    menu: str = ""
    phone: str = ""
    heard_at: datetime | None = None
    blocked_at: datetime | None = None

    @property
    def consented(self) -> bool:
        """Whether we may keep anything personal."""
        return self.status != "visitor"

    def may(self, roles: Collection[Role]) -> bool:
        """Whether the person holds one of the roles."""
        return bool(self.roles & frozenset(roles))


@dataclass(frozen=True, slots=True)
class Reached:
    """An address to write to."""

    person_id: int
    channel: str
    address: str
    language: str


def who(connection: Connection, channel: str, address: str, now: datetime, language: str) -> Who:
    """The person at this address; a new visitor if nobody is known there. One statement for those who are known."""
    known = at(connection, channel, address)
    return known or Who(_newcomer(connection, channel, address, now, language), "", language, "visitor", channel,
                        address, frozenset(), {})  # fmt: skip


def at(connection: Connection, channel: str, address: str) -> Who | None:
    """The person who is reached at this address, None where nobody is."""
    rows = _WHO.rows(connection, {"channel": channel, "address": address})
    if not rows:
        return None
    first = rows[0]
    return Who(
        first.id, first.name, first.language, first.status, channel, address,
        frozenset(Role(row.role) for row in rows if row.role),
        {row.office: row.office_name for row in rows if row.office is not None}, first.advised_at, first.menu,
        first.phone, first.heard_at, first.blocked_at,
    )  # fmt: skip


def show_menu(connection: Connection, channel: str, address: str, menu: str) -> None:
    """Keep which menu of commands the platform shows at an address."""
    here = (Contact.channel == channel, Contact.address == address, Contact.until.is_(None))
    connection.execute(update(Contact).where(*here).values(menu=menu))


def _newcomer(connection: Connection, channel: str, address: str, now: datetime, language: str) -> int:
    added = insert(Person).values(language=language, created_at=now).returning(Person.id)
    person_id = connection.execute(added).scalar_one()
    connection.execute(insert(Contact).values(person_id=person_id, channel=channel, address=address, since=now))
    return person_id


def consent(connection: Connection, person: Who, version: str, wording: str, now: datetime) -> int:
    """Keep that the person agreed to this wording, and that something personal may be kept from here on; its number."""
    given = insert(Consent).values(
        person_id=person.id, version=version, wording=wording, channel=person.channel, given_at=now
    )
    number = connection.execute(given.returning(Consent.id)).scalar_one()
    connection.execute(
        update(Person).where(Person.id == person.id, Person.status == "visitor").values(status="citizen")
    )
    return number


def reached(connection: Connection, roles: Collection[Role] = (), people: Collection[int] = ()) -> list[Reached]:
    """Where to write to everyone who holds one of the roles, or is one of the people: to each in one chat at most."""
    return [Reached(*row) for row in _REACHED.rows(connection, {"roles": list(roles), "people": list(people)})]


def speak(connection: Connection, person_id: int, language: str) -> None:
    """Keep the language a person wants to be answered in."""
    connection.execute(update(Person).where(Person.id == person_id).values(language=language))


def advise(connection: Connection, person_id: int, now: datetime) -> None:
    """Keep that a person has been told how to send a photo as it was taken."""
    connection.execute(update(Person).where(Person.id == person_id).values(advised_at=now))


def leave(connection: Connection, person_id: int, now: datetime) -> None:
    """End every role of a person, who is a citizen from here on; what they reported stays theirs."""
    _end_roles(connection, person_id, now)
    member = update(Person).where(Person.id == person_id, Person.status == "member")
    connection.execute(member.values(status="citizen"))


def move(connection: Connection, person_id: int, office_id: int, now: datetime) -> None:
    """Make an officer report for another office, and for no other."""
    _end_roles(connection, person_id, now, (Role.OFFICER,))
    connection.execute(
        insert(Membership).values(person_id=person_id, role=Role.OFFICER, office_id=office_id, since=now)
    )


def drop_contact(connection: Connection, person_id: int, now: datetime) -> None:
    """Reach a person nowhere any more (a lost phone); an invitation gives them a new contact."""
    lost = update(Contact).where(Contact.person_id == person_id, Contact.until.is_(None))
    connection.execute(lost.values(until=now))


def _end_roles(connection: Connection, person_id: int, now: datetime, roles: Collection[Role] = tuple(Role)) -> None:
    held = update(Membership).where(Membership.person_id == person_id, Membership.until.is_(None))
    connection.execute(held.where(Membership.role.in_(list(roles))).values(until=now))


# Whether a row's Contact is where to write to its person.
WRITTEN_TO = written_to(Contact)

# Statements of every turn are built once: building one costs more than running it.
_WHO = Prepared(
    select(
        Person.id, Person.name, Person.language, Person.status, Person.advised_at, Contact.menu, Contact.phone,
        Contact.heard_at, Contact.blocked_at, Membership.role, Office.id.label("office"),
        Office.name.label("office_name"),
    )
    .join(Contact, Contact.person_id == Person.id)
    .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.until.is_(None))
    .outerjoin(Office, Office.id == Membership.office_id)
    .where(Contact.channel == bindparam("channel"), Contact.address == bindparam("address"), Contact.until.is_(None))
)  # fmt: skip
_HOLDERS = select(Membership.person_id).where(among(Membership.role, "roles", String), Membership.until.is_(None))
_REACHED = Prepared(
    select(Contact.person_id, Contact.channel, Contact.address, Person.language)
    .join(Person, Person.id == Contact.person_id)
    .where(WRITTEN_TO, among(Person.id, "people") | Person.id.in_(_HOLDERS))
    .order_by(Contact.id)
)
