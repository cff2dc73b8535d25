"""What each office owes in each period: kept, counted, and shown only to those who owe it or may see all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.base import Base, Conflict, Json, Key, Utc, partial_index
from models.offices import Office
from models.plan import Activity
from models.prepared import Prepared, among
from models.reports import LIVING, Report
from models.visit import Visit

SEPARATOR = "\x1f"


class Obligation(Base):
    """See plans.terms.Owed.

    filed     how many folios have been given under it
    reported  what its living reports add up to, never above `target`; verified: those of them a person has verified
    agreed    the later day that was accepted for it, from which its officers are nudged; `due` stays what it is
    again     from when on its officers are nudged anew because a report of it was returned
    """

    __tablename__ = "obligations"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(40))
    starts: Mapped[date] = mapped_column(Date)
    due: Mapped[date] = mapped_column(Date)
    warn: Mapped[date] = mapped_column(Date)
    fixed: Mapped[bool]
    target: Mapped[int]
    unit: Mapped[str] = mapped_column(String(120))
    units: Mapped[int]
    steps: Mapped[list[str]] = mapped_column(Json)
    distinct: Mapped[str] = mapped_column(String(16))
    proofs: Mapped[list[str]] = mapped_column(Json)
    provisional: Mapped[bool]
    filed: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    agreed: Mapped[date | None] = mapped_column(Date)
    again: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        partial_index("ix_obligations_open", "due", where="reported < target AND withdrawn_at IS NULL"),
        partial_index(
            "ix_obligations_ladder", "plan_id", "warn", "id", where="reported < target AND withdrawn_at IS NULL"
        ),
    )


def ladder_day() -> ColumnElement[date]:
    """The day from which the steps of an obligation's ladder count: `warn`, an accepted or `again` if later."""
    warn, agreed, again = Obligation.warn, Obligation.agreed, Obligation.again
    return case(
        ((again > warn) & (agreed.is_(None) | (again > agreed)), again), (agreed > warn, agreed), else_=warn
    )  # fmt: skip


def asked_from() -> ColumnElement[date]:
    """The day before which nobody is nudged: its period begins, or its officers still put right what was returned."""
    return func.coalesce(Obligation.again, Obligation.starts)


class Ownership(Base):
    """Which offices an obligation concerns: which one leads and closes it, supports it, or has it counted."""

    __tablename__ = "ownerships"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), primary_key=True, index=True)
    part: Mapped[str] = mapped_column(String(8))


class Precedence(Base):
    """The obligation waits until everything of another activity is reported (19 and 20 after 12)."""

    __tablename__ = "precedences"

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation as the person who owes it sees it. `items`: steps or municipalities already reported."""

    id: int
    plan_id: int
    code: str
    period: str
    number: int
    title: str
    office: str
    topic: str
    starts: date
    due: date
    target: int
    reported: int
    unit: str
    steps: tuple[str, ...]
    distinct: str
    items: frozenset[str]
    proofs: tuple[str, ...]
    place: bool
    provisional: bool
    blocked: bool
    agreed: date | None

    @property
    def left(self) -> int:
        """How much is still to be reported."""
        return self.target - self.reported


@dataclass(frozen=True, slots=True)
class Filed:
    """An obligation once a report has been filed under it."""

    folio: str
    reported: int
    target: int


def open_for(visit: Visit) -> list[Duty]:
    """What the person's offices still owe in periods that have begun, most urgent first."""
    if not visit.who.offices:
        return []
    asked = {"offices": list(visit.who.offices), "today": visit.today}
    return [_duty(row) for row in _OPEN.rows(visit.connection, asked)]


def one_open(visit: Visit, obligation_id: int) -> Duty | None:
    """One of them, None where it is not owed (any more)."""
    asked = {"offices": list(visit.who.offices), "today": visit.today, "obligation": obligation_id}
    row = _ONE.first(visit.connection, asked) if visit.who.offices else None
    return _duty(row) if row else None


def left_for(visit: Visit) -> tuple[Duty | None, int]:
    """The most urgent of what is still owed, and how much is."""
    asked = {"offices": list(visit.who.offices), "today": visit.today}
    row = _LEFT.first(visit.connection, asked) if visit.who.offices else None
    return (_duty(row), row.left) if row else (None, 0)


