"""What a dialogue event still needs, by when, and under which obligations it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, String, and_, bindparam, func, or_, select

from models.commitments import Commitment
from models.event_cards import Card
from models.obligations import Obligation
from models.participation import Attendance, Question, Survey
from models.plan import Activity, Plan
from models.prepared import Prepared, among
from plans.calendar import Calendar
from plans.dialogue import HEARING
from plans.terms import Checklist

ROWS = ("prior_report", "mechanism", "space", "hearing", "conclusions")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing an event needs.

    name   call, prior_report, attendance, questions, conclusions, commitments, survey, mechanism, space, hearing
    due    by when, None where there is no day to it
    count  how many there are, of what is counted; code: the obligation it is reported under, "" for none
    """

    name: str
    done: bool
    due: date | None
    count: int = 0
    code: str = ""


def checklist(connection: Connection, event: Card) -> list[Item]:
    """Everything it needs, in the order in which it falls due. Three statements."""
    document = connection.execute(select(Plan.document).where(Plan.id == event.plan_id)).scalar_one()
    asked = Checklist(**document.get("dialogue", {}))
    calendar = Calendar(frozenset(map(date.fromisoformat, document["holidays"])))
    rows = {getattr(asked, name): name for name in ROWS if getattr(asked, name)}
    owed = {rows[row.number]: row for row in _owed(connection, event, list(rows))}
    counts = _COUNTS.first(connection, {"event": event.id})
    before = calendar.add_business_days(event.day, -asked.lead_days)
    after = calendar.add_business_days(event.day, asked.answer_days)
    report, told = owed.get("prior_report"), owed.get("conclusions")
    items = [
        Item("call", event.announced_at is not None or event.state == "held", before),
        Item("prior_report", bool(event.prior_report), before, code=_open(report)),
        Item("attendance", counts.came > 0, event.day, counts.came),
        Item("questions", counts.unanswered == 0, counts.latest or after, counts.unanswered),
        Item("conclusions", event.conclusions_at is not None or _complete(told), told.due if told else after,
             code=_open(told)),
        Item("commitments", counts.promised > 0, after, counts.promised),
        Item("survey", counts.surveyed > 0, after, counts.surveyed),
    ]  # fmt: skip
    helped = ("hearing",) if event.kind == HEARING else ("mechanism", "space")
    items += [Item(name, _complete(row), row.due, code=_open(row)) for name, row in owed.items() if name in helped]
    return sorted(items, key=lambda item: (item.due or date.max, item.done))


def _owed(connection: Connection, event: Card, numbers: list[int]) -> list[Any]:
    """One obligation of each row: the event's own, else an open one of its office."""
    rows = _OWED.rows(
        connection, {"plan": event.plan_id, "numbers": numbers, "key": event.key, "office": event.office_id or 0}
    )
    best: dict[int, Any] = {}
    for row in rows:
        best.setdefault(row.number, row)
    return list(best.values())


def _complete(row: Any) -> bool:
    return row is not None and row.reported >= row.target


def _open(row: Any) -> str:
    return row.code if row is not None and row.reported < row.target else ""


def _count(of: Any, *where: ColumnElement[bool]) -> Any:
    counted = select(func.count()).where(of.event_id == bindparam("event"), *where)
    return counted.scalar_subquery()


_COUNTS = Prepared(
    select(
        _count(Attendance, Attendance.state == "came").label("came"),
        _count(Question, Question.answered_at.is_(None)).label("unanswered"),
        select(func.max(Question.due, type_=Date)).where(
            Question.event_id == bindparam("event"), Question.answered_at.is_(None)
        ).scalar_subquery().label("latest"),
        _count(Commitment, Commitment.withdrawn_at.is_(None)).label("promised"),
        _count(Survey).label("surveyed"),
    )
)  # fmt: skip
_OWED = Prepared(
    select(Activity.number, Obligation.code, Obligation.due, Obligation.reported, Obligation.target)
    .join(Activity, Activity.id == Obligation.activity_id)
    .where(
        Obligation.plan_id == bindparam("plan"), Obligation.withdrawn_at.is_(None), among(Activity.number, "numbers"),
        or_(
            Obligation.event == bindparam("key", type_=String),
            # Of a row that is the entity's, whichever office holds the event.
            and_(
                Obligation.event == "", or_(Obligation.office_id == bindparam("office"), Obligation.office_id.is_(None))
            ),
        ),
    )
    .order_by((Obligation.event == "").asc(), Obligation.office_id.is_(None), Obligation.reported >= Obligation.target,
              Obligation.id)
)  # fmt: skip
