"""Invitations: a single-use link for one person and one role. Using it asks to be let in; a second person confirms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, ForeignKey, Row, Select, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Conflict, Key, Utc
from models.installation import ADDRESS, TELEGRAM_NAME, WHATSAPP_NUMBER, Installation
from models.offices import Office
from models.people import RUN, Contact, Membership, Person, Role, Who
from models.visit import Visit

VALID = timedelta(days=7)
# The link that writes "/start TOKEN" for the person, by what the installation is called there.
WAYS = {
    ADDRESS: "{}/chat?start={}",
    TELEGRAM_NAME: "https://t.me/{}?start={}",
    WHATSAPP_NUMBER: "https://wa.me/{}?text=/start%20{}",
}


class Invitation(Base):
    """Only the hash of the token is kept: who reads the database cannot use it.

    token_hash  SHA-256 of the token
    state       open, used, confirmed, refused, cancelled
    replaces    the person whose phone was lost: the new contact is theirs
    invited_by  who wrote it, and so does not confirm it; NULL for the command line
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    replaces: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invited_by: Mapped[int | None] = mapped_column(Key)  # no foreign key: SQLite cannot add one later


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says. `person_id` is whoever used it, `by_id` whoever wrote it, 0 for nobody."""

    id: int
    name: str
    role: Role
    office: str
    state: str
    person_id: int
    by_id: int = 0


def create(
    connection: Connection, name: str, role: Role, office_id: int | None, now: datetime, replaces: int | None = None
) -> str:
    """Store an invitation and return its token (22 characters of A-Z a-z 0-9 _ -), which is kept nowhere."""
    return _add(connection, name=name, role=role, office_id=office_id, replaces=replaces, created_at=now)[1]


def write(visit: Visit, name: str, role: Role, office_id: int | None) -> tuple[int, str]:
    """The same by who runs the plan, and so not confirmed by them; its number and its token.

    Only who administers makes others administer.
    """
    if not visit.who.may(RUN if role != Role.ADMINISTRATOR else {Role.ADMINISTRATOR}):
        raise PermissionError(f"not theirs to invite as {role}")
    return _add(
        visit.connection, name=name, role=role, office_id=office_id, created_at=visit.now, invited_by=visit.who.id
    )


def _add(connection: Connection, *, created_at: datetime, **values: Any) -> tuple[int, str]:
    token = secrets.token_urlsafe(16)
    kept = {"token_hash": _hash(token), "created_at": created_at, "expires_at": created_at + VALID, **values}
    return connection.execute(insert(Invitation).values(kept).returning(Invitation.id)).scalar_one(), token


def ways(connection: Connection, token: str) -> list[str]:
    """What to open to use it, an address for each channel there is."""
    rows = connection.execute(select(Installation.key, Installation.value).where(Installation.key.in_(WAYS)))
    known = {row.key: row.value for row in rows}
    return [WAYS[key].format(known[key], token) for key in WAYS if known.get(key)]


def cancel(visit: Visit, invitation_id: int) -> None:
    """Nobody can use it any more. Conflict where somebody has."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan cancels invitations")
    still = update(Invitation).where(Invitation.id == invitation_id, Invitation.state == "open")
    if visit.connection.execute(still.values(state="cancelled", decided_by=visit.who.id)).rowcount == 0:
        raise Conflict(f"invitation {invitation_id} is not open")


def by_token(connection: Connection, token: str, now: datetime) -> Invited | None:
    """The open invitation behind a token."""
    wanted = _invited().where(
        Invitation.token_hash == _hash(token), Invitation.state == "open", Invitation.expires_at > now
    )
    row = connection.execute(wanted).one_or_none()
    return _read(row) if row else None


def by_id(connection: Connection, invitation_id: int) -> Invited | None:
    """An invitation, whatever became of it."""
    row = connection.execute(_invited().where(Invitation.id == invitation_id)).one_or_none()
    return _read(row) if row else None


def waiting(connection: Connection) -> list[Invited]:
    """Those who used an invitation and wait to be let in."""
    return [_read(row) for row in connection.execute(_invited().where(Invitation.state == "used"))]


def use(connection: Connection, invited: Invited, person: Who, now: datetime) -> None:
    """Take the invitation for this person; Conflict where somebody else did."""
    taken = connection.execute(
        update(Invitation)
        .where(Invitation.id == invited.id, Invitation.state == "open", Invitation.expires_at > now)
        .values(state="used", used_by=person.id, used_at=now)
    )
    if taken.rowcount == 0:
        raise Conflict(f"invitation {invited.id} was taken")
    if not person.roles:
        connection.execute(update(Person).where(Person.id == person.id).values(name=invited.name, status="pending"))


def decide(connection: Connection, invited: Invited, accept: bool, by: int | None, now: datetime) -> int:
    """Let the person in, or not; Conflict where it was decided meanwhile. `by` is None for the command line.

    Returns the person to tell: with a lost phone, the one whose contact this is now.
    """
    row = connection.execute(
        update(Invitation)
        .where(Invitation.id == invited.id, Invitation.state == "used")
        .values(state="confirmed" if accept else "refused", decided_by=by)
        .returning(Invitation.role, Invitation.office_id, Invitation.replaces)
    ).one_or_none()
    if row is None:
        raise Conflict(f"invitation {invited.id} was decided")
    if not accept:
        refused = update(Person).where(Person.id == invited.person_id, Person.status == "pending")
        connection.execute(refused.values(status="citizen", name=""))
    elif row.replaces:
        _move_contact(connection, invited.person_id, row.replaces)
        return int(row.replaces)
    else:
        connection.execute(
            insert(Membership).values(person_id=invited.person_id, role=row.role, office_id=row.office_id, since=now)
        )
        connection.execute(update(Person).where(Person.id == invited.person_id).values(status="member"))
    return invited.person_id


def _move_contact(connection: Connection, newcomer: int, owner: int) -> None:
    """The address that used the invitation becomes the owner's: roles, drafts and history stay with the person."""
    connection.execute(
        update(Contact).where(Contact.person_id == newcomer, Contact.until.is_(None)).values(person_id=owner)
    )
    connection.execute(update(Person).where(Person.id == newcomer).values(name="", status="citizen"))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _invited() -> Select[*tuple[Any, ...]]:
    return select(
        Invitation.id, Invitation.name, Invitation.role, Office.name.label("office"), Invitation.state,
        Invitation.used_by, Invitation.invited_by,
    ).outerjoin(Office, Office.id == Invitation.office_id)  # fmt: skip


def _read(row: Row[Any]) -> Invited:
    return Invited(row.id, row.name, Role(row.role), row.office or "", row.state, row.used_by or 0,
                   row.invited_by or 0)  # fmt: skip