def file(connection: Connection, obligation_id: int, quantity: int) -> Filed:
    """Count a new report and number it: "A04-2022-05-0007". Conflict where it no longer fits."""
    row = _FILE.first(connection, {"obligation": obligation_id, "quantity": quantity})
    if row is None:
        raise Conflict(f"obligation {obligation_id} has no room for {quantity}")
    return Filed(f"{row.code}-{row.filed:04}", row.reported, row.target)


def count_up(
    connection: Connection, obligation_id: int, quantity: int, verified: int = 0, again: date | None = None
) -> None:
    """Add to what is reported and to what of it is verified, or take from them; Conflict where it no longer fits.

    `again`: the day from which on what is missing now is asked for anew.
    """
    asked = {"obligation": obligation_id, "quantity": quantity, "verified": verified, "again": again}
    if not _COUNT_UP.rows(connection, asked):
        raise Conflict(f"obligation {obligation_id} has no room for {quantity}")


def count_verified(connection: Connection, quantities: Mapping[int, int]) -> None:
    """Add to what is verified of several obligations, by their ids."""
    _COUNT_VERIFIED.many(connection, [{"obligation": key, "verified": count} for key, count in quantities.items()])


def _duties() -> Select[*tuple[Any, ...]]:
    """Obligations with their activity and office, the items reported, and whether another activity must come first."""
    before = aliased(Obligation)
    blocked = exists().where(
        Precedence.obligation_id == Obligation.id,
        before.activity_id == Precedence.activity_id,
        before.withdrawn_at.is_(None),
        before.reported < before.target,
    )
    items = (
        select(func.aggregate_strings(Report.item, SEPARATOR))
        .where(Report.obligation_id == Obligation.id, Report.state.in_(LIVING))
        .correlate(Obligation)
        .scalar_subquery()
    )
    return (
        select(
            Obligation.id, Obligation.plan_id, Obligation.code, Obligation.period, Activity.number, Activity.title,
            Activity.place, Office.name.label("office"), Obligation.topic, Obligation.starts, Obligation.due,
            Obligation.target, Obligation.reported, Obligation.unit, Obligation.steps, Obligation.distinct,
            Obligation.proofs, Obligation.provisional, blocked.label("blocked"), Obligation.agreed,
            case((Obligation.distinct != "", items)).label("items"),
        )
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
    )  # fmt: skip


def _duty(row: Any) -> Duty:
    return Duty(
        row.id, row.plan_id, row.code, row.period, row.number, row.title, row.office or "", row.topic, row.starts,
        row.due, row.target, row.reported, row.unit, tuple(row.steps), row.distinct,
        frozenset((row.items or "").split(SEPARATOR)) - {""}, tuple(row.proofs), row.place, row.provisional,
        bool(row.blocked), row.agreed,
    )  # fmt: skip


# Statements of every turn are built once: building one costs more than running it.
_OWNED = select(Ownership.obligation_id).where(among(Ownership.office_id, "offices"))
_OWED = (
    _duties()
    .where(
        Obligation.id.in_(_OWNED),
        Obligation.starts <= bindparam("today"),
        Obligation.reported < Obligation.target,
        Obligation.withdrawn_at.is_(None),
    )
    .order_by(Obligation.due, Activity.number, Obligation.code)
)
_OPEN = Prepared(_OWED)
_ONE = Prepared(_OWED.where(Obligation.id == bindparam("obligation")))
_LEFT = Prepared(_OWED.add_columns(func.count().over().label("left")).limit(1))
_QUANTITY, _VERIFIED = bindparam("quantity", type_=Integer), bindparam("verified", type_=Integer)
_COUNTED = (
    update(Obligation)
    .where(
        Obligation.id == bindparam("obligation"),
        # What is taken back always may be, also where a later reading asks for less, or for nothing any more.
        or_(_QUANTITY <= 0, Obligation.withdrawn_at.is_(None) & (Obligation.reported + _QUANTITY <= Obligation.target)),
        Obligation.reported + _QUANTITY >= 0,
    )
    .values(reported=Obligation.reported + _QUANTITY)
    .returning(Obligation.code, Obligation.filed, Obligation.reported, Obligation.target)
)
_COUNT_UP = Prepared(
    _COUNTED.values(
        verified=Obligation.verified + _VERIFIED,
        again=func.coalesce(bindparam("again", type_=Date), Obligation.again),
    )
)
_COUNT_VERIFIED = Prepared(
    update(Obligation).where(Obligation.id == bindparam("obligation")).values(verified=Obligation.verified + _VERIFIED)
)
_FILE = Prepared(_COUNTED.values(filed=Obligation.filed + 1))
