"""One person on several chats: a one-time code shows that two are the same, who then has one draft and one history."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    String,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column

from conversation.understanding import fold
from models import audit, participation
from models.audit import Entry
from models.base import Base, Conflict, Utc
from models.conversations import Conversation
from models.deliveries import Delivery
from models.digests import DigestLine
from models.downloads import Download
from models.hand_outs import HandOut
from models.people import WRITTEN_TO, Consent, Contact, Membership, Person, Reached, Who
from models.reachability import ASKED_FOR, give_up
from models.requests import Request
from models.subscriptions import Subscription

VALID = timedelta(minutes=15)
# Wrong codes that a person may type within a time, and how the audit calls one.
MISSES, WITHIN, MISSED = 5, timedelta(hours=1), "link.missed"
# Nothing in here looks like another. Each half has a letter and a digit, so that few other words look like a code.
LETTERS, DIGITS = "ACDEFGHJKMNPQRTUVWXY", "34679"
HALF = rf"(?=[a-z]{{0,3}}[0-9])(?=[0-9]{{0,3}}[a-z])[{LETTERS.lower()}{DIGITS}]{{4}}"
# The conversation that links keeps its own row to itself.
LINK = "link"
# What follows a person, besides chats and drafts, and what may be theirs only once. The rest comes with having worked
# on the plan, and two who have are not made one.
FOLLOW: dict[Any, tuple[str, ...]] = {
    Consent: (), Delivery: (), Download: (), HandOut: (), Request: (),
    participation.Question: (), participation.Proposal: (),
    participation.Attendance: ("event_id",), participation.Survey: ("event_id",),
    DigestLine: ("announcement_id",), Subscription: ("kind", "value", "until"),
}  # fmt: skip


class LinkCode(Base):
    """The newest code of a person. Only its hash is kept; it is good once and not for long."""

    __tablename__ = "link_codes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class Other:
    """Whose code it is, as seen from the chat where it was typed.

    chat      where they are written to, None where nowhere
    rooted    whether they have worked on the plan or wait to be let in; me_rooted: whether the one who typed it has
    revision  the highest of all their conversations where one of the two has a draft, 0 otherwise
    nouns     the tables with something that follows a person, of the one who would become the other
    """

    person_id: int
    name: str
    chat: Reached | None
    rooted: bool
    me_rooted: bool
    revision: int
    nouns: tuple[str, ...]


def new_code(connection: Connection, person_id: int, now: datetime) -> str:
    """A code for another chat of the person, "K7QM-4XRT"; the one before it is no longer good."""
    half, halves = re.compile(HALF), list[str]()
    while len(halves) < 2:
        made = "".join(secrets.choice(LETTERS + DIGITS) for _letter in range(4))
        halves += [made] if half.fullmatch(made.lower()) else []
    made = "-".join(halves)
    values = {"person_id": person_id, "code_hash": hashed(made), "made_at": now, "expires_at": now + VALID}
    connection.execute(_MAKE[connection.dialect.name], values)
    return made


def hashed(typed: str) -> str:
    """What is kept of a code, however it is typed; "" where it is none."""
    letters = "".join(fold(typed).split())
    return sha256(letters.encode()).hexdigest() if re.fullmatch(HALF + HALF, letters) else ""


def alone(text: str) -> bool:
    """Whether a text looks like a code and nothing else."""
    return re.fullmatch(f"{HALF} ?{HALF}", fold(text)) is not None


def of(connection: Connection, code_hash: str, me: Who, now: datetime) -> Other | None:
    """Whose code it is; None where it is not good, or not any more."""
    row = connection.execute(_OF, {"hash": code_hash, "me": me.id, "now": now}).first() if code_hash else None
    if row is None:
        return None
    chat = Reached(row.id, row.channel, row.address, row.language) if row.channel else None
    nouns = tuple(name for name in _MOVE if getattr(row, name))
    return Other(row.id, row.name, chat, bool(row.rooted), bool(row.me_rooted), row.revision, nouns)


def missed(connection: Connection, person_id: int, now: datetime) -> None:
    """A person typed a code that is not good."""
    # Nobody is named as the actor: who never consents is forgotten, what the audit refers to is not.
    audit.record(connection, now, None, MISSED, f"person:{person_id}")


def misses(connection: Connection, person_id: int, now: datetime) -> int:
    """How many the person has typed within the time that counts."""
    asked = {"subject": f"person:{person_id}", "since": now - WITHIN}
    return connection.execute(_MISSES, asked).scalar_one()


def join(connection: Connection, me: Who, other: Other, code_hash: str, now: datetime) -> int:
    """Make one person of two; returns which. It is whoever has worked on the plan, or else whose code it is.

    Drafts of the other are kept where there is none of the kind. Conflict where the code was used meanwhile.
    """
    asked: dict[str, Any] = {"hash": code_hash, "now": now}
    if not connection.execute(_USE, asked).rowcount:
        raise Conflict("the code was used")
    kept, gone = (me.id, other.person_id) if other.me_rooted else (other.person_id, me.id)
    asked = {"kept": kept, "gone": gone, "now": now, "above": other.revision}
    contacts = list(connection.execute(_CONTACTS, asked).scalars())
    for noun in other.nouns:
        connection.execute(_MOVE[noun], asked)
    if other.revision:
        connection.execute(_DROP_ENDED, asked)
        connection.execute(_MOVE_DRAFTS, asked)
    connection.execute(_LINKED, asked)
    audit.record(connection, now, me.id, "people.linked", f"person:{kept}", merged=gone, contacts=contacts)
    return kept


def chats(connection: Connection, person_id: int) -> int:
    """In how many chats the person is known."""
    return connection.execute(_CHATS, {"person": person_id}).scalar_one()


def part(connection: Connection, me: Who, now: datetime) -> None:
    """Make somebody new of the chat: nothing that is the person's is told there any more."""
    newcomer = connection.execute(_NEWCOMER, {"language": me.language, "created_at": now}).scalar_one()
    here = {"on": me.channel, "at": me.address, "newcomer": newcomer, "now": now}
    contact = connection.execute(_PART, here).scalar_one()
    give_up(connection, me.channel, me.address, "se separó el chat", Delivery.kind.not_in(ASKED_FOR))
    audit.record(connection, now, me.id, "people.unlinked", f"person:{me.id}", contact=contact, to=newcomer)


