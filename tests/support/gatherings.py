"""Dialogue events and subscribers for tests, made without talking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models import event_calls, event_cards, people
from models.event_cards import Card
from models.people import Consent, Contact, Person, Who
from models.plan import Plan
from models.subscriptions import Subscription
from tests.support.world import RULES, World

CHANNELS = ("web", "telegram", "whatsapp")


def subscribed(
    connection: Connection, since: datetime, wanted: Iterable[tuple[str, str, str]], channel: str = "telegram",
    language: str = "es",
) -> int:  # fmt: skip
    """Somebody who agreed, subscribed to (kind, value, pace) triples; their number, which is their address too."""
    person = connection.execute(
        insert(Person).values(status="citizen", language=language, created_at=since).returning(Person.id)
    ).scalar_one()
    connection.execute(insert(Contact).values(person_id=person, channel=channel, address=str(person), since=since))
    agreed = {"person_id": person, "version": "avisos", "wording": "sí", "channel": channel, "given_at": since}
    consent = connection.execute(insert(Consent).values(agreed).returning(Consent.id)).scalar_one()
    connection.execute(insert(Subscription), [
        {"person_id": person, "kind": kind, "value": value, "pace": pace, "since": since, "consent_id": consent}
        for kind, value, pace in wanted
    ])  # fmt: skip
    return int(person)


def restrict(connection: Connection, first: str, last: str) -> None:
    """Let nothing be announced in these days."""
    document = connection.execute(select(Plan.document)).scalar_one()
    spans = [{"start": first, "end": last, "reason": "Elecciones"}]
    connection.execute(update(Plan).values(document={**document, "restricted": spans}))


def run_by(connection: Connection, world: World) -> tuple[Who, Who]:
    """Two people who run the plan."""
    marta = people.at(connection, "web", "coordinator")
    diego = people.at(connection, "web", "second")
    if diego is None:
        from tests.support.world import person

        person(connection, "second", "Diego Paz", "coordinator", None)
        diego = people.at(connection, "web", "second")
    assert marta
    assert diego
    return marta, diego


def event_values(starts: datetime, **others: Any) -> dict[str, Any]:
    """Columns of an event in Cumbal for the community."""
    return {
        "kind": "foro_focal", "title": "El agua de Cumbal", "office_id": None, "groups": ["comunidad"],
        "day": starts.astimezone(RULES.zone).date(), "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        "municipality": "52227", "place": "Parque principal", "lat": 0.9066, "lng": -77.7919, "link": "",
        "transport": "", "prior_report": "", "capacity": None, **others,
    }  # fmt: skip


def called(world: World, starts: datetime, **others: Any) -> Card:
    """An event that two people have announced at the world's moment."""
    with world.database.begin() as connection:
        one, other = run_by(connection, world)
        key = event_calls.propose(connection, one, event_values(starts, **others), world.now)
        proposed = event_cards.find(connection, key, one)
        assert proposed
        event_calls.approve(connection, proposed, other, world.now)
        announced = event_cards.find(connection, key, one)
    assert announced
    return announced


def changed(world: World, key: str, values: Mapping[str, Any], note: str = "Cambió el salón") -> Card:
    """The event once two people have changed it, or called it off where there are no values."""
    with world.database.begin() as connection:
        one, other = run_by(connection, world)
        event = event_cards.find(connection, key, one)
        assert event
        event_calls.propose_change(connection, event, one, values, note, world.now)
        asked = event_cards.find(connection, key, one)
        assert asked
        event_calls.approve_change(connection, asked, other, world.now)
        event = event_cards.find(connection, key, one)
    assert event
    return event
