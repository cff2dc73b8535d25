"""What the entity promised at an event: whose it is, until when, and whether it was kept.

A promise is owed like anything else: under its key as a code, in the row that asks for conclusions and commitments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Date, ForeignKey, String, bindparam, exists, insert, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc
from models.digests import Announcement
from models.events import PUBLIC, Event
from models.figures import NEWEST
from models.obligations import Obligation
from models.offices import Office
from models.prepared import Prepared
from plans import terms
from plans.calendar import Calendar
from plans.dialogue import concerned

# So long people are told that one was kept.
TOLD = timedelta(days=15)


class Commitment(Base):
    """One promise.

    key            "C-2022-001"
    obligation_id  under which it is reported like anything else that is owed
    """

    __tablename__ = "commitments"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligations.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    due: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Utc)
    kept_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment as everybody may see it.

    state     kept (verified: official), reported (provisional), late, open
    concerns  the subscriptions it concerns: those of its event, and its office
    """

    key: str
    text: str
    office: str
    due: date
    state: str
    event: str
    event_title: str
    concerns: frozenset[str]


def promised(connection: Connection, today: date) -> list[Promise]:
    """Every promise of the newest plan, the next due first. One statement."""
    return [_promise(row, today) for row in _PROMISED.rows(connection, {})]


def owed(connection: Connection, plan_id: int, plan: terms.Plan) -> list[terms.Owed]:
    """What is owed because it was promised; nothing where the plan has no row for it."""
    number = plan.dialogue.conclusions
    if number not in {activity.number for activity in plan.activities}:
        return []
    assert number is not None
    calendar = Calendar(frozenset(plan.holidays))
    return [
        terms.Owed(
            code=row.key, activity=number, period=row.key, office=row.code, topic=row.text[:120], event=row.key,
            starts=row.day, due=row.due, warn=calendar.last_business_day_on_or_before(row.due), fixed=False, target=1,
            unit="compromiso cumplido", units=1, steps=(), distinct="", lead=row.code, support=(), after=(), proofs=(),
            provisional=False,
        )
        for row in connection.execute(_MADE, {"plan": plan_id})
    ]  # fmt: skip


def follow(connection: Connection, now: datetime, tell: bool) -> None:
    """What reports and reviews do to promises: one is kept once a person has verified it, and no more if that is
    taken back. Who asked, came or is subscribed hears of it once, where anything may be announced now (`tell`).
    """
    connection.execute(_LINK)
    connection.execute(_KEPT, {"now": now})
    connection.execute(_NOT_KEPT)
    for row in connection.execute(_UNTOLD, {"since": now - TOLD}).all() if tell else ():
        connection.execute(
            insert(Announcement).values(
                event_id=row.event_id, kind=f"kept:{row.key}", version=row.version, at=now, expires_at=now + TOLD,
                details={"key": row.key, "text": row.text, "office": row.name}, planned_at=now,
            )
        )  # fmt: skip


def _promise(row: Any, today: date) -> Promise:
    if row.verified is not None and row.verified >= row.target:
        state = "kept"
    elif row.reported is not None and row.reported >= row.target:
        state = "reported"
    else:
        state = "late" if row.due < today else "open"
    about = concerned(row.kind, row.event_office or "", row.municipality, row.title, row.groups)
    return Promise(row.key, row.text, row.name, row.due, state, row.event, row.title,
                   frozenset((*about, f"office:{row.office}")))  # fmt: skip


_LIVING = Commitment.withdrawn_at.is_(None)
_holder = Office.__table__.alias("holder")
_PROMISED = Prepared(
    select(
        Commitment.key, Commitment.text, Office.name, Office.code.label("office"), Commitment.due, Obligation.reported,
        Obligation.verified, Obligation.target, Event.key.label("event"), Event.title, Event.kind, Event.municipality,
        Event.groups, _holder.c.code.label("event_office"),
    )
    .join(Event, Event.id == Commitment.event_id)
    .join(Office, Office.id == Commitment.office_id)
    .outerjoin(_holder, _holder.c.id == Event.office_id)
    .outerjoin(Obligation, Obligation.id == Commitment.obligation_id)
    .where(Event.plan_id == NEWEST, Event.state.in_(PUBLIC), _LIVING)
    .order_by(Commitment.due, Commitment.id)
)  # fmt: skip
_MADE = (
    select(Commitment.key, Commitment.text, Commitment.due, Event.day, Office.code)
    .join(Event, Event.id == Commitment.event_id)
    .join(Office, Office.id == Commitment.office_id)
    .where(Event.plan_id == bindparam("plan"), _LIVING)
    .order_by(Commitment.id)
)
_DUTY = (
    select(Obligation.id)
    .join(Event, Event.plan_id == Obligation.plan_id)
    .where(Obligation.code == Commitment.key, Event.id == Commitment.event_id)
    .correlate(Commitment)
    .scalar_subquery()
)
_LINK: Any = (
    update(Commitment)
    .where(Commitment.obligation_id.is_(None), _LIVING, _DUTY.is_not(None))
    .values(obligation_id=_DUTY)
    .execution_options(synchronize_session=False)
)
_VERIFIED = exists().where(Obligation.id == Commitment.obligation_id, Obligation.verified >= Obligation.target)
_KEPT = update(Commitment).where(Commitment.kept_at.is_(None), _LIVING, _VERIFIED).values(
    kept_at=bindparam("now", type_=Utc)
)  # fmt: skip
_NOT_KEPT = update(Commitment).where(Commitment.kept_at.is_not(None), ~_VERIFIED).values(kept_at=None)
_UNTOLD = (
    select(Commitment.event_id, Commitment.key, Commitment.text, Office.name, Event.version)
    .join(Event, Event.id == Commitment.event_id)
    .join(Office, Office.id == Commitment.office_id)
    .where(
        Commitment.kept_at >= bindparam("since", type_=Utc),
        ~exists().where(
            Announcement.event_id == Commitment.event_id, Announcement.kind == literal("kept:") + Commitment.key
        ),
    )
    .order_by(Commitment.id)
)  # fmt: skip
