"""When those who coordinate, and heads of office, read their summary; and who is to get one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, ForeignKey, func, select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc
from models.deliveries import Delivery
from models.leaves import away
from models.offices import Office
from models.people import Membership, Role
from models.preferences import CLOSES, Preference

MONDAY, USUAL = 0, time(7, 30)
# Nobody reads a summary before this time; the last one leaves before the entity closes.
EARLIEST, LATEST = time(7), time(CLOSES - 1, 30)


class SummaryTime(Base):
    """weekday: 0 is Monday, 4 Friday. minute: of the local day. A summary due before `chosen_at` is not sent late."""

    __tablename__ = "summary_times"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    weekday: Mapped[int]
    minute: Mapped[int]
    chosen_at: Mapped[datetime] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class When:
    """A weekday (0 is Monday) and a local time of day."""

    weekday: int = MONDAY
    time: time = USUAL


@dataclass(frozen=True, slots=True)
class Led:
    """An office somebody heads."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a summary is for.

    offices  those they head; none for who coordinates and reads of the whole plan
    since    from when on one may be due to them: they came, or chose another time
    opens    the local hour before which nothing is sent to them; quiet: a bit for each weekday, 1 is Monday
    told_at  when the last one was made for them
    """

    person_id: int
    offices: tuple[Led, ...]
    since: datetime
    when: When
    opens: int
    quiet: int
    told_at: datetime | None


def of(connection: Connection, person_id: int) -> When:
    """What the person chose, or the usual."""
    row = connection.execute(_OF.where(SummaryTime.person_id == person_id)).one_or_none()
    return _when(row.weekday, row.minute) if row else When()


def keep(connection: Connection, person_id: int, when: When, now: datetime) -> None:
    """Keep what a person chose. Raises ValueError on days and at times when nothing is sent."""
    if not 0 <= when.weekday < 5 or not EARLIEST <= when.time <= LATEST:
        raise ValueError("nothing is sent then")
    minute = when.time.hour * 60 + when.time.minute
    chosen = {"person_id": person_id, "weekday": when.weekday, "minute": minute, "chosen_at": now}
    connection.execute(_KEEP[connection.dialect.name], chosen)


def led(connection: Connection, person_id: int) -> tuple[Led, ...]:
    """The offices the person heads."""
    return tuple(Led(*row) for row in connection.execute(_LED.where(Membership.person_id == person_id)))


def readers(connection: Connection, today: date) -> list[Reader]:
    """Coordinators and heads of office who are at work. One statement."""
    rows = connection.execute(_READERS, {"today": today}).all()
    return [_reader(list(held)) for _person, held in groupby(rows, key=lambda row: row.person_id)]


def _reader(held: list[Any]) -> Reader:
    """One person from their roles; who coordinates is not told of single offices besides."""
    whole = any(row.role == Role.COORDINATOR for row in held)
    first = held[0]
    since = min(row.since for row in held if not whole or row.role == Role.COORDINATOR)
    own = first.minute is not None
    return Reader(
        first.person_id,
        () if whole else tuple(Led(row.id, row.code, row.name) for row in held),
        max(since, first.chosen_at) if own else since,
        _when(first.weekday, first.minute) if own else When(),
        # Who chose a time for it means it, whatever their hour for everything else is.
        0 if own else first.hour or 0,
        first.quiet or 0,
        first.told_at,
    )


def _when(weekday: int, minute: int) -> When:
    return When(weekday, time(*divmod(minute, 60)))


_OF = select(SummaryTime.weekday, SummaryTime.minute)
_LED = (
    select(Office.id, Office.code, Office.name)
    .join(Membership, Membership.office_id == Office.id)
    .where(Membership.role == Role.HEAD, Membership.until.is_(None))
    .order_by(Office.name)
)
_TOLD_AT = (
    select(func.max(Delivery.created_at))
    .where(Delivery.person_id == Membership.person_id, text("deliveries.kind = 'summary'"), Delivery.state != "skipped")
    .correlate(Membership)
    .scalar_subquery()
)
_READERS = (
    select(
        Membership.person_id, Membership.role, Membership.since, Office.id, Office.code, Office.name,
        SummaryTime.weekday, SummaryTime.minute, SummaryTime.chosen_at, Preference.hour, Preference.quiet,
        _TOLD_AT.label("told_at"),
    )
    .outerjoin(Office, Office.id == Membership.office_id)
    .outerjoin(SummaryTime, SummaryTime.person_id == Membership.person_id)
    .outerjoin(Preference, Preference.person_id == Membership.person_id)
    .where(
        Membership.role.in_([Role.COORDINATOR, Role.HEAD]), Membership.until.is_(None), ~away(Membership.person_id)
    )
    .order_by(Membership.person_id, Office.name)
)  # fmt: skip
_CHOSEN = ("weekday", "minute", "chosen_at")
_SQLITE, _POSTGRESQL = insert_sqlite(SummaryTime), insert_postgresql(SummaryTime)
_KEEP = {
    "sqlite": _SQLITE.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _SQLITE.excluded[name] for name in _CHOSEN}
    ),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _POSTGRESQL.excluded[name] for name in _CHOSEN}
    ),
}
