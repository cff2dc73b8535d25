"""Calling an event takes two people; nothing is announced in restricted days; what is decided once stays decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import event_calls, event_cards, people
from models.base import Conflict
from models.digests import Announcement
from models.events import Event
from models.people import Who
from tests.scheduler.clock import at
from tests.support.gatherings import called, changed, event_values, restrict, run_by
from tests.support.world import World, open_world

STARTS = at("2022-06-09", "09:00")


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    one.now = at("2022-05-24", "09:00")
    yield one
    one.close()


def who(connection, address: str) -> Who:
    found = people.at(connection, "web", address)
    assert found
    return found


def test_nobody_approves_their_own(world: World) -> None:
    with world.database.begin() as connection:
        marta, diego = run_by(connection, world)
        key = event_calls.propose(connection, marta, event_values(STARTS), world.now)
        event = event_cards.find(connection, key, marta)
        assert event
        for decide in (event_calls.approve, event_calls.approve_change):
            with pytest.raises(PermissionError):
                decide(connection, event, marta, world.now)
        with pytest.raises(PermissionError):
            event_calls.decline(connection, event, marta)
        with pytest.raises(PermissionError):
            event_calls.approve(connection, event, who(connection, "officer"), world.now)
        event_calls.approve(connection, event, diego, world.now)
        with pytest.raises(Conflict):  # decided meanwhile
            event_calls.approve(connection, event, diego, world.now)
    [row] = world.rows(select(Event.state, Event.version, Event.checkin_code))
    assert (row.state, row.version, len(row.checkin_code)) == ("announced", 1, 6)


@pytest.mark.parametrize("person", ["citizen", "auditor", "tic"])
def test_an_event_is_called_by_its_office(world: World, person: str) -> None:
    with world.database.begin() as connection:
        ana = who(connection, "officer")
        prensa = next(iter(ana.offices))
        assert event_calls.propose(connection, ana, event_values(STARTS, office_id=prensa), world.now) == "E0001"
        with pytest.raises(PermissionError):
            event_calls.propose(connection, ana, event_values(STARTS), world.now)  # the entity's own
        with pytest.raises(PermissionError):
            event_calls.propose(connection, who(connection, person), event_values(STARTS, office_id=prensa), world.now)


def test_who_sees_what_is_not_announced(world: World) -> None:
    with world.database.begin() as connection:
        ana = who(connection, "officer")
        event_calls.propose(connection, ana, event_values(STARTS, office_id=next(iter(ana.offices))), world.now)
        seen = {name for name in ("officer", "tic", "citizen", "coordinator", "auditor")
                if event_cards.find(connection, "e0001", who(connection, name))}  # fmt: skip
    assert seen == {"officer", "coordinator", "auditor"}


def test_a_change_takes_two_people_and_only_one_waits(world: World) -> None:
    called(world, STARTS)
    with world.database.begin() as connection:
        marta, diego = run_by(connection, world)
        event = event_cards.find(connection, "E0001", marta)
        assert event
        event_calls.propose_change(connection, event, diego, {"capacity": 50}, "Salón pequeño", world.now)
        with pytest.raises(Conflict):
            event_calls.propose_change(connection, event, marta, {}, "Lluvia", world.now)
        asked = event_cards.find(connection, "E0001", marta)
        assert asked
        with pytest.raises(PermissionError):
            event_calls.approve_change(connection, asked, diego, world.now)
        event_calls.decline(connection, asked, marta)
    assert world.rows(select(Event.state, Event.version, Event.capacity)) == [("announced", 1, None)]


def test_a_change_keeps_what_was_before(world: World) -> None:
    called(world, STARTS)
    later = STARTS + timedelta(days=1)
    event = changed(world, "E0001", {"day": date(2022, 6, 10), "starts_at": later, "ends_at": later})
    assert (event.day, event.starts_at, event.state, event.version) == (date(2022, 6, 10), later, "changed", 2)
    rows = world.rows(select(Announcement.kind, Announcement.version, Announcement.details).order_by(Announcement.id))
    assert [(row.kind, row.version) for row in rows] == [("call", 1), ("change", 2)]
    assert rows[1].details["before"]["day"] == "2022-06-09"


def test_what_is_over_was_held(world: World) -> None:
    called(world, STARTS)
    for day, state in (("2022-06-09", "announced"), ("2022-06-10", "held")):
        with world.database.begin() as connection:
            event_calls.follow(connection, at(day, "10:00"), date.fromisoformat(day))
        assert world.rows(select(Event.state)) == [(state,)]


@pytest.mark.parametrize(("last", "refused"), [("2022-05-24", True), ("2022-05-23", False)])
def test_nothing_is_announced_in_restricted_days(world: World, last: str, refused: bool) -> None:
    with world.database.begin() as connection:
        marta, _diego = run_by(connection, world)
        event_calls.propose(connection, marta, event_values(STARTS), world.now)
        restrict(connection, "2022-05-01", last)
    world.say("second", "/aprobar_evento E0001")
    assert ("no se puede anunciar nada" in world.last("second").text) is refused
    world.say("second", "sí")
    assert world.rows(select(Event.state)) == [("proposed" if refused else "announced",)]


def test_that_it_is_off_is_told_in_restricted_days_too(world: World) -> None:
    called(world, STARTS)
    with world.database.begin() as connection:
        restrict(connection, "2022-05-01", "2022-06-30")
    for text in ("/cancelar_evento E0001", "Hay alerta en la vía", "sí"):
        world.say("coordinator", text)
    for text in ("/aprobar_evento E0001", "sí"):
        world.say("second", text)
    assert world.rows(select(Event.state)) == [("cancelled",)]
