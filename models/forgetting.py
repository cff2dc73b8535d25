"""What is not kept: people who never consented, files that nothing refers to, and people who want to be forgotten.

Of these a number stays where there is a duty to keep what they did (reports, reviews, the audit): "Persona 12". The
turn in which they ask makes them unreachable and nameless; the clock takes away the rest within minutes, and after a
day, when no platform repeats a message any more, what was left to answer them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Text,
    cast,
    delete,
    exists,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from models import audit
from models.audit import Entry
from models.conversations import Conversation
from models.deliveries import Delivery
from models.digests import DigestLine
from models.downloads import Download
from models.evidence import Evidence
from models.hand_outs import HandOut
from models.inbox import Taken
from models.invitations import Invitation
from models.linking import LinkCode
from models.participation import Attendance, Proposal, Question, Survey
from models.people import Consent, Contact, Membership, Person
from models.preferences import Preference
from models.questions import Question as LastQuestion
from models.reachability import ASKED_FOR
from models.requests import Request
from models.retention import kept
from models.subscriptions import Subscription
from models.summary_times import SummaryTime

# One transaction stays short, however many there are: turns wait for it.
BATCH = 200
FORGOTTEN = "forgotten"
# What goes as it is. Nothing that others decided or counted hangs on it.
GONE = (LinkCode, LastQuestion, DigestLine, Subscription, Proposal, Download, Preference, SummaryTime)
SHA256 = re.compile(r"[0-9a-f]{64}")


def forget_visitors(connection: Connection, before: datetime) -> int:
    """Drop all there is of visitors older than `before` who never consented; returns how many, at most BATCH."""
    never = ~exists().where(Consent.person_id == Person.id), ~exists().where(Membership.person_id == Person.id)
    wanted = select(Person.id).where(Person.status == "visitor", Person.created_at < before, *never).limit(BATCH)
    ids = list(connection.execute(wanted).scalars())
    if ids:
        reached = select(Contact.channel, Contact.address).where(Contact.person_id.in_(ids))
        connection.execute(delete(Taken).where(tuple_(Taken.channel, Taken.address).in_(reached)))
        for noun in (Delivery, Conversation, Contact):
            connection.execute(delete(noun).where(noun.person_id.in_(ids)))
        connection.execute(delete(Person).where(Person.id.in_(ids)))
    return len(ids)


def begin(connection: Connection, person_id: int, now: datetime) -> None:
    """From here on nobody reaches this person or knows their name. Four statements."""
    neutral = {"name": literal("Persona ") + cast(Person.id, String), "status": FORGOTTEN, "advised_at": None}
    connection.execute(update(Person).where(Person.id == person_id).values(neutral))
    connection.execute(delete(Contact).where(Contact.person_id == person_id))
    given = update(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    connection.execute(given.values(withdrawn_at=now))
    still = (Delivery.person_id == person_id, Delivery.state == "queued", Delivery.kind.not_in(ASKED_FOR))
    waiting = update(Delivery).where(*still)
    connection.execute(waiting.values(state="skipped", reason="pidió que se borraran sus datos"))


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody who is being forgotten: the request in which they asked for it, and when."""

    request_id: int
    person_id: int
    at: datetime


def begun(connection: Connection) -> list[Begun]:
    """Those of whom something may be left."""
    asked = select(Request.id, Request.person_id, Request.at).join(Person, Person.id == Request.person_id)
    wanted = asked.where(Request.kind == "forget", Request.done_at.is_(None), Person.status == FORGOTTEN)
    return [Begun(*row) for row in connection.execute(wanted.order_by(Request.id))]


def forget_the_rest(connection: Connection, begun: Begun, now: datetime) -> None:
    """Take away what is left of a person, of their messages too once nothing has to be answered any more."""
    ids = _merged(connection, begun.person_id)
    over = begun.at <= now - kept("forgotten")
    _take_away(connection, ids, now)
    _wipe(connection, ids, or_(Delivery.kind != "answer", Delivery.created_at < begun.at, literal(over)))
    if over:
        connection.execute(update(Request).where(Request.person_id.in_(ids)).values(done_at=now))
        connection.execute(delete(Conversation).where(Conversation.person_id.in_(ids)))
        audit.record(connection, now, None, "person.forgotten", f"person:{begun.person_id}")


