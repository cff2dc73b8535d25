"""Reports with all that proves them, a page at a time, for who has to see the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from models.base import Utc
from models.cut_off import Cut, known_reports
from models.evidence import Evidence
from models.people import Person
from models.reports import Report
from models.reviews import Review

# Reports of a page.
PAGE = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, link or place: as in models.evidence.Evidence."""

    report_id: int
    kind: str
    ref: str
    name: str
    mime: str
    size: int
    quarantined: bool
    channel: str
    sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """A report in its newest version, and what was decided on it.

    first_at  when its first version came; outcome: reported, verified, returned or withdrawn
    by        who decided last, when and why; "" where nobody did
    """

    id: int
    folio: str
    version: int
    quantity: int
    item: str
    account: str
    done_on: date
    place: dict[str, Any] | None
    channel: str
    sent_at: datetime
    received_at: datetime
    author: str
    first_at: datetime
    outcome: str
    by: str
    decided_at: datetime | None
    reason: str


def page(
    connection: Connection, cut: Cut, obligation_id: int, since: datetime | None, after: str
) -> list[Filed]:  # fmt: skip
    """The next reports of an obligation by folio, from behind `after`, that first came `since` then (None: ever)."""
    asked = {**cut.params, "obligation": obligation_id, "after": after}
    if since is None:
        return [Filed(*row) for row in connection.execute(_ALL, asked)]
    return [Filed(*row) for row in connection.execute(_WITHIN, {**asked, "since": since})]


def came(connection: Connection, plan_id: int, folio: str) -> tuple[int, datetime]:
    """The obligation of a report, and when its newest version came. LookupError where there is no such report."""
    row = connection.execute(_CAME, {"plan": plan_id, "folio": folio}).one_or_none()
    if row is None:
        raise LookupError(f"no report {folio!r}")
    return row.obligation_id, row.received_at


def pieces(connection: Connection, reports: Sequence[int]) -> list[Piece]:
    """The evidence of reports, in its order."""
    return [Piece(*row) for row in connection.execute(_PIECES, {"reports": list(reports)})]


def _page(within: bool) -> Any:
    known, first, newer = known_reports(of_one=True), aliased(Report), aliased(Review)
    author, decider = aliased(Person), aliased(Person)
    last = (
        select(func.max(newer.id))
        .where(newer.report_id == Report.id, newer.at <= bindparam("known", type_=Utc))
        .correlate(Report)
        .scalar_subquery()
    )
    wanted = (
        select(
            Report.id, Report.folio, Report.version, Report.quantity, Report.item, Report.account, Report.done_on,
            Report.place, Report.channel, Report.sent_at, Report.received_at, author.name, first.received_at,
            known.c.outcome, func.coalesce(decider.name, ""), Review.at, func.coalesce(Review.reason, ""),
        )
        .join(known, known.c.id == Report.id)
        .join(first, first.id == known.c.first)
        .join(author, author.id == Report.author_id)
        .outerjoin(Review, and_(Review.id == last, Review.outcome != "reverted"))
        .outerjoin(decider, decider.id == Review.by_id)
        .where(Report.folio > bindparam("after", type_=String))
        .order_by(Report.folio)
        .limit(PAGE)
    )  # fmt: skip
    return wanted.where(first.received_at >= bindparam("since", type_=Utc)) if within else wanted


_ALL, _WITHIN = _page(within=False), _page(within=True)
_CAME = (
    select(Report.obligation_id, Report.received_at)
    .where(Report.plan_id == bindparam("plan"), Report.folio == bindparam("folio"))
    .order_by(Report.version.desc())
    .limit(1)
)
_PIECES: Any = (
    select(
        Evidence.report_id, Evidence.kind, Evidence.ref, Evidence.name, Evidence.mime, Evidence.size,
        Evidence.quarantined, Evidence.channel, Evidence.sent_at, Evidence.received_at,
    )
    .where(Evidence.report_id.in_(bindparam("reports", expanding=True)))
    .order_by(Evidence.report_id, Evidence.id)
)  # fmt: skip
