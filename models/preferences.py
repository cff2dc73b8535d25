"""When a person wants to hear from us: never before their hour, not on their quiet days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, ForeignKey, Integer, bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.people import Person

# The working hours of the entity: nothing goes out by the clock before the one or from the other on.
OPENS, CLOSES = 8, 17


class Preference(Base):
    """hour: the first in which to write, OPENS to CLOSES - 1. quiet: a bit for each weekday, 1 is Monday, 64 Sunday."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    hour: Mapped[int]
    quiet: Mapped[int]


@dataclass(frozen=True, slots=True)
class Preferred:
    """What a person chose, or what holds for those who chose nothing. `quiet`: weekdays, 0 is Monday."""

    hour: int = OPENS
    quiet: frozenset[int] = frozenset()


def of(connection: Connection, person_id: int) -> Preferred:
    """What the person chose."""
    row = connection.execute(
        select(Preference.hour, Preference.quiet).where(Preference.person_id == person_id)
    ).one_or_none()
    return Preferred(row.hour, frozenset(day for day in range(7) if row.quiet >> day & 1)) if row else Preferred()


def keep(connection: Connection, person_id: int, hour: int, quiet: Collection[int] = ()) -> None:
    """Keep an hour and quiet weekdays. Raises ValueError where no hour or no working day would be left."""
    if not OPENS <= hour < CLOSES or not set(range(5)) - set(quiet):
        raise ValueError("nothing could ever be sent")
    chosen = {"person_id": person_id, "hour": hour, "quiet": sum(1 << day for day in set(quiet))}
    connection.execute(_KEEP[connection.dialect.name], chosen)


def awake() -> ColumnElement[bool]:
    """Whether a row's Person may be written to: parameters `hour` (0 to 23) and `weekday` (one bit), local ones."""
    asleep = exists().where(
        Preference.person_id == Person.id,
        (Preference.hour > bindparam("hour", type_=Integer))
        | (Preference.quiet.op("&")(bindparam("weekday", type_=Integer)) != 0),
    )
    return ~asleep


_SQLITE, _POSTGRESQL = insert_sqlite(Preference), insert_postgresql(Preference)
_KEEP = {
    "sqlite": _SQLITE.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _SQLITE.excluded[name] for name in ("hour", "quiet")}
    ),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _POSTGRESQL.excluded[name] for name in ("hour", "quiet")}
    ),
}
