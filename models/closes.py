"""Closes: results frozen at a cut-off or for a period. What comes later is told beside, and changes nothing frozen.

Reports count that had come by the end of the day; what was decided on them counts until the moment of closing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Date,
    ForeignKey,
    String,
    case,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.as_of import counted, known
from models.audit import Entry
from models.base import Base, Conflict, Key, Utc, partial_index
from models.figures import NOTHING, Counts, Scope
from models.people import RUN, Person
from models.reports import Report
from models.visit import Visit

State = Literal["verified", "reported", "late", "open"]


class Close(Base):
    """One freezing. It stands until it is reopened; then the same may be closed anew, and both can be read.

    key             "2022-04-30" for a cut-off, "2022-T1" for a period; `first`: of the period, NULL for a cut-off
    received_until  until when reports had to come
    entry           the newest entry of the audit then: what is written after it came later
    reason          why somebody asked to reopen it, "" while nobody has; a second person does it
    """

    __tablename__ = "closes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    key: Mapped[str] = mapped_column(String(24))
    first: Mapped[date | None] = mapped_column(Date)
    day: Mapped[date] = mapped_column(Date)
    received_until: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    entry: Mapped[int] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Utc)
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (partial_index("ux_closes_standing", "plan_id", "key", where="reopened_at IS NULL", unique=True),)


class Closed(Base):
    """An obligation as it was frozen. state: verified, reported (not all of it verified), late, open (not due)."""

    __tablename__ = "closed"

    close_id: Mapped[int] = mapped_column(ForeignKey("closes.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), primary_key=True)
    target: Mapped[int]
    units: Mapped[int]
    due: Mapped[date] = mapped_column(Date)
    reported: Mapped[int]
    verified: Mapped[int]
    provisional: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))


@dataclass(frozen=True, slots=True)
class Standing:
    """A close. by, asker, opener: names, "" for nobody; counts: the figures that were frozen."""

    id: int
    plan_id: int
    key: str
    first: date | None
    day: date
    at: datetime
    by: str
    reason: str
    asked_by: int | None
    asker: str
    asked_at: datetime | None
    opener: str
    reopened_at: datetime | None
    entry: int
    received_until: datetime
    counts: Counts

    @property
    def scope(self) -> Scope:
        """What it is of."""
        return Scope(days=(self.first, self.day) if self.first else None)


def close(
    visit: Visit, plan_id: int, key: str, first: date | None, day: date, received_until: datetime
) -> int:  # fmt: skip
    """Freeze what is known now; returns the number of the close. Conflict where somebody else has closed it.

    Reports and decisions under way wait until this is done, and come after it; two statements, three on PostgreSQL.
    """
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan closes")
    connection = visit.connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE reports IN SHARE ROW EXCLUSIVE MODE"))
    received_until = min(received_until, visit.now)
    values: dict[str, Any] = {
        "plan_id": plan_id, "key": key, "first": first, "day": day, "received_until": received_until,
        "by_id": visit.who.id, "at": visit.now, "entry": _NEWEST, "reason": "",
    }  # fmt: skip
    made = _INSERT[connection.dialect.name](Close).values(values).on_conflict_do_nothing().returning(Close.id)
    number: int | None = connection.execute(made).scalar_one_or_none()
    if number is None:
        raise Conflict(f"{key} is closed")
    scope = Scope(days=(first, day) if first else None)
    then = known(scope).order_by(None).subquery()
    state = case(
        (then.c.verified >= then.c.target, "verified"), (then.c.reported >= then.c.target, "reported"),
        (then.c.due <= day, "late"), else_="open",
    )  # fmt: skip
    columns = ("target", "units", "due", "reported", "verified", "provisional")
    rows = select(literal(number, Key), then.c.id, *(then.c[name] for name in columns), state)
    frozen = insert(Closed).from_select(["close_id", "obligation_id", *columns, "state"], rows)
    connection.execute(frozen, {"plan": plan_id, "received": received_until, "decided": visit.now})
    return number


def standing(connection: Connection, plan_id: int, key: str = "", figures: bool = True) -> list[Standing]:
    """The closes of a plan, or those of one key, in order; reopened ones too. Two statements, one without `figures`."""
    wanted = _STANDING.where(Close.plan_id == plan_id)
    rows: Sequence[Any] = connection.execute(wanted.where(Close.key == key) if key else wanted).all()
    found = {row.id: NOTHING for row in rows}
    frozen = _FROZEN.where(Closed.close_id.in_(found)) if rows and figures else None
    days = {row.id: row.day for row in rows}
    for row in connection.execute(frozen) if frozen is not None else ():
        found[row.close_id] += counted(
            row.units, row.target, row.reported, row.verified, row.due <= days[row.close_id], row.provisional
        )
    return [Standing(**row._mapping, counts=found[row.id]) for row in rows]


def rows_of(connection: Connection, close_id: int) -> Sequence[Any]:
    """Every obligation as it was frozen: obligation_id, target, units, due, reported, verified, provisional, state."""
    return connection.execute(select(Closed).where(Closed.close_id == close_id).order_by(Closed.obligation_id)).all()


def unreviewed(connection: Connection, plan_id: int, until: datetime) -> int:
    """How many reports that came by then nobody has decided on."""
    waiting = select(func.count()).where(Report.plan_id == plan_id, _WAITING, Report.received_at <= until)
    return connection.execute(waiting).scalar_one()


def ask_to_reopen(visit: Visit, close_id: int, reason: str) -> None:
    """Somebody who runs the plan asks for it. Conflict where somebody has asked, or it is reopened."""
    _settle(
        visit, close_id, Close.asked_by.is_(None), asked_by=visit.who.id, asked_at=visit.now, reason=reason
    )  # fmt: skip


def reopen(visit: Visit, close_id: int) -> None:
    """A second person reopens it. Conflict where nobody else has asked for it."""
    _settle(visit, close_id, Close.asked_by != visit.who.id, reopened_by=visit.who.id, reopened_at=visit.now)


def keep_closed(visit: Visit, close_id: int) -> None:
    """It stays closed: nobody asks any more."""
    _settle(visit, close_id, Close.asked_by.is_not(None), asked_by=None, asked_at=None, reason="")


def _settle(visit: Visit, close_id: int, given: Any, **values: Any) -> None:
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan reopens")
    held = update(Close).where(Close.id == close_id, Close.reopened_at.is_(None), given).values(values)
    if visit.connection.execute(held).rowcount == 0:
        raise Conflict(f"close {close_id} is not as it was")


_WAITING = text("reports.state = 'reported'")  # as in the index on it
_NEWEST = select(func.coalesce(func.max(Entry.id), 0)).scalar_subquery()
_INSERT: dict[str, Any] = {"sqlite": insert_sqlite, "postgresql": insert_postgresql}
_asker, _opener = aliased(Person), aliased(Person)
_STANDING = (
    select(
        Close.id, Close.plan_id, Close.key, Close.first, Close.day, Close.at, Person.name.label("by"), Close.reason,
        Close.asked_by, func.coalesce(_asker.name, "").label("asker"), Close.asked_at,
        func.coalesce(_opener.name, "").label("opener"), Close.reopened_at, Close.entry, Close.received_until,
    )
    .join(Person, Person.id == Close.by_id)
    .outerjoin(_asker, _asker.id == Close.asked_by)
    .outerjoin(_opener, _opener.id == Close.reopened_by)
    .order_by(Close.day, Close.id)
)  # fmt: skip
_FROZEN = select(
    Closed.close_id, Closed.units, Closed.target, Closed.due, Closed.reported, Closed.verified, Closed.provisional
)
