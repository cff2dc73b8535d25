"""What is to be told to whom at once: of everything planned for a person, what still holds, counted and in short."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    text,
    update,
)  # fmt: skip
from sqlalchemy.orm import aliased

from models.base import Conflict, Utc
from models.blockers import resting
from models.deliveries import Delivery, queue
from models.leaves import away
from models.nudges import PLANNED, Nudge
from models.obligations import Obligation, Ownership, ladder_day
from models.offices import Office
from models.people import Membership, Person, Role
from models.plan import Activity
from models.preferences import awake
from models.reachability import last_used

# Lines of one message, the rest is only counted.
LINES = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is. `day`: the beginning of the local day `today`; `hour`: the local one."""

    now: datetime
    day: datetime
    today: date
    hour: int


@dataclass(frozen=True, slots=True)
class Line:
    """What is owed of one activity for one day, which may count for many offices.

    code, office   of the first of them; lead: the office that reports it, staffed: whether anybody there does
    due, warn      the deadline, and the last business day on or before it; agreed: the later day that was accepted
    left           how much is to be reported, of `offices` obligations
    """

    number: int
    title: str
    period: str
    topic: str
    code: str
    office: str
    lead: str
    staffed: bool
    due: date
    warn: date
    agreed: date | None
    left: int
    offices: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a message: how many obligations fall due on which day, and the most urgent lines."""

    days: dict[date, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All there is to tell somebody: what they owe, and what others do not report (`escalated`)."""

    own: Share = field(default_factory=Share)
    escalated: Share = field(default_factory=Share)


# The columns of a delivery that say something, in a language: {"text", "buttons", "picture", "wants"}.
Compose = Callable[[Gathered, str], dict[str, object]]


def ready(connection: Connection, moment: Moment) -> list[int]:
    """For whom something is planned, and who may be written to now. Reads only."""
    return list(connection.execute(_READY, _asked(moment)).scalars())


def write_to(
    connection: Connection, people: Sequence[int], moment: Moment, expires_at: datetime, compose: Compose
) -> set[tuple[str, str]]:
    """One message each to those of the people who are still ready; the (channel, address) pairs that have one now.

    What no longer holds of what is planned is skipped with its reason, what an officer asked to wait with stays
    planned. Conflict where somebody else has just written to one of them, or one of their obligations has changed.
    """
    if connection.dialect.name == "postgresql":
        # What is read, said and ticked off must be the same rows, whatever others plan meanwhile.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    made = {row.id: row.made for row in connection.execute(_STILL, {**_asked(moment), "people": list(people)})}
    if not made:
        return set()
    people = list(made)
    contacts = last_used(connection, people)
    _settle(connection, people, contacts, moment)
    whole = _gathered(connection, people, moment.today)
    rows = [
        {
            "dedupe_key": f"nudge:{to.person_id}:{moment.today}:{made[to.person_id]}",
            "person_id": to.person_id, "channel": to.channel, "address": to.address, "kind": "nudge",
            "created_at": moment.now, "priority": 1, "expires_at": expires_at,
            **compose(whole[to.person_id], to.language),
        }
        for to in (contacts[person_id] for person_id in whole)
    ]  # fmt: skip
    if rows:
        _tell(connection, rows, moment)
    return {(to.channel, to.address) for to in map(contacts.get, whole) if to}


def _asked(moment: Moment) -> dict[str, Any]:
    return {
        "hour": moment.hour, "weekday": 1 << moment.today.weekday(), "today": moment.today,
        "day": moment.day,
    }  # fmt: skip


def _settle(connection: Connection, people: Collection[int], reached: Collection[int], moment: Moment) -> None:
    """Skip what no longer holds or reaches nobody.

    On PostgreSQL the obligations stay locked, so that a report waits until the message is there to be given up.
    """
    asked = {"people": list(people), "now": moment.now}
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, asked)
    connection.execute(_SKIP, asked)
    lost = [person_id for person_id in people if person_id not in reached]
    if lost:
        connection.execute(_DROP, {**asked, "people": lost})


def _gathered(connection: Connection, people: Collection[int], today: date) -> dict[int, Gathered]:
    """What there is to tell, for each who is told anything."""
    whole: dict[int, Gathered] = {}
    asked = {"people": list(people), "today": today}
    for person_id, escalated, due, count in connection.execute(_DAYS, asked).all():
        _share(whole, person_id, escalated).days[due] = count
    for person_id, escalated, *line in connection.execute(_LINES, asked).all():
        _share(whole, person_id, escalated).lines.append(Line(*line))
    return whole


def _tell(connection: Connection, rows: Sequence[dict[str, Any]], moment: Moment) -> None:
    """Queue the messages and tie what they tell to them."""
    made = queue(connection, rows)
    if len(made) < len(rows):
        raise Conflict("somebody else writes to these people")
    messages, people = zip(*made, strict=True)
    told = {"messages": list(messages), "people": list(people), "today": moment.today, "now": moment.now}
    connection.execute(_TIE, told)


def _share(whole: dict[int, Gathered], person_id: int, escalated: bool) -> Share:
    found = whole.setdefault(person_id, Gathered())
    return found.escalated if escalated else found.own


# Written out as in the index for it.
_PLANNED = and_(Nudge.person_id.in_(bindparam("people", expanding=True)), PLANNED)
_TOLD = and_(_PLANNED, ~resting(Nudge.obligation_id, Nudge.person_id))

