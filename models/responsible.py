"""Who reports for an office, told to those who may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.people import Membership, Person, Role
from models.reports import Report
from models.visibility import sees
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Responsible:
    """An officer; `reported_at`: when their newest report came, None where they never reported."""

    name: str
    reported_at: datetime | None


def responsible(visit: Visit, offices: Iterable[int | None]) -> dict[int, list[Responsible]]:
    """The officers of those offices whose people the visitor may know, by name; an office without any has none.

    At most one statement.
    """
    seen = {office for office in offices if office is not None and sees(visit.who, office)}
    found: dict[int, list[Responsible]] = {office: [] for office in seen}
    newest = select(Report.received_at).where(Report.author_id == Person.id).order_by(Report.id.desc()).limit(1)
    if not seen:
        return found
    rows: Sequence[Any] = visit.connection.execute(
        select(Membership.office_id, Person.name, newest.correlate(Person).scalar_subquery())
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.office_id.in_(seen), Membership.role == Role.OFFICER, Membership.until.is_(None))
        .order_by(Person.name)
    ).all()
    for office, name, at in rows:
        found[office].append(Responsible(name, at))
    return found
