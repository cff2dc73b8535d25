"""What people who came thought of an event: asked once, the day after, and answered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, String, bindparam, case, cast, exists, func, insert, literal, select

from models.deliveries import Delivery
from models.events import Event
from models.participation import Attendance, Survey
from models.people import WRITTEN_TO, Contact
from models.prepared import Prepared

# Who could not be asked the day after is asked within these days.
LATE = timedelta(days=3)
# Answers that a result needs.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Visited:
    """An event somebody came to and has not told about."""

    id: int
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Result:
    """What those who answered thought: how many, the two marks on average (1 to 5, in tenths: 43 is 4.3), how many
    gave both a 4 or a 5, and how many said what should change. Marks are 0 where fewer than LEAST answered: of so few
    it could be known who said what.
    """

    count: int
    clear: int = 0
    heard: int = 0
    content: int = 0
    comments: int = 0

    @property
    def told(self) -> bool:
        """Whether there are enough."""
        return self.count >= LEAST


def result(connection: Connection, event_id: int) -> Result:
    """What people thought of an event, nobody by name. One statement."""
    row = _RESULT.first(connection, {"event": event_id})
    if row.n < LEAST:
        return Result(row.n)
    clear, heard = ((20 * int(total) + row.n) // (2 * row.n) for total in (row.clear, row.heard))
    return Result(row.n, clear, heard, int(row.content), int(row.comments))


def unasked(connection: Connection, today: date, most: int) -> list[tuple[int, int]]:
    """(event, person) of those who came the day before and were not asked yet, at most so many."""
    asked = {"first": today - LATE, "last": today - timedelta(days=1), "most": most}
    return [(row.event_id, row.person_id) for row in connection.execute(_UNASKED, asked)]


def key(event_id: int, person_id: int) -> str:
    """What the one message is about that asks somebody."""
    return f"survey:{event_id}:{person_id}"


def open_for(connection: Connection, person_id: int) -> list[Visited]:
    """Where a person has been and not said how it was, the newest first."""
    return [Visited(*row) for row in _OPEN.rows(connection, {"person": person_id})]


def add(
    connection: Connection, event_id: int, person_id: int, clear: int, heard: int, comment: str, now: datetime
) -> None:  # fmt: skip
    """Keep what somebody who came thought. Raises PermissionError where they did not come, or have said it."""
    if event_id not in {one.id for one in open_for(connection, person_id)}:
        raise PermissionError(f"person {person_id} has nothing to say of event {event_id}")
    values = {"event_id": event_id, "person_id": person_id, "clear": clear, "heard": heard, "comment": comment}
    connection.execute(insert(Survey).values(**values, at=now))


_NOT_SAID = ~exists().where(Survey.event_id == Attendance.event_id, Survey.person_id == Attendance.person_id)
_RESULT = Prepared(
    select(
        func.count().label("n"), func.sum(Survey.clear).label("clear"), func.sum(Survey.heard).label("heard"),
        func.sum(case(((Survey.clear >= 4) & (Survey.heard >= 4), 1), else_=0)).label("content"),
        func.sum(case((Survey.comment != "", 1), else_=0)).label("comments"),
    ).where(Survey.event_id == bindparam("event"))
)  # fmt: skip
_KEY = literal("survey:") + cast(Attendance.event_id, String) + ":" + cast(Attendance.person_id, String)
_UNASKED = (
    select(Attendance.event_id, Attendance.person_id)
    .join(Event, Event.id == Attendance.event_id)
    .where(
        Event.day.between(bindparam("first"), bindparam("last")), Attendance.state == "came", _NOT_SAID,
        ~exists().where(Delivery.dedupe_key == _KEY),
        exists().where(Contact.person_id == Attendance.person_id, WRITTEN_TO),
    )
    .order_by(Attendance.id)
    .limit(bindparam("most"))
)  # fmt: skip
_OPEN = Prepared(
    select(Event.id, Event.key, Event.title)
    .join(Attendance, Attendance.event_id == Event.id)
    .where(Attendance.person_id == bindparam("person"), Attendance.state == "came", _NOT_SAID)
    .order_by(Event.day.desc(), Event.id.desc())
)
