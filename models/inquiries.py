"""Questions of citizens: asked, kept with a folio and a day, answered once by who runs the plan or the event's office.

Whose a question is nobody is told: the answer finds its way without a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, case, func, insert, select, true, update

from models import unanswered
from models.base import Conflict, Utc
from models.event_cards import CALLERS
from models.events import Event
from models.figures import NEWEST
from models.participation import Question
from models.people import RUN, Membership, Role, Who
from models.plan import Plan
from models.prepared import Prepared
from plans.calendar import Calendar
from plans.terms import Checklist


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `event`: the key of the event it is for, "" for none; `title` is the event's."""

    id: int
    folio: str
    text: str
    public: bool
    due: date
    event: str
    title: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a new question, and who works for the office that holds its event."""

    folio: str
    due: date
    officers: tuple[int, ...]


def ask(
    connection: Connection, event_id: int | None, person_id: int, text: str, public: bool, today: date, now: datetime
) -> Kept:  # fmt: skip
    """Keep a question. Two at once collide and one is run again. Two statements."""
    rows = connection.execute(_BEFORE, {"event": event_id, "year": f"P-{today.year}-%"}).all()
    document, last = rows[0].document, rows[0].last
    calendar = Calendar(frozenset(map(date.fromisoformat, document["holidays"])))
    due = calendar.add_business_days(today, Checklist(**document.get("dialogue", {})).answer_days)
    folio = f"P-{today.year}-{int(last.rpartition('-')[2]) + 1 if last else 1:04}"
    connection.execute(
        insert(Question).values(
            folio=folio, event_id=event_id, person_id=person_id, text=text, public=public, asked_at=now, due=due
        )
    )
    return Kept(folio, due, tuple(row.officer for row in rows if row.officer is not None))


def waiting(connection: Connection, who: Who, most: int, today: date) -> tuple[list[Asked], int, int]:
    """What this person may answer and nobody has, the first due first, at most so many; how many there are; how many
    of them are late."""
    rows = connection.execute(
        select(
            *_COLUMNS, func.count().over().label("all"),
            func.sum(case((Question.due < today, 1), else_=0)).over().label("late"),
        )
        .select_from(Question)
        .outerjoin(Event, Event.id == Question.event_id)
        .where(Question.answered_at.is_(None), _answerable(who))
        .order_by(Question.due, Question.id)
        .limit(most)
    ).all()  # fmt: skip
    first = rows[0] if rows else None
    return [_asked(row) for row in rows], first.all if first else 0, int(first.late) if first else 0


def find(connection: Connection, folio: str, who: Who) -> Asked | None:
    """A question this person may answer, or has answered."""
    row = connection.execute(_BY_FOLIO.where(_answerable(who)), {"folio": folio}).first()
    return _asked(row) if row else None


def of(connection: Connection, person_id: int, most: int) -> list[Asked]:
    """What a person has asked, the newest first."""
    return [_asked(row) for row in _OF.rows(connection, {"person": person_id, "most": most})]


def answer(
    connection: Connection, question: Asked, who: Who, text: str, public: bool, today: date, now: datetime
) -> int:  # fmt: skip
    """Answer it; the number of who asked. Raises PermissionError; Conflict where somebody was faster."""
    if find(connection, question.folio, who) is None:
        raise PermissionError(f"person {who.id} may not answer {question.folio}")
    given = {"question": question.id, "said": text, "public": public, "by": who.id, "now": now}
    row = _ANSWER.first(connection, given)
    if row is None:
        raise Conflict(f"{question.folio} was answered meanwhile")
    unanswered.moot(connection, question.due, today)
    return int(row.person_id)


def _answerable(who: Who) -> ColumnElement[bool]:
    """Whether a person may answer a row's Question."""
    if who.may(RUN):
        return true()
    return Event.office_id.in_(list(who.offices) if who.may(CALLERS) else [])


def _asked(row: Any) -> Asked:
    return Asked(row.id, row.folio, row.text, row.public, row.due, row.key or "", row.title or "", row.answer,
                 row.answered_at)  # fmt: skip


_LAST = select(Question.folio).where(Question.folio.like(bindparam("year"))).order_by(Question.id.desc()).limit(1)
_BEFORE = (
    select(Plan.document, _LAST.scalar_subquery().label("last"), Membership.person_id.label("officer"))
    .select_from(Plan)
    .outerjoin(Event, Event.id == bindparam("event", type_=Integer))
    .outerjoin(
        Membership,
        (Membership.office_id == Event.office_id) & Membership.until.is_(None)
        & Membership.role.in_([Role.OFFICER.value, Role.HEAD.value]),
    )
    .where(Plan.id == NEWEST)
)  # fmt: skip
_COLUMNS: Any = (
    Question.id, Question.folio, Question.text, Question.public, Question.due, Question.answer, Question.answered_at,
    Event.key, Event.title,
)  # fmt: skip
_ALL = select(*_COLUMNS).select_from(Question).outerjoin(Event, Event.id == Question.event_id)
_BY_FOLIO = _ALL.where(Question.folio == bindparam("folio"))
_OF = Prepared(
    _ALL.where(Question.person_id == bindparam("person")).order_by(Question.id.desc()).limit(bindparam("most"))
)
_ANSWER = Prepared(
    update(Question)
    .where(Question.id == bindparam("question"), Question.answered_at.is_(None))
    .values(
        answer=bindparam("said"), public=bindparam("public"), answered_by=bindparam("by"),
        answered_at=bindparam("now", type_=Utc),
    )
    .returning(Question.person_id)
)  # fmt: skip
