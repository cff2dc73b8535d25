"""Questions of citizens that nobody has answered: whom the clock reminds of them, and when that is moot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from models.deliveries import Delivery
from models.event_cards import CALLERS
from models.events import Event
from models.gathering import Moment
from models.leaves import away
from models.nudges import MOOT
from models.participation import Question
from models.people import RUN, Membership, Person, Role
from models.preferences import awake

# So many business days before a question is due, and on the day.
STEPS = (3, 0)
HOLD = (Role.OFFICER.value, Role.HEAD.value)


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody who has questions to answer by a day."""

    person_id: int
    due: date


def key(due: object, step: int, person_id: int) -> str:
    """Under which somebody is told once of all that is due on a day."""
    return f"questions_due:{due}:{step}:{person_id}"


def owing(connection: Connection, at: Moment, until: date) -> list[Owing]:
    """Who answers what is due from today until a day, and may be written to now: the office that holds the event, or,
    where there is no such office or nobody of it is there, who runs the plan. One statement."""
    asked = {"today": at.today, "until": until, "hour": at.hour, "weekday": 1 << at.today.weekday()}
    return [Owing(*row) for row in connection.execute(_OWING, asked)]


def moot(connection: Connection, due: date, today: date) -> None:
    """Give up what is queued to remind somebody of a day for which they have nothing left to answer. One statement."""
    connection.execute(_GIVE_UP, {"due": due, "today": today, "about": f"questions_due:{due}:", "reason": MOOT})


def _answers(held: Any) -> ColumnElement[bool]:
    """Whether a membership makes somebody the one who answers a row's Question."""
    other = aliased(Membership)
    office = and_(held.office_id == Event.office_id, held.role.in_(HOLD))
    there = exists().where(
        other.office_id == Event.office_id, other.role.in_(HOLD), other.until.is_(None), ~away(other.person_id)
    )
    return and_(held.until.is_(None), or_(office, and_(held.role.in_([role.value for role in RUN]), ~there)))


_OPEN = Question.answered_at.is_(None)
_OWING = (
    select(Membership.person_id, Question.due)
    .distinct()
    .select_from(Question)
    .outerjoin(Event, Event.id == Question.event_id)
    .join(Membership, _answers(Membership))
    .join(Person, Person.id == Membership.person_id)
    .where(_OPEN, Question.due >= bindparam("today", type_=Date), Question.due <= bindparam("until", type_=Date),
           awake(), ~away(Person.id))
    .order_by(Membership.person_id, Question.due)
)  # fmt: skip
_held = aliased(Membership)
_left = (
    select(_held.person_id)
    .select_from(Question)
    .outerjoin(Event, Event.id == Question.event_id)
    .join(_held, _answers(_held))
    .where(_OPEN, Question.due == bindparam("due", type_=Date))
)
_keys = [
    select(bindparam("about", type_=String) + literal(f"{step}:") + cast(Membership.person_id, String)).where(
        Membership.role.in_([role.value for role in CALLERS])
    )
    for step in STEPS
]
_GIVE_UP = (
    update(Delivery)
    .where(
        or_(*(Delivery.dedupe_key.in_(keys) for keys in _keys)), Delivery.state == "queued",
        Delivery.person_id.not_in(_left),
    )
    .values(state="skipped", reason=bindparam("reason"))
)  # fmt: skip
