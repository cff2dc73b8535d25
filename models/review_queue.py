"""What waits for review, most urgent first, with all a reviewer looks at. One statement, whatever waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, literal_column, not_, select
from sqlalchemy.orm import aliased

from models.evidence import Evidence
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Person
from models.plan import Activity, Plan
from models.prepared import Prepared, among
from models.reports import LIVING, REPORTED, Report, Reported
from models.reviews import SEE, Judged, Review, own
from models.visit import Visit

Doubt = Literal["none", "late", "used", "alike", "cut", "outside", "unseen"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence. `number`: its place in the report, from 1; `taken_on`: the day its camera claims.

    used, alike  folio of another report that counts and has the same file or link, or a photo like it; "" for none
    """

    id: int
    number: int
    kind: str
    ref: str
    name: str
    minors: bool
    dhash: str | None
    taken_on: date | None
    used: str
    alike: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at twice: of the whole report, or of one piece; `folio`, `day`: what it is about."""

    kind: Doubt
    piece: Piece | None = None
    folio: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Card(Reported):
    """A report as its reviewer sees it.

    office       whose deliverable it is, or who leads it; counted: the office it counts for, "" the entity
    own          whether this visitor may not decide on it: they wrote it, or report for an office it concerns
    outcome, by  the newest decision on this version and who took it, "" while there is none
    returns      how often earlier versions were returned; the last time: returned_by, returned_at, reason
    """

    received_at: datetime
    author_id: int
    author: str
    number: int
    title: str
    period: str
    topic: str
    counted: str
    office: str
    office_code: str
    starts: date
    due: date
    agreed: date | None
    target: int
    reported: int
    own: bool
    outcome: str
    by: str
    returns: int
    reason: str
    returned_by: str
    returned_at: datetime | None
    received_on: date
    pieces: tuple[Piece, ...]

    @property
    def judged(self) -> Judged:
        """What a decision needs of it."""
        return Judged(self.id, self.obligation_id, self.quantity)

    @property
    def alerts(self) -> list[Alert]:
        """What to look at twice, of the report and then of its pieces."""
        found = [] if self.pieces else [Alert("none")]
        if self.received_on > self.due:
            found.append(Alert("late", day=self.due))
        for piece in self.pieces:
            if piece.used:
                found.append(Alert("used", piece, piece.used))
            elif piece.alike:
                found.append(Alert("alike", piece, piece.alike))
            if piece.dhash == "":
                found.append(Alert("cut", piece))
            elif piece.kind == "photo" and piece.dhash is None:
                found.append(Alert("unseen", piece))
            if piece.taken_on and not self.starts <= piece.taken_on <= self.due:
                found.append(Alert("outside", piece, day=piece.taken_on))
        return found


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait for this visitor, those that were passed over left out, and the most urgent of them.

    pinned  the one asked for by number, whatever became of it; None where there is none
    """

    total: int
    cards: list[Card]
    pinned: Card | None = None


def queue(visit: Visit, passed: Collection[int] = (), pinned: int = 0, most: int = 30) -> Queue:
    """What waits for the visitor, who must be one to SEE it, else nothing; `passed`: reports to leave out."""
    if not visit.who.may(SEE):
        return Queue(0, [])
    asked = {
        "me": visit.who.id, "mine": list(visit.who.offices), "passed": list(passed), "pinned": pinned, "most": most,
    }  # fmt: skip
    rows = _QUEUE.rows(visit.connection, asked)
    cards = {key: _card(list(group), visit) for key, group in groupby(rows, key=lambda row: row.id)}
    return Queue(
        next((row.total for row in rows if row.turn), 0),
        [cards[key] for key in dict.fromkeys(row.id for row in rows if row.turn)],
        cards.get(pinned),
    )


def by_folio(visit: Visit, folio: str) -> int:
    """The newest version of a report, 0 where there is none."""
    row = _BY_FOLIO.first(visit.connection, {"folio": folio.upper()}) if visit.who.may(SEE) else None
    return row.id if row else 0


def others(visit: Visit) -> int:
    """How many wait that this visitor may not decide on."""
    return int(_OTHERS.first(visit.connection, {"me": visit.who.id, "mine": list(visit.who.offices)}).n)


def _card(rows: list[Any], visit: Visit) -> Card:
    first = rows[0]._asdict()
    pieces = [row for row in rows if row.piece is not None]
    values = {name: first[name] for name in _CARD}
    return Card(
        **values,
        received_on=first["received_at"].astimezone(visit.zone).date(),
        pieces=tuple(_piece(number, row) for number, row in enumerate(pieces, 1)),
    )


def _piece(number: int, row: Any) -> Piece:
    taken = str((row.details or {}).get("taken_at", ""))[:10]
    return Piece(
        row.piece, number, row.kind, row.ref, row.name, row.quarantined, row.dhash,
        date.fromisoformat(taken) if taken else None, row.used or "", row.alike or "",
    )  # fmt: skip


