"""Who works on the plan and hears nothing from us: somebody has to call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Date, bindparam, case, func, select

from models.deliveries import Delivery
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Contact, Membership, Person
from models.prepared import among

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Unheard:
    """Somebody with a role.

    why      they have no chat, blocked all they have, want nothing there, or the newest message did not reach them
    offices  the names of those they hold a role for
    late     obligations these lead that are late; owed: these, and those due within a week, the first on `due`
    """

    person_id: int
    name: str
    why: Literal["none", "blocked", "muted", "failed"]
    offices: tuple[str, ...]
    late: int
    owed: int
    due: date | None


def unheard(connection: Connection, today: date) -> list[Unheard]:
    """Those who owe most first. Two statements."""
    why = {row.id: (row.name, _why(row)) for row in connection.execute(_WORKING)}
    people = [person for person, (_name, reason) in why.items() if reason]
    asked = {"people": people, "today": today, "soon": today + SOON}
    owed = connection.execute(_OWED, asked).all() if people else []
    found = [_unheard(person, *why[person], [row for row in owed if row.person_id == person]) for person in people]
    return sorted(found, key=lambda one: (-one.late, -one.owed, one.name))


def _unheard(person: int, name: str, why: Any, owed: Sequence[Any]) -> Unheard:
    return Unheard(
        person, name, why, tuple(row.name for row in owed if row.name), sum(row.late for row in owed),
        sum(row.owed for row in owed), min((row.due for row in owed if row.due), default=None),
    )  # fmt: skip


def _why(row: Any) -> Any:
    if not row.chats:
        return "none"
    if not row.able:
        return "muted" if row.muted else "blocked"
    return "failed" if row.newest == "failed" else ""


_NEWEST = (
    select(Delivery.state)
    .where(Delivery.person_id == Person.id)
    .order_by(Delivery.id.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_BLOCKED, _MUTED = Contact.blocked_at.is_not(None), Contact.muted_at.is_not(None)
_WORKING = (
    select(
        Person.id, Person.name, func.count(Contact.id).label("chats"),
        func.count(case((~_BLOCKED & ~_MUTED, Contact.id))).label("able"),
        func.count(case((~_BLOCKED & _MUTED, 1))).label("muted"), _NEWEST.label("newest"),
    )
    .outerjoin(Contact, (Contact.person_id == Person.id) & Contact.until.is_(None))
    .where(Person.id.in_(select(Membership.person_id).where(Membership.until.is_(None))))
    .group_by(Person.id, Person.name)
    .order_by(Person.id)
)  # fmt: skip
_TODAY = bindparam("today", type_=Date)
_OPEN = (
    (Obligation.id == Ownership.obligation_id)
    & (Obligation.reported < Obligation.target)
    & Obligation.withdrawn_at.is_(None)
    & (Obligation.due <= bindparam("soon", type_=Date))
)
_OWED = (
    select(
        Membership.person_id, Office.name, func.count(Obligation.id).label("owed"),
        func.count(case((Obligation.due < _TODAY, 1))).label("late"), func.min(Obligation.due).label("due"),
    )
    .outerjoin(Office, Office.id == Membership.office_id)
    .outerjoin(Ownership, (Ownership.office_id == Membership.office_id) & (Ownership.part == "lead"))
    .outerjoin(Obligation, _OPEN)
    .where(among(Membership.person_id, "people"), Membership.until.is_(None))
    .group_by(Membership.person_id, Office.name)
    .order_by(Membership.person_id, Office.name)
)  # fmt: skip
