"""What everybody may see of reports and their evidence (decision 0013): verified ones, without people.

Of a report: its account without numbers or addresses of people, never its author. Of its evidence: photos in which
somebody said there are no minors, and links to web pages. A photo that is held back anywhere is held back everywhere,
and so is one that looks like it; so is what somebody keeps from the public (models.withholdings). Of other files only
their hash; of places and voice notes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from models.events import PUBLIC, Event
from models.evidence import Evidence
from models.figures import NEWEST
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.participation import Question
from models.plan import Activity
from models.prepared import Prepared, among
from models.reports import Report
from models.reviews import Review
from models.withholdings import HELD

HIDDEN = "[…]"
# What may be a phone, an identity card or an address of somebody; a sum after a $ and a day are none.
_PERSONAL = re.compile(
    r"[\w.+-]+@\w[\w.-]*"
    r"|(?<![\w.@/])@\w{3,}"
    r"|\b(?:c\.?\s?c\.?|c[ée]dula|cel(?:ular)?|tel(?:[ée]fono)?|whatsapp|nit)\b\W{0,12}(?:n[.ºo]*\s*)?\d[\d .-]*"
    r"|(?<![\d$])(?<!\$ )(?!\d{4}-\d\d-\d\d(?!\d))(?!(?:19|20)\d\d-(?:19|20)\d\d(?!\d))\+?\(?\d(?:[ ().-]{0,2}\d){6,}",
    re.IGNORECASE,
)
# Pages only: an address that opens a chat, a call or a mail leads to a person.
_PAGE = re.compile(
    r"https?://(?![^/]*@)(?!(?:www\.|chat\.|api\.)?(?:wa\.me|whatsapp\.com|t\.me|telegram\.me))[^\s<>\"]+",
    re.IGNORECASE,
)

_led, _other = aliased(Office), aliased(Evidence)

Shown = Literal["photo", "link", "hash"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence. shown: photo, link, or hash (kept, not published).

    sha256  of the file as it came, "" of a link; link: its address, "" of a file
    """

    id: int
    shown: Shown
    kind: str
    sha256: str
    link: str
    size: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """A verified report. office: whose it is, by code, "" is the entity; verified_at: when somebody else verified it.

    held_back  how many pieces of its evidence are not in `pieces`
    """

    id: int
    folio: str
    number: int
    office: str
    period: str
    quantity: int
    done_on: date
    verified_at: datetime | None
    account: str
    pieces: tuple[Piece, ...] = ()
    held_back: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """A question its asker wanted answered in public, and the answer. Nobody is named."""

    folio: str
    text: str
    answer: str
    answered_at: datetime


def masked(text: str) -> str:
    """The text without e-mail addresses, accounts, phones and numbers of identity cards."""
    return _PERSONAL.sub(HIDDEN, text)


def count(connection: Connection, number: int = 0, office: str = "") -> int:
    """How many reports `done` has in all."""
    wanted = select(func.count()).select_from(_within(_reports(Report.id), number, office).subquery())
    return int(connection.execute(wanted).scalar_one())


def done(
    connection: Connection, number: int = 0, office: str = "", folio: str = "", most: int | None = None, skip: int = 0
) -> list[Done]:
    """Verified reports of the current plan, the newest first: of an activity, an office, a folio. Two statements."""
    wanted = _within(_DONE, number, office)
    if folio:
        wanted = wanted.where(Report.folio == folio)
    rows = connection.execute(wanted.limit(most).offset(skip)).all()
    pieces = _pieces(connection, [row.id for row in rows])
    return [_done(Done(*row), pieces.get(row.id, ())) for row in rows]


def photo(connection: Connection, evidence_id: int) -> str | None:
    """The file of a photo everybody may see, by its SHA-256; None for any other."""
    found = _reports(Evidence.ref).join(Evidence, Evidence.report_id == Report.id)
    return connection.execute(found.where(Evidence.id == evidence_id, _open_photo())).scalar_one_or_none()