# As in the index on it.
_WAITING: ColumnElement[bool] = literal_column("reports.state = 'reported'")
_counts, _lead, _led, _author = aliased(Office), aliased(Office), aliased(Ownership), aliased(Person)
_newest, _decider, _return, _returner = aliased(Review), aliased(Person), aliased(Review), aliased(Person)


def _other(column: Any) -> ColumnElement[str]:
    """The first folio of another report that counts, of whose evidence `column` holds."""
    twin, report = aliased(Evidence), aliased(Report)
    elsewhere = (report.plan_id != Report.plan_id) | (report.folio != Report.folio)
    return (
        select(func.min(report.folio))
        .join(twin, twin.report_id == report.id)
        .where(column(twin), report.state.in_(LIVING), elsewhere)
        .correlate(Evidence, Report)
        .scalar_subquery()
    )


def _queue() -> Any:
    waiting = (
        select(
            Report.id,
            func.row_number().over(order_by=(Obligation.due, Report.received_at, Report.id)).label("turn"),
            func.count().over().label("total"),
        )
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(_WAITING, Obligation.withdrawn_at.is_(None), ~own(), not_(among(Report.id, "passed")))
        .cte("waiting")
    )
    pinned = select(Report.id).where(Report.id == bindparam("pinned", type_=Integer))
    first = select(waiting.c.id).where(waiting.c.turn <= bindparam("most", type_=Integer))
    wanted = first.union(pinned).subquery("wanted")
    earlier = aliased(Report)
    returned = (
        (earlier.plan_id == Report.plan_id) & (earlier.folio == Report.folio) & (earlier.version < Report.version)
    )
    undone = aliased(Review)
    gone = select(undone.id).where(undone.undoes_id == Review.id).correlate(Review).exists()

    def of_returns(column: Any) -> Any:
        rows = select(column).join(earlier, earlier.id == Review.report_id)
        return rows.where(returned, Review.outcome == "returned", ~gone).correlate(Report).scalar_subquery()

    decided = select(func.max(Review.id)).where(Review.report_id == Report.id).correlate(Report).scalar_subquery()
    card = (
        *REPORTED, Report.received_at, Report.author_id, _author.name.label("author"), Activity.number,
        Activity.title, Obligation.period, Obligation.topic,
        func.coalesce(_counts.name, "").label("counted"), func.coalesce(_counts.name, _lead.name, "").label("office"),
        func.coalesce(_counts.code, _lead.code, "").label("office_code"), Obligation.starts, Obligation.due,
        Obligation.agreed, Obligation.target, Obligation.reported, own().label("own"),
        func.coalesce(_newest.outcome, "").label("outcome"), func.coalesce(_decider.name, "").label("by"),
        of_returns(func.count(Review.id)).label("returns"), func.coalesce(_return.reason, "").label("reason"),
        func.coalesce(_returner.name, "").label("returned_by"), _return.at.label("returned_at"),
    )  # fmt: skip
    piece = (
        Evidence.id.label("piece"), Evidence.kind, Evidence.ref, Evidence.name, Evidence.details, Evidence.quarantined,
        Evidence.dhash, _other(lambda twin: (twin.ref == Evidence.ref) & (Evidence.kind != "place")).label("used"),
        _other(lambda twin: twin.id == Evidence.twin_id).label("alike"),
    )  # fmt: skip
    return (
        select(*card, *piece, func.coalesce(waiting.c.turn, 0).label("turn"), waiting.c.total)
        .select_from(wanted)
        .join(Report, Report.id == wanted.c.id)
        .outerjoin(waiting, waiting.c.id == Report.id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .join(_author, _author.id == Report.author_id)
        .outerjoin(_counts, _counts.id == Obligation.office_id)
        .outerjoin(_led, and_(_led.obligation_id == Obligation.id, _led.part == "lead"))
        .outerjoin(_lead, _lead.id == _led.office_id)
        .outerjoin(_newest, _newest.id == decided)
        .outerjoin(_decider, _decider.id == _newest.by_id)
        .outerjoin(_return, _return.id == of_returns(func.max(Review.id)))
        .outerjoin(_returner, _returner.id == _return.by_id)
        .outerjoin(Evidence, Evidence.report_id == Report.id)
        .order_by(waiting.c.turn, Report.id, Evidence.id)
    )


_CARD = [name for name in Card.__dataclass_fields__ if name not in ("received_on", "pieces")]
_QUEUE = Prepared(_queue())
_BY_FOLIO = Prepared(
    select(Report.id)
    .join(Plan, Plan.id == Report.plan_id)
    .where(Report.folio == bindparam("folio"))
    .order_by(Plan.year.desc(), Report.version.desc())
    .limit(1)
)
_OTHERS = Prepared(select(func.count().label("n")).where(_WAITING, own()))
