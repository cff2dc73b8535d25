"""Random samples of reports or obligations: whoever has the seed can draw the same one again, with paper if need be."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc
from models.changes import Change
from models.obligations import Obligation
from models.people import Person, Role
from models.reports import Report
from models.visibility import READ_ALL
from models.visit import Visit

Kind = Literal["reports", "obligations"]
MOST = 200


class Sample(Base):
    """What was drawn: `items` are folios or codes, in the order drawn, of `population` there were by the end of `day`.

    The same seed, kind, size and day give the same sample: it is kept once.
    """

    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(String(12))
    seed: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    population: Mapped[int]
    items: Mapped[list[str]] = mapped_column(Json)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("plan_id", "kind", "seed", "size", "day"),)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample as it is read."""

    id: int
    kind: Kind
    seed: str
    size: int
    day: date
    population: int
    items: list[str]
    by: str
    at: datetime


def chosen(seed: str, population: Sequence[str], size: int) -> list[str]:
    """The first `size` when each is put in the order of the SHA-256 of "seed:item"."""
    return sorted(population, key=lambda item: sha256(f"{seed}:{item}".encode()).hexdigest())[:size]


def draw(visit: Visit, plan_id: int, kind: Kind, size: int, day: date, until: datetime, seed: str = "") -> Drawn:
    """Draw a sample of what there was `until` the end of the `day`, or the one drawn before; "" makes up a seed."""
    if not visit.who.may({Role.AUDITOR}):
        raise PermissionError("only Internal Control draws samples")
    seed = seed or f"{secrets.randbelow(10**6):06}"
    there = list(visit.connection.execute(_population(kind, plan_id, until)).scalars())
    values: dict[str, Any] = {
        "plan_id": plan_id, "kind": kind, "seed": seed, "size": size, "day": day, "population": len(there),
        "items": chosen(seed, there, size), "by_id": visit.who.id, "at": visit.now,
    }  # fmt: skip
    visit.connection.execute(_KEEP[visit.connection.dialect.name], values)
    same = {name: values[name] for name in ("plan_id", "kind", "seed", "size", "day")}
    return _first(visit, *(getattr(Sample, name) == value for name, value in same.items()))  # type: ignore[return-value]


def one(visit: Visit, number: int) -> Drawn | None:
    """A sample by its number, for those who read everything."""
    return _first(visit, Sample.id == number)


def latest(visit: Visit, most: int) -> list[Drawn]:
    """The newest ones, for those who read everything."""
    if not visit.who.may(READ_ALL):
        return []
    rows: Sequence[Any] = visit.connection.execute(_DRAWN.order_by(Sample.id.desc()).limit(most)).all()
    return [Drawn(*row) for row in rows]


def _first(visit: Visit, *where: Any) -> Drawn | None:
    row: Any = visit.connection.execute(_DRAWN.where(*where)).first() if visit.who.may(READ_ALL) else None
    return Drawn(*row) if row else None


def _population(kind: Kind, plan_id: int, until: datetime) -> Any:
    """Every report that had come, whatever became of it; every obligation that was owed."""
    if kind == "reports":
        return select(Report.folio).where(Report.plan_id == plan_id, Report.version == 1, Report.received_at < until)
    before = select(Change.withdrawn).where(Change.obligation_id == Obligation.id, Change.until >= until)
    first = before.order_by(Change.until, Change.id).limit(1).correlate(Obligation).scalar_subquery()
    owed = first.is_(None) & (Obligation.withdrawn_at.is_(None) | (Obligation.withdrawn_at >= until))
    return select(Obligation.code).where(Obligation.plan_id == plan_id, owed | ~first)


_KEEP = {
    name: into(Sample).on_conflict_do_nothing()
    for name, into in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}
_DRAWN = select(
    Sample.id, Sample.kind, Sample.seed, Sample.size, Sample.day, Sample.population, Sample.items, Person.name,
    Sample.at,
).join(Person, Person.id == Sample.by_id)  # fmt: skip