def answers(connection: Connection, event: str) -> list[Answered]:
    """What was asked and answered in public about an event, in the order it was asked."""
    rows = connection.execute(
        select(Question.folio, Question.text, Question.answer, Question.answered_at)
        .join(Event, Event.id == Question.event_id)
        .where(
            Event.plan_id == NEWEST, Event.key == event, Event.state.in_(PUBLIC), Question.public,
            Question.answered_at.is_not(None), Question.answer != "",
        )
        .order_by(Question.id)
    )  # fmt: skip
    return [Answered(row.folio, masked(row.text), masked(row.answer), row.answered_at) for row in rows]


def _reports(*columns: Any) -> Any:
    """Verified reports of what the current plan asks for."""
    return (
        select(*columns)
        .select_from(Report)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Activity, Activity.id == Obligation.activity_id)
        .outerjoin(Office, Office.id == Obligation.office_id)
        .outerjoin(Ownership, (Ownership.obligation_id == Obligation.id) & (Ownership.part == "lead"))
        .outerjoin(_led, _led.id == Ownership.office_id)
        .where(Obligation.plan_id == NEWEST, Obligation.withdrawn_at.is_(None), Report.state == "verified")
    )


def _within(wanted: Any, number: int, office: str) -> Any:
    if number:
        wanted = wanted.where(Activity.number == number)
    return wanted.where(or_(Office.code == office, _led.code == office)) if office else wanted


def _open_photo() -> ColumnElement[bool]:
    """Whether a photo is known to show no minors, itself and by all that is the same or looks like it."""
    held = or_(_other.quarantined, _other.ref.in_(HELD))
    refs = select(_other.ref).where(held)
    ids = select(_other.id).where(held)
    twins = select(_other.twin_id).where(held, _other.twin_id.is_not(None))
    alike = or_(Evidence.id.in_(twins), Evidence.twin_id.in_(ids), Evidence.twin_id.in_(twins))
    return and_(
        Evidence.kind == "photo", Evidence.size > 0, Evidence.quarantined.is_(False), Report.minors.is_(False),
        Evidence.ref.not_in(refs), func.coalesce(alike, False).is_(False),
    )  # fmt: skip


def _pieces(connection: Connection, reports: Sequence[int]) -> dict[int, list[Any]]:
    """The evidence of reports, in the order it came."""
    found: dict[int, list[Any]] = {}
    for row in _PIECES.rows(connection, {"reports": list(reports)}) if reports else ():
        found.setdefault(row.report_id, []).append(row)
    return found


def _done(one: Done, rows: Sequence[Any]) -> Done:
    shown = tuple(piece for row in rows if (piece := _piece(row)))
    account = one.account
    for row in rows:
        if row.withheld and row.kind == "link":
            account = account.replace(row.ref, HIDDEN)
    return replace(one, account=masked(account), pieces=shown, held_back=len(rows) - len(shown))


def _piece(row: Any) -> Piece | None:
    if row.withheld:
        return None
    if row.kind == "link":
        found = _PAGE.fullmatch(row.ref)
        return Piece(row.id, "link", row.kind, "", row.ref, 0, row.sent_at) if found else None
    if row.open:
        return Piece(row.id, "photo", row.kind, row.ref, "", row.size, row.sent_at)
    if row.kind == "document" and not row.quarantined:
        return Piece(row.id, "hash", row.kind, row.ref, "", row.size, row.sent_at)
    return None


_verified_at = (
    select(func.max(Review.at))
    .where(Review.report_id == Report.id, Review.outcome == "verified")
    .correlate(Report)
    .scalar_subquery()
)
_DONE = _reports(
    Report.id, Report.folio, Activity.number, func.coalesce(Office.code, _led.code, ""), Obligation.period,
    Report.quantity, Report.done_on, _verified_at, Report.account,
).order_by(Report.done_on.desc(), Report.id.desc())  # fmt: skip
_PIECES = Prepared(
    select(
        Evidence.id, Evidence.report_id, Evidence.kind, Evidence.ref, Evidence.size, Evidence.quarantined,
        Evidence.sent_at, case((_open_photo(), True), else_=False).label("open"),
        case((Evidence.ref.in_(HELD), True), else_=False).label("withheld"),
    )
    .join(Report, Report.id == Evidence.report_id)
    .where(among(Evidence.report_id, "reports"))
    .order_by(Evidence.id)
)  # fmt: skip