_NOW = bindparam("now", type_=Utc)
_INSERT: dict[str, Any] = {"sqlite": insert_sqlite(LinkCode), "postgresql": insert_postgresql(LinkCode)}
_MAKE = {
    name: adding.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"used_at": None, **{key: adding.excluded[key] for key in ("code_hash", "made_at", "expires_at")}},
    )
    for name, adding in _INSERT.items()
}
_GOOD = and_(LinkCode.code_hash == bindparam("hash"), LinkCode.used_at.is_(None), LinkCode.expires_at > _NOW)
_BOTH = Conversation.person_id.in_((bindparam("me"), LinkCode.person_id))
_DRAFT = and_(Conversation.status != "ended", Conversation.expires_at > _NOW, Conversation.name != LINK)
_HIGHEST = select(func.max(Conversation.revision)).where(_BOTH).correlate(LinkCode).scalar_subquery()


def _rooted(person_id: Any) -> ColumnElement[bool]:
    waits = aliased(Person)
    return exists().where(Membership.person_id == person_id) | exists().where(
        waits.id == person_id, waits.status == "pending"
    )


_ME_ROOTED = _rooted(bindparam("me"))
_GONE = case((_ME_ROOTED, LinkCode.person_id), else_=bindparam("me"))
_OF = (
    select(
        Person.id, Person.name, Person.language, Contact.channel, Contact.address,
        _rooted(LinkCode.person_id).label("rooted"),
        _ME_ROOTED.label("me_rooted"),
        case((exists().where(_BOTH, _DRAFT).correlate(LinkCode), _HIGHEST), else_=0).label("revision"),
        *(exists().where(noun.person_id == _GONE).correlate(LinkCode).label(noun.__tablename__) for noun in FOLLOW),
    )
    .join(LinkCode, LinkCode.person_id == Person.id)
    .outerjoin(Contact, and_(Contact.person_id == Person.id, WRITTEN_TO))
    .where(_GOOD)
)  # fmt: skip
_MISSES = select(func.count()).where(
    Entry.subject == bindparam("subject"), Entry.action == MISSED, Entry.at > bindparam("since", type_=Utc)
)
_USE = update(LinkCode).where(_GOOD).values(used_at=_NOW)
_CONTACTS = (
    update(Contact)
    .where(Contact.person_id == bindparam("gone"))
    .values(person_id=bindparam("kept"))
    .returning(Contact.id)
)


def _moving(noun: Any, alike: tuple[str, ...]) -> Update:
    """What is of one becomes the other's, unless that has the same already."""
    moved = update(noun).where(noun.person_id == bindparam("gone")).values(person_id=bindparam("kept"))
    if not alike:
        return moved
    own = aliased(noun)
    same = (getattr(own, name).is_not_distinct_from(getattr(noun, name)) for name in alike)
    return moved.where(~exists().where(own.person_id == bindparam("kept"), *same))


_MOVE = {noun.__tablename__: _moving(noun, alike) for noun, alike in FOLLOW.items()}
_THEIRS = select(Conversation.name).where(Conversation.person_id == bindparam("gone"), _DRAFT)
_OURS = select(Conversation.name).where(Conversation.person_id == bindparam("kept"))
_DROP_ENDED = delete(Conversation).where(
    Conversation.person_id == bindparam("kept"), Conversation.name.in_(_THEIRS), ~_DRAFT
)
# Asked anew where it is taken up again, so that no button shown before answers it.
_MOVE_DRAFTS = (
    update(Conversation)
    .where(Conversation.person_id == bindparam("gone"), _DRAFT, Conversation.name.not_in(_OURS))
    .values(
        person_id=bindparam("kept"), status="parked", waiting_for="",
        revision=Conversation.revision + bindparam("above"),
    )
)  # fmt: skip
_LINKED = update(Person).where(Person.id == bindparam("gone")).values(status="linked")
_CHATS = select(func.count()).where(Contact.person_id == bindparam("person"), Contact.until.is_(None))
_NEWCOMER = insert(Person).returning(Person.id)
_PART = (
    update(Contact)
    .where(Contact.channel == bindparam("on"), Contact.address == bindparam("at"), Contact.until.is_(None))
    .values(person_id=bindparam("newcomer"), since=_NOW)
    .returning(Contact.id)
)
