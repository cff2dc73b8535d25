"""Whom people may name: the offices there are today, those they work with, and for who runs the plan all officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, bindparam, cast, func, or_, select

from models.leaves import away
from models.offices import Office
from models.people import RUN, Membership, Person, Role
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Party:
    """An office or a person. `words`: what they are called besides; `officers`: who reports for the office."""

    kind: Literal["office", "person"]
    id: int
    name: str
    words: tuple[str, ...] = ()
    officers: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Tells it apart from all others: "office3", "person7"."""
        return f"{self.kind}{self.id}"


def offices(visit: Visit) -> list[Party]:
    """The offices that exist today, by name."""
    return [
        Party("office", row.id, row.name, (row.code, *row.aliases), tuple(map(int, row.officers.split())))
        for row in visit.connection.execute(_OFFICES, {"today": visit.today})
    ]


def colleagues(visit: Visit) -> list[Party]:
    """Who reports for the same offices as this person, by name."""
    ours = Membership.office_id.in_(list(visit.who.offices))
    return _people(visit, (Membership.role == Role.OFFICER) & ours)


def colleagues_and_coordinators(visit: Visit) -> list[Party]:
    """Who reports for the same offices, and who coordinates the plan."""
    ours = Membership.office_id.in_(list(visit.who.offices))
    return _people(visit, ((Membership.role == Role.OFFICER) & ours) | (Membership.role == Role.COORDINATOR))


def officers(visit: Visit) -> list[Party]:
    """Everyone who reports; only who runs the plan may see them."""
    return _people(visit, Membership.role == Role.OFFICER) if visit.who.may(RUN) else []


def all_officers(visit: Visit) -> list[Party]:
    """Those and who is on leave, and whoever asks where they report too."""
    rows = visit.connection.execute(_EVERY_OFFICER).all() if visit.who.may(RUN) else []
    return [Party("person", row.id, row.name) for row in rows]


def _people(visit: Visit, holds: ColumnElement[bool]) -> list[Party]:
    """Others who hold such a membership and are not on leave."""
    wanted = select(Membership.person_id).where(holds, Membership.until.is_(None))
    named: Any = select(Person.id, Person.name).where(
        Person.id.in_(wanted), Person.id != visit.who.id, ~away(Person.id)
    )
    rows = visit.connection.execute(named.order_by(Person.name, Person.id), {"today": visit.today})
    return [Party("person", row.id, row.name) for row in rows]


_EVERY_OFFICER = (
    select(Person.id, Person.name)
    .where(
        Person.id.in_(
            select(Membership.person_id).where(
                Membership.role == Role.OFFICER, Membership.until.is_(None), Membership.leave_id.is_(None)
            )
        )
    )
    .order_by(Person.name, Person.id)
)
_REPORTING = (
    select(func.aggregate_strings(cast(Membership.person_id, String), " "))
    .where(Membership.office_id == Office.id, Membership.role == Role.OFFICER, Membership.until.is_(None))
    .correlate(Office)
    .scalar_subquery()
)
_TODAY: Any = bindparam("today", type_=Office.valid_from.type)
_OFFICES = (
    select(Office.id, Office.code, Office.name, Office.aliases, func.coalesce(_REPORTING, "").label("officers"))
    .where(
        or_(Office.valid_from.is_(None), Office.valid_from <= _TODAY),
        or_(Office.valid_to.is_(None), Office.valid_to >= _TODAY),
    )
    .order_by(Office.name)
)
