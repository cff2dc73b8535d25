"""What an officer answered, as whoever decides it sees it; and what a decision changes: who is in charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from models.base import Utc
from models.blockers import Blocker, Kind
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Person
from models.plan import Activity


@dataclass(frozen=True, slots=True)
class Case:
    """One answer on one obligation.

    office           whose obligation it is, "" for the entity's
    against_office   the office named (blocks, or it is theirs) and its id; against_person: the person
    reply            what whoever blocks says of it, as in Blocker
    outcome, by, by_id  what was decided and by whom, "" and None while nobody has
    open             whether the obligation still waits for a report
    """

    id: int
    obligation_id: int
    code: str
    number: int
    title: str
    period: str
    topic: str
    office: str
    due: date
    open: bool
    person_id: int
    name: str
    kind: Kind
    reason: str
    proposed_on: date | None
    office_id: int | None
    against_office: str
    against_id: int | None
    against_person: str
    reply: str
    outcome: str
    by: str
    by_id: int | None

    @property
    def against(self) -> str:
        """The person or office named, "" where nobody was."""
        return self.against_person or self.against_office


def one(connection: Connection, blocker_id: int) -> Case | None:
    """The answer of this number."""
    row = connection.execute(_ONE, {"id": blocker_id}).one_or_none()
    return Case(**row._mapping) if row else None


def withdraw(connection: Connection, obligation_id: int, person_id: int, kind: Kind, now: datetime) -> None:
    """The person answers anew: what they had said of this kind needs no decision any more."""
    said = update(Blocker).where(
        Blocker.obligation_id == obligation_id, Blocker.person_id == person_id, Blocker.kind == kind,
        Blocker.outcome == "",
    )  # fmt: skip
    connection.execute(said.values(outcome="cleared", decided_by=person_id, decided_at=now))


def agree(connection: Connection, obligation_id: int, day: date) -> None:
    """From here on the nudges count from this day; the plan's due date stays what it is."""
    connection.execute(update(Obligation).where(Obligation.id == obligation_id).values(agreed=day))


def take_over(connection: Connection, obligation_id: int, person_id: int) -> None:
    """The obligation is this officer's now, also where it had passed from them to a colleague."""
    passed = update(Blocker).where(
        Blocker.obligation_id == obligation_id, Blocker.person_id == person_id, Blocker.kind == "not_mine"
    )
    connection.execute(passed.values(quiet_until=None))


def hand_over(connection: Connection, obligation_id: int, office_id: int) -> None:
    """From here on this office leads the obligation; the one that did no longer owes it."""
    lead(connection, {obligation_id: office_id})


def lead(connection: Connection, offices: Mapping[int, int]) -> None:
    """From here on these offices, by the ids of the obligations, lead them. Two statements."""
    if offices:
        rows = [{"obligation": key, "office": office} for key, office in offices.items()]
        connection.execute(_OUT, rows)
        connection.execute(_IN, rows)


def hand_over_again(connection: Connection, plan_id: int) -> None:
    """The owners were written anew from the plan: what was handed over since stays handed over."""
    given = [(row.at, row.obligation_id, row.office_id) for row in connection.execute(_GIVEN, {"plan": plan_id})]
    lead(connection, {obligation: office for _at, obligation, office in sorted(given)})


_OUT = delete(Ownership).where(
    Ownership.obligation_id == bindparam("obligation"),
    (Ownership.part == "lead") | (Ownership.office_id == bindparam("office")),
)
_IN = insert(Ownership).values(obligation_id=bindparam("obligation"), office_id=bindparam("office"), part="lead")
# models.handovers stands above this file.
_handed = table("handovers", column("obligation_id"), column("office_id"), column("at", Utc))
_GIVEN = union_all(
    select(Blocker.decided_at.label("at"), Blocker.obligation_id, Blocker.office_id)
    .join(Obligation, Obligation.id == Blocker.obligation_id)
    .where(
        Obligation.plan_id == bindparam("plan"), Blocker.kind == "not_mine", Blocker.outcome == "accepted",
        Blocker.office_id.is_not(None),
    ),
    select(_handed.c.at, _handed.c.obligation_id, _handed.c.office_id)
    .join(Obligation, Obligation.id == _handed.c.obligation_id)
    .where(Obligation.plan_id == bindparam("plan")),
)  # fmt: skip
_counted, _named, _blocker, _decider = aliased(Office), aliased(Office), aliased(Person), aliased(Person)
_ONE = (
    select(
        Blocker.id, Blocker.obligation_id, Obligation.code, Activity.number, Activity.title, Obligation.period,
        Obligation.topic, func.coalesce(_counted.name, "").label("office"), Obligation.due,
        and_(Obligation.reported < Obligation.target, Obligation.withdrawn_at.is_(None)).label("open"),
        Blocker.person_id, Person.name, Blocker.kind, Blocker.reason, Blocker.proposed_on, Blocker.office_id,
        func.coalesce(_named.name, "").label("against_office"), Blocker.blocker_id.label("against_id"),
        func.coalesce(_blocker.name, "").label("against_person"), Blocker.reply, Blocker.outcome,
        func.coalesce(_decider.name, "").label("by"), Blocker.decided_by.label("by_id"),
    )
    .join(Obligation, Obligation.id == Blocker.obligation_id)
    .join(Activity, Activity.id == Obligation.activity_id)
    .join(Person, Person.id == Blocker.person_id)
    .outerjoin(_counted, _counted.id == Obligation.office_id)
    .outerjoin(_named, _named.id == Blocker.office_id)
    .outerjoin(_blocker, _blocker.id == Blocker.blocker_id)
    .outerjoin(_decider, _decider.id == Blocker.decided_by)
    .where(Blocker.id == bindparam("id"))
)  # fmt: skip
