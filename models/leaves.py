"""Leave: until when somebody is away, and who reports in their place meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.base import Base, Conflict, Key, Utc
from models.people import RUN, Membership, Person, Role
from models.visit import Visit


class Leave(Base):
    """Both days included. While it lasts the substitute holds the officer's memberships: see `follow`."""

    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date, index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    told_at: Mapped[datetime] = mapped_column(Utc)


def take(
    connection: Connection, person_id: int, starts: date, ends: date, substitute_id: int | None, now: datetime
) -> int:
    """Keep a leave and return its id. The next tick makes it count; call `follow` where that is too late.

    Raises ValueError where it ends before it begins or people stand in for themselves.
    """
    if ends < starts or substitute_id == person_id:
        raise ValueError("a leave ends after it begins, and nobody stands in for themselves")
    added = insert(Leave).values(
        person_id=person_id, starts=starts, ends=ends, substitute_id=substitute_id, told_at=now
    )
    return connection.execute(added.returning(Leave.id)).scalar_one()


def put_in(visit: Visit, person_id: int, substitute_id: int, until: date) -> int:
    """Who runs the plan puts somebody in an officer's place from today on; the number of the leave."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan puts somebody in another's place")
    make_room(visit.connection, person_id, visit.today, until, visit.today)
    number = take(visit.connection, person_id, visit.today, until, substitute_id, visit.now)
    follow(visit.connection, visit.today, visit.now)
    return number


def end(connection: Connection, leave_id: int, today: date) -> None:
    """The leave ended yesterday, or is not taken at all."""
    connection.execute(update(Leave).where(Leave.id == leave_id).values(ends=today - timedelta(days=1)))


def make_room(connection: Connection, person_id: int, starts: date, ends: date, today: date) -> None:
    """A new leave takes these days: one it meets ends before it, or is not taken where it had not begun."""
    met = update(Leave).where(Leave.person_id == person_id, Leave.starts <= ends, Leave.ends >= starts)
    begun = case((Leave.starts <= today, starts - timedelta(days=1)), else_=today - timedelta(days=1))
    connection.execute(met.values(ends=begun))


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave that is not over. `substitute`: who stands in, "" and None for nobody."""

    id: int
    person_id: int
    name: str
    starts: date
    ends: date
    substitute_id: int | None
    substitute: str


def of(connection: Connection, person_id: int, today: date) -> Absence | None:
    """The leave a person is on."""
    return _absence(connection, Leave.person_id == person_id, Leave.starts <= today, Leave.ends >= today)


def announced(connection: Connection, person_id: int, today: date) -> list[Absence]:
    """The leaves of a person that have not begun, in their order."""
    wanted = _ABSENCES.where(Leave.person_id == person_id, Leave.starts > today, Leave.ends >= Leave.starts)
    return [Absence(*row) for row in connection.execute(wanted.order_by(Leave.starts, Leave.id))]


def by_id(connection: Connection, leave_id: int, today: date) -> Absence | None:
    """The leave of this number, None where it is over."""
    return _absence(connection, Leave.id == leave_id, Leave.ends >= today)


def uncovered(connection: Connection, today: date) -> list[Absence]:
    """Officers who are away, or will be, and for whom nobody stands in; who comes back first comes last."""
    reports = exists().where(
        Membership.person_id == Leave.person_id, Membership.role == Role.OFFICER, Membership.until.is_(None)
    )
    wanted = _ABSENCES.where(Leave.ends >= today, Leave.substitute_id.is_(None), reports)
    return [Absence(*row) for row in connection.execute(wanted.order_by(Leave.ends.desc(), Leave.id))]


def cover(connection: Connection, leave_id: int, substitute_id: int) -> None:
    """Name who stands in; Conflict where somebody else did. The next tick makes it count."""
    named = update(Leave).where(Leave.id == leave_id, Leave.substitute_id.is_(None), Leave.person_id != substitute_id)
    if connection.execute(named.values(substitute_id=substitute_id)).rowcount == 0:
        raise Conflict(f"leave {leave_id} has a substitute")


def _absence(connection: Connection, *where: ColumnElement[bool]) -> Absence | None:
    row = connection.execute(_ABSENCES.where(*where).order_by(Leave.id.desc()).limit(1)).one_or_none()
    return Absence(*row) if row else None


def away(person_id: Any) -> ColumnElement[bool]:
    """Whether the person of a row is on leave; parameter `today`."""
    today = bindparam("today", type_=Date)
    return exists().where(Leave.person_id == person_id, Leave.starts <= today, Leave.ends >= today)


def follow(connection: Connection, today: date, now: datetime) -> None:
    """Give substitutes the memberships of those whose leave has begun, and take them back when it is over."""
    connection.execute(_PASS_ON[connection.dialect.name], {"today": today, "now": now})
    connection.execute(_TAKE_BACK, {"today": today, "now": now})


_STANDS_IN = aliased(Person)
_ABSENCES = (
    select(
        Leave.id, Leave.person_id, Person.name, Leave.starts, Leave.ends, Leave.substitute_id,
        func.coalesce(_STANDS_IN.name, ""),
    )
    .join(Person, Person.id == Leave.person_id)
    .outerjoin(_STANDS_IN, _STANDS_IN.id == Leave.substitute_id)
)  # fmt: skip
_OWN, _HELD = aliased(Membership), aliased(Membership)
_PASSED_ON = (
    select(Leave.substitute_id, literal(Role.OFFICER), _OWN.office_id, bindparam("now", type_=Utc), Leave.id)
    .join(_OWN, (_OWN.person_id == Leave.person_id) & _OWN.until.is_(None) & _OWN.leave_id.is_(None))
    .where(
        Leave.starts <= bindparam("today", type_=Date),
        Leave.ends >= bindparam("today", type_=Date),
        Leave.substitute_id.is_not(None),
        _OWN.role == Role.OFFICER,
        ~exists().where(
            _HELD.person_id == Leave.substitute_id,
            _HELD.role == Role.OFFICER,
            _HELD.office_id == _OWN.office_id,
            _HELD.until.is_(None),
        ),
    )
)
_COLUMNS = ["person_id", "role", "office_id", "since", "leave_id"]
_PASS_ON = {
    "sqlite": insert_sqlite(Membership).from_select(_COLUMNS, _PASSED_ON).on_conflict_do_nothing(),
    "postgresql": insert_postgresql(Membership).from_select(_COLUMNS, _PASSED_ON).on_conflict_do_nothing(),
}
_TAKE_BACK = (
    update(Membership)
    .where(
        Membership.until.is_(None),
        Membership.leave_id.in_(select(Leave.id).where(Leave.ends < bindparam("today", type_=Date))),
    )
    .values(until=bindparam("now", type_=Utc))
)
