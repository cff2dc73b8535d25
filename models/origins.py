"""Where a piece of evidence comes from: who sent it, when by which clock, as what, and what else looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from models.evidence import Evidence
from models.figures import NEWEST
from models.obligations import Obligation
from models.offices import Office
from models.people import Person
from models.reports import Report
from models.visibility import READ_ALL
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Origin:
    """One piece of the newest version of a report. `number`: its place there, from 1; `version`: the one it came with.

    sent_at, received_at  by the sender's clock and by ours; done_on: the day the officer says it was done
    details               as in models.evidence, {} for none
    alike                 folios of other reports with the same file, or a photo like it
    """

    number: int
    kind: str
    ref: str
    name: str
    author: str
    office: str
    folio: str
    version: int
    channel: str
    sent_at: datetime
    received_at: datetime
    done_on: date
    details: dict[str, Any]
    alike: tuple[str, ...]


def origins(visit: Visit, folio: str) -> list[Origin]:
    """The evidence of a report of the current plan, for those who read everything; else nothing. Two statements."""
    rows: Sequence[Any] = ()
    if visit.who.may(READ_ALL):
        rows = visit.connection.execute(_PIECES, {"folio": folio.upper()}).all()
    if not rows:
        return []
    asked = {"refs": [row.ref for row in rows], "ids": [row.id for row in rows], "folio": rows[0].folio,
             "twins": [row.twin_id for row in rows if row.twin_id]}  # fmt: skip
    alike: dict[int, set[str]] = {row.id: set() for row in rows}
    for other in visit.connection.execute(_ALIKE, asked):
        for row in rows:
            if other.ref == row.ref or other.id == row.twin_id or other.twin_id in (row.id, row.twin_id or -1):
                alike[row.id].add(other.folio)
    return [
        Origin(
            number, row.kind, row.ref, row.name, row.author, row.office, row.folio, row.first, row.channel, row.sent_at,
            row.received_at, row.done_on, row.details or {}, tuple(sorted(alike[row.id])),
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip


_same, _earlier = aliased(Evidence), aliased(Report)
_newest = (
    select(func.max(_earlier.version))
    .where(_earlier.plan_id == Report.plan_id, _earlier.folio == Report.folio)
    .correlate(Report)
    .scalar_subquery()
)
# It came with the first version that has it: later ones repeat it with its own dates.
_first = (
    select(func.min(_earlier.version))
    .join(_same, _same.report_id == _earlier.id)
    .where(
        _earlier.plan_id == Report.plan_id, _earlier.folio == Report.folio, _same.ref == Evidence.ref,
        _same.received_at == Evidence.received_at,
    )
    .correlate(Report, Evidence)
    .scalar_subquery()
)  # fmt: skip
_PIECES = (
    select(
        Evidence.id, Evidence.kind, Evidence.ref, Evidence.name, Evidence.twin_id, Person.name.label("author"),
        func.coalesce(Office.name, "").label("office"), Report.folio, _first.label("first"), Evidence.channel,
        Evidence.sent_at, Evidence.received_at, Report.done_on, Evidence.details,
    )
    .join(Report, Report.id == Evidence.report_id)
    .join(Person, Person.id == Report.author_id)
    .join(Obligation, Obligation.id == Report.obligation_id)
    .outerjoin(Office, Office.id == Obligation.office_id)
    .where(Report.plan_id == NEWEST, Report.folio == bindparam("folio"), Report.version == _newest)
    .order_by(Evidence.id)
)  # fmt: skip
_other = aliased(Report)
_ALIKE = (
    select(Evidence.id, Evidence.ref, Evidence.twin_id, _other.folio)
    .join(_other, _other.id == Evidence.report_id)
    .where(
        or_(
            Evidence.ref.in_(bindparam("refs", expanding=True)) & (Evidence.kind != "place"),
            Evidence.id.in_(bindparam("twins", expanding=True)),
            Evidence.id.in_(select(_same.id).where(_same.twin_id.in_(bindparam("ids", expanding=True)))),
        ),
        _other.folio != bindparam("folio"),
    )
)
