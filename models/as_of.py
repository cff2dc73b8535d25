"""Figures as they were known at a moment, worked out from what is never changed: what came when, and who decided when.

Reports count from when they came, corrections from when theirs came; reviews and withdrawals from when they were made;
and what was owed is what the plan asked for then (models.changes).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import aliased

from conversation.understanding import fold
from models.audit import Entry
from models.base import Utc
from models.changes import Change
from models.figures import NOTHING, Counts, Part, Scope, narrowed
from models.obligations import Obligation
from models.offices import Office
from models.plan import Activity
from models.reports import Report
from models.reviews import Review

WHOLE = Scope()
VERIFIED = -1


@dataclass(frozen=True, slots=True)
class Known:
    """An obligation as it was known. office: the one it counts for, "" the entity.

    reported, verified  what its reports added up to then, perhaps more than the target
    """

    id: int
    code: str
    number: int
    title: str
    subcomponent: int
    subcomponent_title: str
    period: str
    office: str
    short: str
    office_code: str
    target: int
    units: int
    due: date
    provisional: bool
    reported: int
    verified: int

    def counts(self, day: date) -> Counts:
        """Its figures, where what falls due up to `day` counts as due."""
        return counted(self.units, self.target, self.reported, self.verified, self.due <= day, self.provisional)


def as_of(
    connection: Connection, plan_id: int, moment: datetime, scope: Scope = WHOLE, decided: datetime | None = None
) -> list[Known]:
    """All that was owed at a moment, with what counted for it then, by code. One statement.

    `decided`: until when decisions on what had come are known, where that is later.
    It reads the reports of the plan that had come by then, and nothing else of other plans or later times.
    """
    rows = connection.execute(known(scope), {"plan": plan_id, "received": moment, "decided": decided or moment})
    return [_read(row) for row in rows]


def counted(units: int, target: int, reported: int, verified: int, due: bool, provisional: bool) -> Counts:
    """The figures of one obligation: as in models.figures."""
    done, checked = (units * min(count, target) // target for count in (reported, verified))
    return Counts(
        units, done, checked, units if due else 0, done if due else 0, units if provisional else 0,
        checked if due else 0,
    )  # fmt: skip


def parts_of(rows: Iterable[Known], scope: Scope, day: date) -> tuple[Part, ...]:
    """The figures of a scope in parts, as models.figures has them."""
    rows = list(rows)
    by_office = scope.kind == "activity" and len({row.office_code for row in rows}) > 1
    parts: dict[tuple[int, str, str], Part] = {}
    for row in rows:
        if scope.kind == "plan":
            blank = Part(row.subcomponent, row.subcomponent_title, row.subcomponent_title, "", NOTHING)
        elif scope.kind != "activity":
            blank = Part(row.number, row.title, row.title, "", NOTHING)
        elif by_office:
            blank = Part(0, row.office, row.short, "", NOTHING, row.office_code)
        else:
            blank = Part(0, "", "", row.period, NOTHING)
        key = (blank.number, fold(blank.name) if by_office else "", blank.period)
        part = parts.get(key, blank)
        parts[key] = replace(part, counts=part.counts + row.counts(day))
    return tuple(parts[key] for key in sorted(parts))


def known(scope: Scope = WHOLE) -> Select[*tuple[Any, ...]]:
    """The columns of a Known; parameters `plan`, and until when reports were `received` and reviews `decided`."""
    change, later = aliased(Change), aliased(Change)
    decided = bindparam("decided", type_=Utc)
    first = (
        select(later.id)
        .where(later.obligation_id == Obligation.id, later.until > decided)
        .order_by(later.until, later.id)
        .limit(1)
        .correlate(Obligation)
        .scalar_subquery()
    )
    owed = or_(
        change.withdrawn == false(),
        change.id.is_(None) & (Obligation.withdrawn_at.is_(None) | (Obligation.withdrawn_at > decided)),
    )
    # Worked out once: PostgreSQL would do it again for each obligation, where it knows nothing of the tables' sizes.
    came = _came().cte("came").prefix_with("MATERIALIZED", dialect="postgresql")
    then = {name: func.coalesce(getattr(change, name), getattr(Obligation, name)) for name in
            ("target", "units", "due", "provisional")}  # fmt: skip
    return (
        select(
            Obligation.id, Obligation.code, Activity.number, Activity.title, Activity.subcomponent,
            Activity.subcomponent_title, Obligation.period, Office.name.label("office"), Office.aliases,
            Office.code.label("office_code"), *(column.label(name) for name, column in then.items()),
            func.coalesce(came.c.reported, 0).label("reported"), func.coalesce(came.c.verified, 0).label("verified"),
        )
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(change, change.id == first)
        .outerjoin(came, came.c.obligation_id == Obligation.id)
        .where(Obligation.plan_id == bindparam("plan", type_=Integer), owed, *narrowed(scope))
        .order_by(Obligation.code)
    )  # fmt: skip


def _came() -> Select[*tuple[Any, ...]]:
    """What counted for each obligation: `reported`, and `verified` of it."""
    newer, review = aliased(Report), aliased(Review)
    received, decided = bindparam("received", type_=Utc), bindparam("decided", type_=Utc)
    # By its number: every version but the first replaces the one before it.
    replaced = select(newer.received_at <= received).where(
        newer.plan_id == Report.plan_id, newer.folio == Report.folio, newer.version == Report.version + 1
    )
    superseded = and_(Report.state == "superseded", func.coalesce(replaced.correlate(Report).scalar_subquery(), true()))
    # Its newest review in one number: -1 verified, else what of a returned one counts; none or taken back: NULL. Not a
    # join: PostgreSQL would read all reviews of all plans for it.
    verdict = (
        select(case((review.outcome == "verified", VERIFIED), (review.outcome == "returned", review.kept)))
        .where(review.report_id == Report.id, review.at <= decided)
        .order_by(review.id.desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    gone = or_(superseded, _withdrawn(decided))
    judged = (
        select(
            Report.obligation_id, case((gone, 0), else_=Report.quantity).label("quantity"), verdict.label("verdict"),
        )
        .where(Report.plan_id == bindparam("plan", type_=Integer), Report.received_at <= received)
        .cte("judged")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )  # fmt: skip
    kept = case((judged.c.quantity == 0, 0), (judged.c.verdict >= 0, judged.c.verdict), else_=judged.c.quantity)
    return select(
        judged.c.obligation_id,
        func.sum(kept).label("reported"),
        func.sum(case((judged.c.verdict == VERIFIED, judged.c.quantity), else_=0)).label("verified"),
    ).group_by(judged.c.obligation_id)


def _withdrawn(decided: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether its author had taken the report back: when that was stands in the audit only."""
    detail = literal('{"report":') + cast(Report.id, Text) + literal("}")
    return and_(
        Report.state == "withdrawn",
        exists().where(
            Entry.subject == Report.folio, Entry.action == "report.withdrawn", Entry.at <= decided,
            type_coerce(Entry.detail, Text) == detail,
        ),
    )  # fmt: skip


def _read(row: Any) -> Known:
    name = row.office or ""
    return Known(
        row.id, row.code, row.number, row.title, row.subcomponent, row.subcomponent_title, row.period, name,
        row.aliases[0] if row.aliases else name, row.office_code or "", row.target, row.units, row.due,
        bool(row.provisional), int(row.reported), int(row.verified),
    )  # fmt: skip
