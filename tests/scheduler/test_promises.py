"""What was promised at an event is owed, reported, verified, reminded of and escalated like anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import concluding, event_cards, planning
from models.commitments import Commitment
from models.concluding import Promised
from models.deliveries import Delivery
from models.event_calls import follow
from models.obligations import Obligation, Ownership
from models.offices import Office
from plans.bundled import load
from scheduler import taking_part
from tests.scheduler.clock import ZONE, announce, at, only, read, render, tick, told
from tests.support.gatherings import called, run_by, subscribed
from tests.support.world import PLAN, World, open_world, person

DUE = date(2022, 6, 30)  # a Thursday
KEY = "C-2022-001"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    one.now = at("2022-05-24", "09:00")
    with one.database.begin() as connection:
        person(connection, "head", "Nelly Jurado", "head", "tic")
        subscribed(connection, one.now, [("municipality", "52227", "now")])
    called(one, at("2022-05-27", "09:00"))
    for text in ("/preguntar E0001", "acepto", "¿Cuándo llega el agua?", "todos"):
        one.say("citizen", text)
    later(one, at("2022-05-31"))
    promise(one)
    later(one, at("2022-05-31", "09:30"))
    yield one
    one.close()


def later(world: World, now: datetime) -> None:
    """What the clock does at a moment; everybody reads it."""
    world.now = now
    announce(world)
    asyncio.run(taking_part.tick(world.database, now, ZONE, render))
    announce(world)
    read(world)


def promise(world: World) -> None:
    with world.database.begin() as connection:
        one, other = run_by(connection, world)
        follow(connection, world.now.astimezone(ZONE), world.now.astimezone(ZONE).date())
        event = event_cards.find(connection, "E0001", one)
        tic = connection.execute(select(Office).where(Office.code == "tic")).one()
        assert event
        made = [Promised("Arreglar el tubo de Cuaical", tic.id, tic.name, DUE)]
        concluding.propose(connection, event, one, "La gente pide agua.", made, world.now)
        [waiting] = concluding.waiting(connection)
        concluding.approve(connection, waiting, other, world.now.astimezone(ZONE).date(), world.now)


def kept(world: World) -> list[str]:
    """Who was told that it is kept."""
    rows = world.rows(select(Delivery.address).where(Delivery.text.like("%Se cumplió lo que se prometió%")))
    return sorted(row.address for row in rows)


def verified(world: World) -> None:
    for text in (f"/revisar {KEY}-0001", "verificar", "sí"):
        world.say("coordinator", text)


def owed(world: World):
    with world.database.begin() as connection:
        return connection.execute(
            select(Obligation, Office.code.label("office"), Ownership.part)
            .join(Ownership, Ownership.obligation_id == Obligation.id)
            .join(Office, Office.id == Ownership.office_id)
            .where(Obligation.code == KEY)
        ).one()


def test_it_is_owed_by_its_office_on_its_day(world: World) -> None:
    one = owed(world)
    assert (one.due, one.warn, one.target, one.units, one.reported, one.withdrawn_at) == (DUE, DUE, 1, 1, 0, None)
    assert (one.office, one.part, one.topic) == ("tic", "lead", "Arreglar el tubo de Cuaical")
    [made] = world.rows(select(Commitment.obligation_id, Commitment.kept_at))
    assert made == (one.id, None)
    only(world, KEY)
    world.say("tic", "/pendientes")
    assert "Arreglar el tubo de Cuaical" in world.last("tic").text


@pytest.mark.parametrize("what", ["reading", "topics", "import", "resync"])
def test_nothing_that_is_decided_on_the_plan_forgets_it(world: World, what: str) -> None:
    before = owed(world)
    with world.database.begin() as connection:
        state = planning.stored(connection, "narino-2022", held=True)
        assert state
        assert [duty.code for duty in state.promised] == [KEY]
        assert [duty.code for duty in state.owed].count(KEY) == 1
        row = next(one for one in state.plan.activities if one.alternatives)
        if what == "reading":
            planning.decide(connection, state, row.number, row.alternatives[-1].key, "Marta", "Acta 1", world.now)
        elif what == "topics":
            effect = planning.approve_topics(connection, state, "2022-06", ("Agua", "Vías"), "", 1, world.now)
            assert KEY not in {duty.code for duty in (*effect.added, *effect.removed)}
        elif what == "import":
            assert planning.compare(connection, load(PLAN)).removed == ()
            planning.import_plan(connection, load(PLAN), world.now)
        else:
            planning.resync(connection, "narino-2022", world.now)
    assert owed(world) == before


def test_it_is_reminded_of_and_escalated_where_it_is_late(world: World) -> None:
    only(world, KEY)
    for day in ("2022-06-15", "2022-06-24", "2022-06-30", "2022-07-01", "2022-07-08"):
        tick(world, day)
        read(world)
    mine = [(name, step) for code, name, step, state, _reason in told(world) if code == KEY and state == "told"]
    assert [step for name, step in mine if name == "Jairo Benavides"] == [-10, -3, 0, 1, 5]
    assert {name for name, step in mine if step == 5} >= {"Jairo Benavides", "Nelly Jurado", "Marta Rosero"}
    assert [step for name, step in mine if name == "Nelly Jurado"] == [5]
    world.now = at("2022-07-11", "09:00")
    world.say("coordinator", "/vencidos")
    assert "Arreglar el tubo" in world.last("coordinator").text or "TIC" in world.last("coordinator").text
    world.say("citizen", "¿Qué prometieron en Cumbal?")
    assert "vencid" in world.last("citizen").text.lower()


def test_who_asked_hears_once_that_it_is_kept(world: World) -> None:
    for text in (f"/reportar {KEY}", "Cambiamos el tubo.", "https://narino.gov.co/tubo", "sí"):
        world.say("tic", text)
    assert f"{KEY}-0001" in world.last("tic").text
    later(world, at("2022-06-01"))
    assert kept(world) == []  # nobody has looked at it
    verified(world)
    for minute in range(3):
        later(world, at("2022-06-01", "09:00") + timedelta(minutes=minute))
    assert len(kept(world)) == 2
    assert "citizen" in kept(world)
    for text in (f"/revertir {KEY}-0001", "Era otro tubo.", "sí"):
        world.say("coordinator", text)
    later(world, at("2022-06-02"))
    assert world.rows(select(Commitment.kept_at)) == [(None,)]
    verified(world)
    later(world, at("2022-06-02", "10:00"))
    assert world.rows(select(Commitment.id).where(Commitment.kept_at.is_not(None))) == [(1,)]
    assert len(kept(world)) == 2
