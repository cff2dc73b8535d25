"""What stands in the way of an obligation, as its officers answer a nudge: since when, and who could clear it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Select,
    String,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Conflict, Key, Utc, partial_index
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Membership, Person, Role

Kind = Literal["almost", "late", "not_mine", "blocked"]
Verdict = Literal["accepted", "refused", "cleared"]
Answered = Literal["done", "declined"]


class Blocker(Base):
    """One answer of one officer on one obligation; the obligation's due date never moves for it.

    kind           almost ("ya casi"), late ("no alcanzo"), not_mine ("no me toca"), blocked (somebody else must act)
    proposed_on    by when the officer says it will be done
    office_id, blocker_id  whom it is counted against: the office or the person who blocks, or to whom it belongs
    quiet_until    nudges to this person on this obligation rest before this day
    reply          what whoever blocks says of it: done ("ya lo hice") or declined, "" while they say nothing
    outcome        accepted, refused or cleared, "" while nobody has decided; why: the reason of a refusal
    """

    __tablename__ = "blockers"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_on: Mapped[date | None] = mapped_column(Date)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    blocker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    quiet_until: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Utc)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    outcome: Mapped[str] = mapped_column(String(8), default="")
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    reply: Mapped[str] = mapped_column(String(8), default="", server_default="")

    __table_args__ = (
        Index("ix_blockers_answered", "obligation_id", "person_id"),
        partial_index("ix_blockers_open", "at", where="outcome = ''"),
    )


@dataclass(frozen=True, slots=True)
class Blocked:
    """A blocker nobody has decided. `against`: the person or office that blocks, "" where nobody was named."""

    id: int
    obligation_id: int
    code: str
    person_id: int
    name: str
    kind: Kind
    reason: str
    proposed_on: date | None
    against: str
    at: datetime
    reply: Answered | Literal[""]


@dataclass(frozen=True, slots=True)
class Held:
    """How many open obligations wait for a person or an office, and since when the oldest does."""

    against: str
    obligations: int
    since: datetime


def add(connection: Connection, obligation_id: int, person_id: int, kind: Kind, now: datetime, **values: Any) -> int:
    """Keep an answer and return its id. `values`: reason, proposed_on, office_id, blocker_id, quiet_until."""
    answer = {"obligation_id": obligation_id, "person_id": person_id, "kind": kind, "at": now, **values}
    return connection.execute(insert(Blocker).values(answer).returning(Blocker.id)).scalar_one()


def decide(
    connection: Connection, blocker_id: int, by: int, outcome: Verdict, now: datetime, /, **settled: Any
) -> None:
    """Decide an answer; Conflict where somebody else did.

    `settled`: why, quiet_until (a colleague is nudged instead), office_id, blocker_id (whose it is from here on).
    """
    values = {"decided_by": by, "decided_at": now, "outcome": outcome, **settled}
    decided = update(Blocker).where(Blocker.id == blocker_id, Blocker.outcome == "").values(values)
    if connection.execute(decided).rowcount == 0:
        raise Conflict(f"blocker {blocker_id} was decided")


def reply(connection: Connection, blocker_id: int, said: Answered) -> None:
    """Keep what whoever blocks says of it; Conflict where they said something before, or it was decided."""
    open_still = (Blocker.id == blocker_id, Blocker.reply == "", Blocker.outcome == "")
    if connection.execute(update(Blocker).where(*open_still).values(reply=said)).rowcount == 0:
        raise Conflict(f"blocker {blocker_id} needs no reply")


def waiting(connection: Connection, most: int = 100) -> list[Blocked]:
    """The oldest undecided blockers of obligations that are still open; "ya casi" needs no decision."""
    wanted = _open().where(Blocker.kind != "almost").order_by(Blocker.at, Blocker.id).limit(most)
    return [Blocked(*row) for row in connection.execute(wanted)]


def held(connection: Connection) -> list[Held]:
    """Who holds up how much, most first. A blocker counts until it is decided or its obligation is reported."""
    named = _open().where(_AGAINST != "", Blocker.kind == "blocked").subquery()
    counted = select(named.c.against, func.count(named.c.obligation_id.distinct()), func.min(named.c.at))
    rows = connection.execute(counted.group_by(named.c.against).order_by(func.min(named.c.at))).all()
    return sorted((Held(*row) for row in rows), key=lambda one: -one.obligations)


def resting(obligation_id: Any, person_id: Any) -> ColumnElement[bool]:
    """Whether nudges to the person of a row on its obligation rest; parameter `today`.

    What passed to a colleague rests as long as the colleague reports for the office that leads it.
    """
    reports = exists().where(
        Membership.person_id == Blocker.blocker_id, Membership.role == Role.OFFICER, Membership.until.is_(None),
        Ownership.obligation_id == Blocker.obligation_id, Ownership.part == "lead",
        Ownership.office_id == Membership.office_id,
    )  # fmt: skip
    return exists().where(
        Blocker.obligation_id == obligation_id,
        Blocker.person_id == person_id,
        Blocker.quiet_until > bindparam("today", type_=Date),
        Blocker.blocker_id.is_(None) | reports,
    )


def passed_on(obligation_id: Any, person_id: Any) -> ColumnElement[bool]:
    """Whether the obligation of a row passed from its person to a colleague, whatever became of the colleague."""
    return exists().where(
        Blocker.obligation_id == obligation_id, Blocker.person_id == person_id, Blocker.kind == "not_mine",
        Blocker.quiet_until.is_not(None),
    ).correlate_except(Blocker)  # fmt: skip


_BLOCKS = (
    select(Person.name).where(Person.id == Blocker.blocker_id).correlate(Blocker).scalar_subquery(),
    select(Office.name).where(Office.id == Blocker.office_id).correlate(Blocker).scalar_subquery(),
)
_AGAINST = func.coalesce(*_BLOCKS, "")


def _open() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Blocker.id, Blocker.obligation_id, Obligation.code, Blocker.person_id, Person.name, Blocker.kind,
            Blocker.reason, Blocker.proposed_on, _AGAINST.label("against"), Blocker.at,
            Blocker.reply,
        )
        .join(Obligation, Obligation.id == Blocker.obligation_id)
        .join(Person, Person.id == Blocker.person_id)
        .where(
            Blocker.outcome == "", Obligation.withdrawn_at.is_(None), Obligation.reported < Obligation.target
        )
    )  # fmt: skip
