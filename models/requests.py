"""What people ask about their own data, with the day by which the law wants it answered (Ley 1581 de 2012)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models import audit
from models.base import Base, Conflict, Key, Utc
from models.figures import NEWEST
from models.people import RUN, Person
from models.plan import Plan
from models.visit import Visit
from plans.calendar import Calendar

# Business days to answer, and how many more there may be once, with a reason. Articles 14 and 15.
TERMS = {"see": (10, 5), "name": (15, 8), "correct": (15, 8), "forget": (15, 8)}
# A claim is marked "reclamo en trámite" within two business days: ours are from the moment they come.
CLAIMS = ("name", "correct", "forget")


class Request(Base):
    """One request.

    kind  see (a query), name (`text` is the new one), correct, forget
    due   counted in business days from the day it came; later than that where it was extended
    note  what the person was told
    """

    __tablename__ = "requests"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Utc)
    due: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(500), default="")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request nobody has answered. `later`: the day it may be put off to, None where it was already."""

    id: int
    person_id: int
    name: str
    kind: str
    text: str
    at: datetime
    due: date
    later: date | None


def ask(visit: Visit, kind: str, text: str) -> tuple[int, date]:
    """Keep a request; its number and the day by which it is answered."""
    due = _calendar(visit.connection).add_business_days(visit.today, TERMS[kind][0])
    values = {"person_id": visit.who.id, "kind": kind, "text": text, "at": visit.now, "due": due}
    number = visit.connection.execute(insert(Request).values(values).returning(Request.id)).scalar_one()
    audit.record(visit.connection, visit.now, visit.who.id, "request.made", f"request:{number}", kind=kind)
    return number, due


def waiting(visit: Visit) -> list[Waiting]:
    """Those that wait for an answer, the first due first. Raises PermissionError."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan answers requests")
    rows = visit.connection.execute(_OPEN).all()
    calendar = _calendar(visit.connection) if rows else Calendar()
    return [_waiting(row, calendar, visit) for row in rows]


def due(connection: Connection, today: date, within: int) -> list[tuple[int, date]]:
    """(number, day) of those due within so many business days, or past it."""
    rows = connection.execute(_OPEN).all()
    calendar = _calendar(connection) if rows else Calendar()
    return [(row.id, row.due) for row in rows if row.due <= calendar.add_business_days(today, within)]


def answer(visit: Visit, one: Waiting, note: str) -> None:
    """It is done, and this is what the person is told. Conflict where somebody else was faster."""
    _change(visit, one, done_at=visit.now, note=note)
    audit.record(visit.connection, visit.now, visit.who.id, "request.answered", f"request:{one.id}", kind=one.kind)


def extend(visit: Visit, one: Waiting, reason: str) -> None:
    """Put it off, once, with the reason the person is told."""
    if one.later is None:
        raise ValueError("a request is put off once")
    _change(visit, one, due=one.later, note=reason)
    audit.record(visit.connection, visit.now, visit.who.id, "request.extended", f"request:{one.id}", kind=one.kind)


def _change(visit: Visit, one: Waiting, **values: object) -> None:
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan answers requests")
    same = (Request.id == one.id, Request.done_at.is_(None), Request.due == one.due)
    if not visit.connection.execute(update(Request).where(*same).values(values)).rowcount:
        raise Conflict(f"request {one.id} moved on")


def _waiting(row: Any, calendar: Calendar, visit: Visit) -> Waiting:
    first, more = TERMS[row.kind]
    came = row.at.astimezone(visit.zone).date()
    put_off = row.due > calendar.add_business_days(came, first)
    later = None if put_off else calendar.add_business_days(row.due, more)
    return Waiting(row.id, row.person_id, row.name, row.kind, row.text, row.at, row.due, later)


def _calendar(connection: Connection) -> Calendar:
    document = connection.execute(_DOCUMENT).scalar_one_or_none() or {"holidays": []}
    return Calendar(frozenset(map(date.fromisoformat, document["holidays"])))


_DOCUMENT = select(Plan.document).where(Plan.id == NEWEST)
# Who is forgotten already needs nobody's answer: the clock does the rest.
_OPEN = (
    select(Request.id, Request.person_id, Person.name, Request.kind, Request.text, Request.at, Request.due)
    .join(Person, Person.id == Request.person_id)
    .where(Request.done_at.is_(None), Person.status != "forgotten")
    .order_by(Request.due, Request.id)
)
