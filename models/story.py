"""The whole story of an obligation and a person: what was planned, told and not told, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, String, cast, func, or_, select

from models.blockers import Blocker
from models.deliveries import Delivery
from models.leaves import Leave
from models.nudges import Nudge
from models.obligations import Obligation
from models.people import Contact, Person
from models.reports import Report
from models.reviews import Review

What = Literal["planned", "skipped", "message", "report", "review", "blocker", "decided", "leave"]


@dataclass(frozen=True, slots=True)
class Kept:
    """The obligation a story is about."""

    id: int
    code: str
    starts: date
    due: date
    warn: date
    agreed: date | None
    reported: int
    target: int
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that happened at a moment; `details` are the columns that tell of it."""

    at: datetime
    what: What
    details: dict[str, Any]


def obligations(connection: Connection, code: str) -> list[Kept]:
    """Those of this code: one for each plan that has it."""
    columns = (
        Obligation.id, Obligation.code, Obligation.starts, Obligation.due, Obligation.warn, Obligation.agreed,
        Obligation.reported, Obligation.target, Obligation.withdrawn_at,
    )  # fmt: skip
    wanted = select(*columns).where(func.upper(Obligation.code) == code.upper()).order_by(Obligation.id)
    return [Kept(*row) for row in connection.execute(wanted)]


def people(connection: Connection, wanted: str, most: int = 10) -> list[tuple[int, str]]:
    """(id, name) of those meant by a number, a part of a name, or an address of theirs."""
    address = select(Contact.person_id).where(Contact.address == wanted)
    named = Person.name.icontains(wanted, autoescape=True) if wanted else Person.name == wanted
    meant = or_(cast(Person.id, String) == wanted, Person.id.in_(address), named)
    rows = connection.execute(select(Person.id, Person.name).where(meant).order_by(Person.id).limit(most)).all()
    exact = [row for row in rows if str(row.id) == wanted]
    return [(row.id, row.name) for row in exact or rows]


def story(connection: Connection, obligation_id: int, person_id: int) -> list[Chapter]:
    """Everything kept of the two, in the order it happened."""
    nudges = connection.execute(
        select(Nudge.planned_at, Nudge.decided_at, Nudge.step, Nudge.warn, Nudge.escalated, Nudge.state, Nudge.reason,
               Nudge.delivery_id)
        .where(Nudge.obligation_id == obligation_id, Nudge.person_id == person_id)
    ).all()  # fmt: skip
    chapters = [Chapter(row.planned_at, "planned", row._asdict()) for row in nudges]
    chapters += [Chapter(row.decided_at, "skipped", row._asdict()) for row in nudges if row.state == "skipped"]
    if nudges:
        # A message that was given up is tied to nothing any more; one a day is made for a person, so it is told too.
        sent = Delivery.id.in_({row.delivery_id for row in nudges})
        given_up = (
            (Delivery.person_id == person_id) & (Delivery.kind == "nudge") & (Delivery.state == "skipped")
            & (Delivery.created_at >= min(row.planned_at for row in nudges))
        )  # fmt: skip
        chapters += _chapters(
            connection, "message", Delivery.created_at, Delivery.id, Delivery.channel, Delivery.state,
            Delivery.reason, Delivery.sent_at, Delivery.delivered_at, Delivery.read_at, Delivery.template,
            Delivery.expires_at, where=(sent | given_up,),
        )  # fmt: skip
    chapters += _chapters(
        connection, "report", Report.received_at, Report.folio, Report.version, Report.quantity, Report.state,
        Person.name, where=(Report.obligation_id == obligation_id, Person.id == Report.author_id),
    )  # fmt: skip
    chapters += _chapters(
        connection, "review", Review.at, Review.outcome, Review.part, Review.reason, Report.folio, Report.version,
        Person.name,
        where=(Report.obligation_id == obligation_id, Review.report_id == Report.id, Person.id == Review.by_id),
    )  # fmt: skip
    answers = (Blocker.obligation_id == obligation_id, Blocker.person_id == person_id)
    columns = (
        Blocker.kind, Blocker.reason, Blocker.proposed_on, Blocker.quiet_until, Blocker.outcome, Blocker.why,
        Blocker.reply,
    )  # fmt: skip
    chapters += _chapters(connection, "blocker", Blocker.at, *columns, where=answers)
    chapters += _chapters(
        connection, "decided", Blocker.decided_at, *columns, where=(*answers, Blocker.decided_at.is_not(None))
    )
    chapters += _chapters(
        connection, "leave", Leave.told_at, Leave.starts, Leave.ends, where=(Leave.person_id == person_id,)
    )
    return sorted(chapters, key=lambda chapter: chapter.at)


def _chapters(connection: Connection, what: What, at: Any, *columns: Any, where: tuple[Any, ...]) -> list[Chapter]:
    rows = connection.execute(select(at.label("at"), *columns).where(*where).order_by(at))
    return [Chapter(row.at, what, row._asdict()) for row in rows]
