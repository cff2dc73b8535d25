"""What has changed since a close: each obligation that is no longer as it was frozen, and what made it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, literal, or_, select, union_all

from models.as_of import counted
from models.audit import Entry
from models.changes import Change
from models.closes import Closed, Standing
from models.figures import NOTHING, Counts, narrowed
from models.obligations import Obligation
from models.plan import Activity
from models.reports import Report

# What the audit says of reports that changes what counts.
CAME = ("report.filed", "report.corrected")
DECIDED = ("report.withdrawn", "report.verified", "report.returned", "review.reverted")


@dataclass(frozen=True, slots=True)
class Cause:
    """What happened and when: one of CAME or DECIDED with its folio, or a cause of models.changes with ""."""

    what: str
    folio: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An obligation as it was frozen and as it is now; NOTHING where it was not, or is not, owed."""

    id: int
    code: str
    then: Counts
    now: Counts
    causes: tuple[Cause, ...]


def adjustments(connection: Connection, close: Standing) -> list[Adjustment]:
    """What is different now, by code; the day of the close tells what is due. Two statements."""
    rows = connection.execute(_different(close)).all()
    if not rows:
        return []
    causes: dict[int, list[Cause]] = {}
    for row in connection.execute(_causes(close, [row.id for row in rows])):
        causes.setdefault(row.obligation, []).append(Cause(row.what, row.folio, row.at))
    return [
        Adjustment(
            row.id, row.code,
            counted(row.was_units, row.was_target, row.was_reported, row.was_verified, row.was_due <= close.day,
                    row.was_provisional) if row.was_target else NOTHING,
            counted(row.units, row.target, row.reported, row.verified, row.due <= close.day, row.provisional)
            if row.withdrawn_at is None else NOTHING,
            tuple(causes.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def total(close: Standing, changed: Sequence[Adjustment]) -> Counts:
    """The figures of the close as they are now: what was frozen, adjusted."""
    counts = close.counts
    for one in changed:
        counts = Counts(*(
            whole - then + now
            for whole, then, now in zip(_plain(counts), _plain(one.then), _plain(one.now), strict=True)
        ))  # fmt: skip
    return counts


def _plain(counts: Counts) -> tuple[int, ...]:
    return (
        counts.units, counts.done, counts.verified, counts.due, counts.done_due, counts.provisional, counts.verified_due
    )  # fmt: skip


def _different(close: Standing) -> Any:
    now = (Obligation.target, Obligation.units, Obligation.due, Obligation.reported, Obligation.verified)
    then = (Closed.target, Closed.units, Closed.due, Closed.reported, Closed.verified)
    changed = or_(
        Closed.target.is_(None), Obligation.withdrawn_at.is_not(None),
        *(one != other for one, other in zip(now, then, strict=True)),
    )  # fmt: skip
    concerned = or_(
        Closed.target.is_not(None), and_(Obligation.withdrawn_at.is_(None), *narrowed(close.scope))
    )  # fmt: skip
    return (
        select(
            Obligation.id, Obligation.code, *now, Obligation.provisional, Obligation.withdrawn_at,
            Closed.target.label("was_target"), Closed.units.label("was_units"), Closed.due.label("was_due"),
            Closed.reported.label("was_reported"), Closed.verified.label("was_verified"),
            Closed.provisional.label("was_provisional"),
        )
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Closed, and_(Closed.obligation_id == Obligation.id, Closed.close_id == close.id))
        .where(Obligation.plan_id == close.plan_id, concerned, changed)
        .order_by(Obligation.code)
    )  # fmt: skip


def _causes(close: Standing, ids: Sequence[int]) -> Any:
    """Found through the reports of these obligations, not by reading all that was written since."""
    later = or_(Entry.id > close.entry, and_(Entry.action.in_(CAME), Entry.at > close.received_until))
    decided = (
        select(
            Report.obligation_id.label("obligation"), Entry.action.label("what"), Report.folio.label("folio"),
            Entry.at.label("at"),
        )
        .join(Entry, and_(Entry.subject == Report.folio, Entry.action.in_((*CAME, *DECIDED))))
        .where(Report.version == 1, Report.obligation_id.in_(ids), later)
    )  # fmt: skip
    asked = select(Change.obligation_id, Change.cause, literal(""), Change.until).where(
        Change.obligation_id.in_(ids), Change.until > close.at
    )
    both = union_all(decided, asked).subquery()
    return select(both).order_by(both.c.at, func.coalesce(both.c.folio, ""))
