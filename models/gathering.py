"""What is to be told to whom at once: of everything planned for a person, what still holds, counted and in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select, update
from sqlalchemy.orm import aliased

from models.base import Utc
from models.blockers import resting
from models.nudges import ASKED, PLANNED, Nudge
from models.obligations import Obligation, Ownership, ladder_day
from models.offices import Office
from models.people import Membership, Role
from models.plan import Activity
from models.prepared import Prepared, among

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

    days: Mapping[date, int] = field(default_factory=dict)
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """All there is to tell somebody: what they owe, and what others do not report (`escalated`)."""

    own: Share = Share()
    escalated: Share = Share()


def gather(connection: Connection, people: Collection[int], moment: Moment) -> dict[int, Gathered]:
    """What there is to tell, for each who is told anything; what no longer holds of it is skipped with its reason.

    On PostgreSQL the obligations stay locked, so that a report waits until the message can be taken back.
    """
    asked = {"people": list(people), "today": moment.today}
    groups = _GROUPS.rows(connection, asked)
    if any(group.lapsed for group in groups):
        _SKIP.run(connection, {**asked, "now": moment.now})
    held = [group for group in groups if not (group.lapsed or group.rests)]
    parts = {whose: list(part) for whose, part in groupby(held, key=itemgetter(0, 1))}
    firsts = {group.first for part in parts.values() for group in part[:LINES]}
    lines = {first: line for first, *line in _LINES.rows(connection, {"firsts": list(firsts)})}
    shares = {whose: _share(part, lines) for whose, part in parts.items()}
    return {
        person_id: Gathered(shares.get((person_id, False), Share()), shares.get((person_id, True), Share()))
        for person_id, _escalated in shares
    }


def drop(connection: Connection, people: Collection[int], now: datetime) -> None:
    """Skip what is planned for those who can be reached nowhere."""
    _DROP.run(connection, {"people": list(people), "now": now})


def _share(part: Sequence[Any], lines: Mapping[int, Sequence[Any]]) -> Share:
    days: Counter[date] = Counter()
    for group in part:
        days[group.due] += group.offices
    return Share(days, [Line(*[*lines[group.first], group.left, group.offices]) for group in part[:LINES]])


# What is planned for some people; written out as in the index for it.
WAITING = and_(among(Nudge.person_id, "people"), PLANNED)

_LATER, _HELD = aliased(Nudge), aliased(Membership)
_SUPERSEDED = exists().where(
    _LATER.obligation_id == Nudge.obligation_id, _LATER.person_id == Nudge.person_id, _LATER.warn == Nudge.warn,
    _LATER.step.between(Nudge.step + 1, ASKED),
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
# Why a nudge on its obligation no longer holds, "" where it does.
_WHY = case(
    (Obligation.withdrawn_at.is_not(None), "se retiró del plan"),
    (Obligation.reported >= Obligation.target, "ya reportado"),
    (ladder_day() != Nudge.warn, "cambió la fecha"),
    (_SUPERSEDED.correlate(Nudge), "se juntó con un aviso posterior"),
    (~_IN_CHARGE.correlate(Nudge), "ya no está a cargo"),
    else_="",
)
_REASON = select(_WHY).where(Obligation.id == Nudge.obligation_id).correlate(Nudge).scalar_subquery()
_NOW = bindparam("now", type_=Utc)
_SKIP = Prepared(update(Nudge).where(WAITING, _REASON != "").values(state="skipped", reason=_REASON, decided_at=_NOW))
_DROP = Prepared(
    update(Nudge).where(WAITING).values(state="skipped", reason="no hay por dónde escribirle", decided_at=_NOW)
)


def _groups() -> Select[*tuple[Any, ...]]:
    """What is planned for some people, obligations that differ in their office only together."""
    whose = (Nudge.person_id, Nudge.escalated)
    same = (Obligation.due, Obligation.activity_id, Obligation.period, Obligation.topic, Obligation.warn,
            Obligation.agreed)  # fmt: skip
    state = ((_WHY != "").label("lapsed"), resting(Nudge.obligation_id, Nudge.person_id).label("rests"))
    left = (Obligation.target - Obligation.reported).label("left")
    one = (
        select(*whose, *same, *state, Obligation.id, left)
        .join(Obligation, Obligation.id == Nudge.obligation_id)
        .where(WAITING)
        .with_for_update(read=True, of=Obligation)
        .cte("one")
        .prefix_with("MATERIALIZED")
    )
    alike = [one.c[column.name] for column in (*whose, *same, *state)]
    first = func.min(one.c.id).label("first")
    return (
        select(*alike, first, func.count().label("offices"), func.sum(one.c.left).label("left"))
        .group_by(*alike)
        .order_by(*alike[:4], first)
    )


def _lines() -> Select[*tuple[Any, ...]]:
    """What a line tells of the obligations `firsts`: its number, then in the order of a Line."""
    led, lead, officer = aliased(Ownership), aliased(Office), aliased(Membership)
    # Counted for each line: as EXISTS it would be answered by reading all officers.
    theirs = (officer.office_id == led.office_id, officer.role == Role.OFFICER, officer.until.is_(None))
    staffed = select(func.count()).where(*theirs).correlate(led).scalar_subquery() > 0
    return (
        select(
            Obligation.id, Activity.number, Activity.title, Obligation.period, Obligation.topic, Obligation.code,
            func.coalesce(Office.name, ""), func.coalesce(lead.name, ""), staffed, Obligation.due, Obligation.warn,
            Obligation.agreed,
        )
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(led, and_(led.obligation_id == Obligation.id, led.part == "lead"))
        .outerjoin(lead, lead.id == led.office_id)
        .where(among(Obligation.id, "firsts"))
    )  # fmt: skip


_GROUPS, _LINES = Prepared(_groups()), Prepared(_lines())
