"""What a quiet half-year lacks: more reports, corrected and taken back, events of all states, a world that writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from models import audit, changes
from models.blockers import Blocker
from models.deliveries import Delivery
from models.events import Event
from models.evidence import Evidence
from models.obligations import Obligation
from models.offices import Office
from models.people import Membership, Person
from models.plan import Activity
from models.reports import Report

ZONE = ZoneInfo("America/Bogota")
FIRST = datetime(2022, 2, 1, 8, tzinfo=ZONE)
DAYS = 108
ACCOUNTS = (
    "Nos reunimos con mujeres y jóvenes de la vereda", "Taller con Víctimas del conflicto", "Se publicó el boletín",
    "Feria con UNIVERSIDADES, colegios y agricultores", "Reunión con el gremio", "Diálogo con los cabildos Awá",
)  # fmt: skip
TITLES = ("Foro con veedores", "Mesa de diálogo", "Encuentro de la tercera edad", "Audiencia de periodistas")
GROUPS = ("juventud", "mujeres", "gremios", "academia")


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that was invented: what its versions share."""

    owed: Any
    folio: str
    by: int
    at: datetime


def stir(connection: Connection, chance: Random) -> None:
    """Whoever reads the figures afterwards finds everything there can be in them."""
    officers = connection.execute(select(Membership.person_id).where(Membership.office_id.is_not(None))).scalars().all()
    owed = connection.execute(
        select(Obligation.id, Obligation.plan_id, Obligation.code, Obligation.target, Activity.place)
        .join(Activity, Activity.id == Obligation.activity_id)
        .order_by(Obligation.id)
    ).all()
    for one in owed:
        for number in range(chance.randrange(5 if one.place else 3)):
            _report(connection, chance, Sent(one, f"{one.code}-{9000 + number}", chance.choice(officers), _at(chance)))
    for one in chance.sample(owed, 8):
        _waive(connection, one.id, _at(chance))
    for one in chance.sample(owed, 12):
        values = {"obligation_id": one.id, "person_id": chance.choice(officers), "at": _at(chance), "reason": "",
                  "kind": chance.choice(("almost", "late", "not_mine", "blocked")), "outcome": ""}  # fmt: skip
        connection.execute(insert(Blocker).values(values))
    for one in chance.sample(owed, 6):
        _move(connection, one.id, _at(chance))
    _events(connection, chance, owed[0].plan_id)
    _messages(connection, chance, officers)


def _at(chance: Random) -> datetime:
    return FIRST + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(24 * 60))


def _report(connection: Connection, chance: Random, sent: Sent) -> None:
    first = _version(connection, chance, sent, 1, sent.at)
    fate = chance.random()
    if fate < 0.25:
        connection.execute(update(Report).where(Report.id == first).values(state="superseded"))
        _version(connection, chance, sent, 2, sent.at + timedelta(days=chance.randrange(40)))
    elif fate < 0.4:
        connection.execute(update(Report).where(Report.id == first).values(state="withdrawn"))
        when = sent.at + timedelta(days=chance.randrange(40))
        audit.record(connection, when, sent.by, "report.withdrawn", sent.folio, report=first)


def _version(connection: Connection, chance: Random, sent: Sent, version: int, at: datetime) -> int:
    channel = chance.choice(("web", "telegram", "whatsapp"))
    values = {
        "plan_id": sent.owed.plan_id, "obligation_id": sent.owed.id, "folio": sent.folio, "version": version,
        "state": "reported", "quantity": 1 + chance.randrange(sent.owed.target), "item": "",
        "account": chance.choice(ACCOUNTS), "done_on": at.date(), "author_id": sent.by, "channel": channel,
        "sent_at": at, "received_at": at,
    }  # fmt: skip
    found = connection.execute(insert(Report).values(values).returning(Report.id)).scalar_one()
    for number in range(chance.randrange(3)):
        kind = chance.choice(("link", "place"))
        piece = {"report_id": found, "kind": kind, "ref": f"{sent.folio}:{version}:{number}", "name": "", "mime": "",
                 "size": 0, "quarantined": False, "channel": channel, "sent_at": at, "received_at": at}  # fmt: skip
        connection.execute(insert(Evidence).values(piece))
    return int(found)


def _waive(connection: Connection, obligation: int, at: datetime) -> None:
    changes.note(connection, [obligation], at, "waiver")
    connection.execute(update(Obligation).where(Obligation.id == obligation).values(withdrawn_at=at))


def _move(connection: Connection, obligation: int, at: datetime) -> None:
    """A reading was decided: it falls due on another day and counts for more."""
    changes.note(connection, [obligation], at, "reading")
    values = {"due": date(2022, 3, 15), "units": Obligation.units + 1, "target": Obligation.target + 1}
    connection.execute(update(Obligation).where(Obligation.id == obligation).values(values))


def _events(connection: Connection, chance: Random, plan: int) -> None:
    offices: list[int | None] = [*connection.execute(select(Office.id).order_by(Office.id).limit(6)).scalars(), None]
    for number in range(24):
        at = _at(chance)
        state = chance.choice(("held", "announced", "changed", "cancelled", "proposed", "declined"))
        called = state in ("announced", "changed", "cancelled")
        approved = at + timedelta(days=chance.randrange(9)) if called else None
        off = approved + timedelta(days=chance.randrange(40)) if approved and state == "cancelled" else None
        values = {
            "plan_id": plan, "key": f"E9{number:03}", "office_id": chance.choice(offices),
            "title": chance.choice(TITLES), "day": at.date() + timedelta(days=chance.randrange(20)), "recorded_at": at,
            "state": state, "groups": chance.sample(GROUPS, chance.randrange(3)), "approved_at": approved,
            "cancelled_at": off,
        }  # fmt: skip
        connection.execute(insert(Event).values(values))


def _messages(connection: Connection, chance: Random, officers: Sequence[int]) -> None:
    people = list(officers)
    for _number in range(5):
        person = insert(Person).values(created_at=FIRST).returning(Person.id)
        people.append(connection.execute(person).scalar_one())
    for number in range(150):
        values = {
            "dedupe_key": f"stirred:{number}", "person_id": chance.choice(people), "address": "1", "text": "",
            "channel": chance.choice(("web", "telegram", "whatsapp")), "buttons": [], "wants": "",
            "kind": chance.choice(("answer", "notice", "nudge", "summary", "menu")), "created_at": _at(chance),
            "state": chance.choice(("sent", "queued", "delivered", "read", "skipped", "failed", "unknown")),
        }  # fmt: skip
        connection.execute(insert(Delivery).values(values))