def _merged(connection: Connection, person_id: int) -> list[int]:
    """The person, and everybody who was made one with them."""
    ids, new = [person_id], [person_id]
    while new:
        said = select(Entry.detail).where(
            Entry.action == "people.linked", Entry.subject.in_([f"person:{one}" for one in new])
        )
        new = [detail["merged"] for detail in connection.execute(said).scalars() if detail["merged"] not in ids]
        ids += new
    return ids


def _take_away(connection: Connection, ids: list[int], now: datetime) -> None:
    """All but the messages, and the conversation in which the wish was said."""
    for noun in GONE:
        connection.execute(delete(noun).where(noun.person_id.in_(ids)))
    held = update(Membership).where(Membership.person_id.in_(ids), Membership.until.is_(None))
    connection.execute(held.values(until=now))
    connection.execute(delete(Attendance).where(Attendance.person_id.in_(ids), Attendance.state != "came"))
    connection.execute(update(Survey).where(Survey.person_id.in_(ids)).values(comment=""))
    # What was answered in public is part of what the entity said; of the rest the folio stays.
    shown = Question.public & Question.answered_at.is_not(None)
    hidden = update(Question).where(Question.person_id.in_(ids), ~shown)
    connection.execute(hidden.values(text="", answer="", public=False))
    closed = update(Question).where(Question.person_id.in_(ids), Question.answered_at.is_(None))
    connection.execute(closed.values(answered_at=now))
    connection.execute(update(Request).where(Request.person_id.in_(ids)).values(text="", note=""))
    emptied: dict[str, Any] = {"answers": {}, "draft": null(), "stash": [], "said": {}, "waiting_for": ""}
    connection.execute(update(Conversation).where(Conversation.person_id.in_(ids)).values(emptied))
    connection.execute(update(HandOut).where(HandOut.person_id.in_(ids)).values(address="", state="expired", name=""))
    connection.execute(update(Person).where(Person.id.in_(ids[1:])).values(name=""))
    named = or_(Invitation.used_by.in_(ids), Invitation.replaces.in_(ids))
    connection.execute(update(Invitation).where(named).values(name=f"Persona {ids[0]}"))


def _wipe(connection: Connection, ids: list[int], which: ColumnElement[bool]) -> None:
    """Of messages it stays known that there was one, when, and what became of it."""
    theirs = (Delivery.person_id.in_(ids), Delivery.address != "", which)
    reached = set(connection.execute(select(Delivery.channel, Delivery.address).where(*theirs).distinct()).all())
    empty: dict[str, Any] = {
        "dedupe_key": literal("forgotten:") + cast(Delivery.id, String), "address": "", "text": "", "buttons": [],
        "picture": null(), "document": null(), "platform_id": "",
    }  # fmt: skip
    connection.execute(update(Delivery).where(*theirs).values(empty))
    left = select(Contact.channel, Contact.address).where(Contact.until.is_(None))
    for channel, address in reached - set(connection.execute(left.where(Contact.address.in_(a for _c, a in reached)))):
        old = select(literal(1)).where(Delivery.channel == channel, Delivery.address == address)
        taken = delete(Taken).where(Taken.channel == channel, Taken.address == address, ~old.exists())
        connection.execute(taken)


def referred(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Those of the files that are evidence, or part of a conversation that is not over.

    Conversations are read first: a file that becomes evidence meanwhile is then seen in one place or both.
    """
    columns = (Conversation.answers, Conversation.draft, Conversation.stash)
    said = select(*(type_coerce(column, Text) for column in columns))
    found: set[str] = set()
    for row in connection.execute(said.where(Conversation.status != "ended")):
        found.update(*(SHA256.findall(text or "") for text in row))
    asked = list(hashes)
    found &= set(asked)
    for start in range(0, len(asked), BATCH):
        evidence = select(Evidence.ref).where(Evidence.ref.in_(asked[start : start + BATCH]))
        found.update(connection.execute(evidence).scalars())
    return found
