"""Who works on the plan, for whoever runs it: names, roles and offices, never how to reach them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from models.offices import Office
from models.people import Contact, Membership, Person, Role


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who holds at least one role. `offices`: codes; `reachable`: has a phone or page at the moment."""

    id: int
    name: str
    roles: tuple[Role, ...]
    offices: tuple[str, ...]
    reachable: bool

    def may(self, roles: Collection[Role]) -> bool:
        """Whether the person holds one of the roles."""
        return not set(roles).isdisjoint(self.roles)


def workers(connection: Connection) -> list[Worker]:
    """Everyone with a role, by name."""
    reachable = exists().where(Contact.person_id == Person.id, Contact.until.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Membership.role, Office.code, reachable.label("reachable"))
        .join(Membership, (Membership.person_id == Person.id) & Membership.until.is_(None))
        .outerjoin(Office, Office.id == Membership.office_id)
        .order_by(Person.name, Person.id, Membership.id)
    ).all()
    people = {row.id: (row.name, bool(row.reachable)) for row in rows}
    return [
        Worker(
            person_id, name,
            tuple(dict.fromkeys(Role(row.role) for row in rows if row.id == person_id)),
            tuple(row.code for row in rows if row.id == person_id and row.code),
            reached,
        )
        for person_id, (name, reached) in people.items()
    ]  # fmt: skip


def citizens(connection: Connection) -> int:
    """How many people without a role agreed that something of theirs is kept."""
    return connection.execute(
        select(func.count()).select_from(Person).where(Person.status == "citizen", Person.name == "")
    ).scalar_one()