_TODAYS = (Delivery.person_id == Person.id, text("deliveries.kind = 'nudge'"), Delivery.created_at >= bindparam("day"))
# Counted for each person: as EXISTS it may be answered by reading what everybody was told today.
_HEARD = select(func.count()).where(*_TODAYS, Delivery.state != "skipped").correlate(Person).scalar_subquery()
_FREE = (awake(), ~away(Person.id), _HEARD == 0)
_READY = select(Person.id).where(Person.id.in_(select(Nudge.person_id).where(PLANNED)), *_FREE).order_by(Person.id)
_STILL = (
    select(Person.id, select(func.count()).where(*_TODAYS).correlate(Person).scalar_subquery().label("made"))
    .where(
        Person.id.in_(bindparam("people", expanding=True)),
        Person.id.in_(select(Nudge.person_id).where(_PLANNED)),
        *_FREE,
    )
    .order_by(Person.id)
    .with_for_update(skip_locked=True, key_share=True, of=Person)
)
_LOCK = select(func.count()).select_from(
    select(Obligation.id)
    .join(Nudge, Nudge.obligation_id == Obligation.id)
    .where(_PLANNED)
    .with_for_update(read=True, of=Obligation)
    .subquery()
)
_LATER, _HELD = aliased(Nudge), aliased(Membership)
_SUPERSEDED = exists().where(
    _LATER.obligation_id == Nudge.obligation_id, _LATER.person_id == Nudge.person_id, _LATER.warn == Nudge.warn,
    _LATER.step > Nudge.step,
)  # fmt: skip
_IN_CHARGE = exists().where(
    _HELD.person_id == Nudge.person_id,
    _HELD.until.is_(None),
    (_HELD.role == Role.COORDINATOR)
    | _HELD.office_id.in_(
        select(Ownership.office_id)
        .where(Ownership.obligation_id == Nudge.obligation_id, Ownership.part == "lead")
        .correlate(Nudge)
    ),
)
_REASON = (
    select(
        case(
            (Obligation.withdrawn_at.is_not(None), "se retiró del plan"),
            (Obligation.reported >= Obligation.target, "ya reportado"),
            (ladder_day() != Nudge.warn, "cambió la fecha"),
            (_SUPERSEDED.correlate(Nudge), "se juntó con un aviso posterior"),
            (~_IN_CHARGE.correlate(Nudge), "ya no está a cargo"),
            else_="",
        )
    )
    .where(Obligation.id == Nudge.obligation_id)
    .correlate(Nudge)
    .scalar_subquery()
)
_NOW = bindparam("now", type_=Utc)
_SKIP = update(Nudge).where(_PLANNED, _REASON != "").values(state="skipped", reason=_REASON, decided_at=_NOW)
_DROP = update(Nudge).where(_PLANNED).values(state="skipped", reason="no hay por dónde escribirle", decided_at=_NOW)
_TIE = (
    update(Nudge)
    .where(
        Delivery.id.in_(bindparam("messages", expanding=True)), Nudge.person_id == Delivery.person_id, _PLANNED,
        ~resting(Nudge.obligation_id, Nudge.person_id),
    )
    .values(state="told", delivery_id=Delivery.id, decided_at=_NOW)
)  # fmt: skip
_DAYS = (
    select(Nudge.person_id, Nudge.escalated, Obligation.due, func.count())
    .join(Obligation, Obligation.id == Nudge.obligation_id)
    .where(_TOLD)
    .group_by(Nudge.person_id, Nudge.escalated, Obligation.due)
    .order_by(Obligation.due)
)
_DATES = (Obligation.due, Obligation.warn, Obligation.agreed)
_ALIKE = (
    Nudge.person_id, Nudge.escalated, Obligation.activity_id, Obligation.period, Obligation.topic, *_DATES
)  # fmt: skip
_GROUPS = (
    select(
        Nudge.person_id,
        Nudge.escalated,
        func.min(Obligation.id).label("first"),
        func.count().label("offices"),
        func.sum(Obligation.target - Obligation.reported).label("left"),
        func.row_number()
        .over(
            partition_by=(Nudge.person_id, Nudge.escalated),
            order_by=(Obligation.due, Obligation.activity_id, func.min(Obligation.id)),
        )
        .label("place"),
    )
    .join(Obligation, Obligation.id == Nudge.obligation_id)
    .where(_TOLD)
    .group_by(*_ALIKE)
    .subquery()
)


def _lines() -> Select[*tuple[Any, ...]]:
    led, lead, officer = aliased(Ownership), aliased(Office), aliased(Membership)
    leading = and_(led.obligation_id == Obligation.id, led.part == "lead")
    # Counted for each line: as EXISTS it would be answered by reading all officers.
    theirs = (officer.office_id == led.office_id, officer.role == Role.OFFICER, officer.until.is_(None))
    staffed = select(func.count()).where(*theirs).correlate(led).scalar_subquery() > 0
    return (
        select(
            _GROUPS.c.person_id, _GROUPS.c.escalated, Activity.number, Activity.title, Obligation.period,
            Obligation.topic, Obligation.code, func.coalesce(Office.name, ""), func.coalesce(lead.name, ""), staffed,
            *_DATES, _GROUPS.c.left, _GROUPS.c.offices,  # in the order of a Line
        )
        .join(Obligation, Obligation.id == _GROUPS.c.first)
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(led, leading)
        .outerjoin(lead, lead.id == led.office_id)
        .where(_GROUPS.c.place <= LINES)
        .order_by(_GROUPS.c.person_id, _GROUPS.c.escalated, _GROUPS.c.place)
    )  # fmt: skip


_LINES = _lines()
