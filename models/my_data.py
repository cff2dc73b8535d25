"""What is kept of one person, as they may see it: everything, line by line, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, literal, null, select, union_all, update

from models import audit, subscriptions
from models.base import Utc
from models.events import Event
from models.participation import Attendance, Proposal, Question, Survey
from models.people import Consent, Contact, Person
from models.reports import LIVING, Report
from models.requests import Request
from models.subscriptions import Subscription
from models.visit import Visit

# What only the last letters of are shown, ever.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is kept.

    kind  person (key: language), chat (key: channel), consent (key: version), subscription (key: kind), question and
          report (key: folio), attendance and survey (key: the event's), proposal, request (key: kind)
    text  what it says; of a chat the end of its address
    until when it ended, None where it goes on
    """

    kind: str
    key: str
    text: str
    at: datetime
    until: datetime | None


def of(connection: Connection, person_id: int) -> list[Line]:
    """Everything, in the order it came."""
    lines = [Line(*row) for row in connection.execute(_ALL, {"person": person_id})]
    return [
        Line(one.kind, one.key, f"…{one.text[-SHOWN:]}", one.at, one.until) if one.kind == "chat" else one
        for one in lines
    ]


def rename(visit: Visit, person_id: int, name: str) -> None:
    """Call a person so from here on."""
    visit.connection.execute(update(Person).where(Person.id == person_id).values(name=name))
    audit.record(visit.connection, visit.now, visit.who.id, "person.renamed", f"person:{person_id}")


def withdraw(visit: Visit, version: str | None) -> None:
    """End the consent to one purpose, or to all of them; which wording was agreed to when stays known.

    What was done with it ends too. Who has agreed to nothing is a visitor again.
    """
    connection, who, now = visit.connection, visit.who, visit.now
    given = update(Consent).where(Consent.person_id == who.id, Consent.withdrawn_at.is_(None))
    connection.execute((given.where(Consent.version == version) if version else given).values(withdrawn_at=now))
    subscriptions.end_all(connection, who.id, now)
    if version is None:
        connection.execute(update(Person).where(Person.id == who.id).values(status="visitor"))
    audit.record(connection, now, who.id, "consent.withdrawn", f"person:{who.id}", version=version or "all")


def _lines(kind: str, noun: Any, key: Any, said: Any, at: Any, until: Any = None, owner: Any = None) -> Any:
    ended = until if until is not None else cast(null(), Utc)
    columns = (literal(kind, String).label("kind"), cast(key, String).label("key"), cast(said, String).label("text"),
               at.label("at"), ended.label("until"))  # fmt: skip
    return select(*columns).where((noun.person_id if owner is None else owner) == bindparam("person"))


_ALL = union_all(
    _lines("person", Person, Person.language, Person.name, Person.created_at, owner=Person.id),
    _lines("chat", Contact, Contact.channel, Contact.address, Contact.since, Contact.until),
    _lines("consent", Consent, Consent.version, Consent.wording, Consent.given_at, Consent.withdrawn_at),
    _lines("subscription", Subscription, Subscription.kind, Subscription.value, Subscription.since,
           Subscription.until),
    _lines("question", Question, Question.folio, Question.text, Question.asked_at, Question.answered_at),
    _lines("proposal", Proposal, Proposal.state, Proposal.text, Proposal.at),
    _lines("attendance", Attendance, Event.key, Attendance.state, Attendance.at).where(
        Event.id == Attendance.event_id
    ),
    _lines("survey", Survey, Event.key, Survey.comment, Survey.at).where(Event.id == Survey.event_id),
    _lines("report", Report, Report.folio, Report.account, Report.received_at, owner=Report.author_id).where(
        Report.state.in_(LIVING)
    ),
    _lines("request", Request, Request.kind, Request.text, Request.at, Request.done_at),
).order_by("at")  # fmt: skip
