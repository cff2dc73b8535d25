"""Who comes to a dialogue event: places are counted, who finds none waits for one, who is there says so by a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from models.base import Conflict, Utc
from models.events import COUNTING, Event
from models.figures import NEWEST
from models.participation import Attendance
from models.prepared import Prepared

OPEN = ("announced", "changed")
HOLDING = ("coming", "waiting", "came")


@dataclass(frozen=True, slots=True)
class Place:
    """What a person has at an event: a state of models.participation.Attendance, and how many wait before them."""

    state: str
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """An event of today, as its code names it."""

    id: int
    key: str
    title: str


def come(connection: Connection, event_id: int, person_id: int, now: datetime) -> Place:
    """Take a place, or one in the waiting list. Two at once take turns. Conflict where the event is over or off."""
    asked = {"event": event_id, "person": person_id, "now": now}
    event = connection.execute(_LOCKED, asked).first()
    if event is None:
        raise Conflict("the event is not open any more")
    held = connection.execute(_HELD, asked).one()
    if held.mine in HOLDING:
        return Place(held.mine, held.ahead)
    # Who waits goes first, also where a place has just become free.
    state = "waiting" if event.capacity is not None and held.taken >= event.capacity else "coming"
    connection.execute(_KEEP[connection.dialect.name], {**asked, "state": state})
    return Place(state, held.ahead)


def leave(connection: Connection, event_id: int, person_id: int, now: datetime) -> bool:
    """Give the place back; False where there was none. The clock gives it to who waits first."""
    return connection.execute(_LEAVE, {"event": event_id, "person": person_id, "now": now}).rowcount == 1


def expected_at(connection: Connection, person_id: int) -> set[int]:
    """The events to which a person comes, or waits for a place."""
    return set(connection.execute(_EXPECTED, {"person": person_id}).scalars())


def here(connection: Connection, code: str, today: date) -> Here | None:
    """The event of this day that shows this code, None where none does."""
    row = _HERE.first(connection, {"code": code, "today": today})
    return Here(*row) if row else None


def code_of(connection: Connection, event_id: int) -> str:
    """The code that is shown at the place, "" before the event is announced."""
    return str(connection.execute(select(Event.checkin_code).where(Event.id == event_id)).scalar_one())


def check_in(connection: Connection, event_id: int, person_id: int, now: datetime) -> None:
    """Keep that a person is there, whether they had said so or not."""
    connection.execute(_CHECK_IN[connection.dialect.name], {"event": event_id, "person": person_id, "now": now})


def move_up(connection: Connection, now: datetime) -> list[tuple[int, int]]:
    """Give free places to who waits, in the order in which they came; (event, person) pairs."""
    moved: list[tuple[int, int]] = []
    for event_id in connection.execute(_AWAITED, {"now": now}).scalars().all():
        event = connection.execute(_LOCKED, {"event": event_id, "now": now}).first()
        if event is None:
            continue
        queue = _QUEUE.where(Attendance.event_id == event_id)
        if event.capacity is not None:
            seated = connection.execute(_SEATED, {"event": event_id}).scalar_one()
            queue = queue.limit(max(0, event.capacity - seated))
        rows = connection.execute(queue).all()
        if rows:
            connection.execute(_SEAT, [{"one": row.id, "now": now} for row in rows])
        moved += [(event_id, row.person_id) for row in rows]
    return moved


_NOW = bindparam("now", type_=Utc)
_IS_OPEN = (Event.state.in_(OPEN), Event.ends_at > _NOW)
_LOCKED = select(Event.capacity).where(Event.id == bindparam("event"), *_IS_OPEN).with_for_update()
_AT: Any = Attendance.event_id == bindparam("event")
_MINE = Attendance.person_id == bindparam("person")


def _count(*where: Any) -> Any:
    return select(func.count()).select_from(Attendance).where(_AT, *where).scalar_subquery()


_STATE = select(Attendance.state).where(_AT, _MINE).scalar_subquery()
_SINCE = select(Attendance.at).where(_AT, _MINE, Attendance.state == "waiting").scalar_subquery()
_HELD = select(
    _STATE.label("mine"),
    _count(Attendance.state.in_(HOLDING)).label("taken"),
    _count(Attendance.state == "waiting", func.coalesce(Attendance.at < _SINCE, True)).label("ahead"),
)
_SEATED = select(func.count()).where(_AT, Attendance.state.in_(("coming", "came")))
_INSERT: dict[str, Any] = {"sqlite": insert_sqlite(Attendance), "postgresql": insert_postgresql(Attendance)}
_BOTH: Any = {"index_elements": ["event_id", "person_id"]}
_KEEP: dict[str, Any] = {
    name: adding.values(
        event_id=bindparam("event"), person_id=bindparam("person"), state=bindparam("state"), at=_NOW
    ).on_conflict_do_update(**_BOTH, set_={"state": adding.excluded.state, "at": adding.excluded.at})
    for name, adding in _INSERT.items()
}  # fmt: skip
_CHECK_IN: dict[str, Any] = {
    name: adding.values(
        event_id=bindparam("event"), person_id=bindparam("person"), state="came", at=_NOW, checked_at=_NOW
    ).on_conflict_do_update(
        **_BOTH, set_={"state": "came", "checked_at": func.coalesce(Attendance.checked_at, adding.excluded.checked_at)}
    )
    for name, adding in _INSERT.items()
}  # fmt: skip
_LEAVE = update(Attendance).where(_AT, _MINE, Attendance.state.in_(("coming", "waiting"))).values(state="left", at=_NOW)
_EXPECTED = select(Attendance.event_id).where(_MINE, Attendance.state.in_(("coming", "waiting")))
_HERE = Prepared(
    select(Event.id, Event.key, Event.title).where(
        Event.plan_id == NEWEST, Event.day == bindparam("today"), Event.checkin_code == bindparam("code"),
        Event.checkin_code != "", Event.state.in_(COUNTING),
    ).order_by(Event.id)
)  # fmt: skip
_AWAITED = (
    select(Attendance.event_id)
    .distinct()
    .join(Event, Event.id == Attendance.event_id)
    .where(Attendance.state == "waiting", *_IS_OPEN)
    .order_by(Attendance.event_id)
)
_QUEUE = (
    select(Attendance.id, Attendance.person_id)
    .where(Attendance.state == "waiting")
    .order_by(Attendance.at, Attendance.id)
)
_SEAT = (
    update(Attendance)
    .where(Attendance.id == bindparam("one"), Attendance.state == "waiting")
    .values(state="coming", at=_NOW)
)
