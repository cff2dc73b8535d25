"""Questions of citizens: who is to answer them hears of it before it is late, once, and not of what is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from models.deliveries import Delivery
from models.events import Event
from models.leaves import Leave
from models.offices import Office
from models.participation import Question
from models.people import Person
from models.plan import Plan
from models.summaries import span_of, summary
from models.unanswered import key
from scheduler import taking_part
from tests.scheduler.clock import ZONE, at, person_id, render
from tests.support.world import World, open_world, person

DUE = "2022-06-14"  # a Tuesday; three business days before is Thursday the 9th


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "head", "Nelly Jurado", "head", "prensa")
        office = connection.execute(select(Office.id).where(Office.code == "prensa")).scalar_one()
        event = connection.execute(insert(Event).values(
            plan_id=connection.execute(select(Plan.id)).scalar_one(), key="E0001", title="El agua", office_id=office,
            day=date(2022, 6, 20), recorded_at=one.now, kind="foro_focal", state="announced", version=1,
            starts_at=at("2022-06-20", "09:00"), ends_at=at("2022-06-20", "11:00"), municipality="52227",
        ).returning(Event.id)).scalar_one()  # fmt: skip
    ask(one, "P-2022-0001", event)
    ask(one, "P-2022-0002", event)
    yield one
    one.close()


def ask(world: World, folio: str, event: int | None, due: str = DUE) -> None:
    with world.database.begin() as connection:
        luz = connection.execute(select(Person.id).where(Person.name == "")).scalar_one()
        connection.execute(insert(Question).values(
            folio=folio, event_id=event, person_id=luz, text="¿Y el agua?", public=True, asked_at=world.now,
            due=date.fromisoformat(due),
        ))  # fmt: skip


def tick(world: World, day: str, clock: str = "08:05") -> set[str]:
    pairs = asyncio.run(taking_part.tick(world.database, at(day, clock), ZONE, render))
    return {address for _channel, address in pairs}


def keys(world: World, state: str) -> list[str]:
    made = select(Delivery.dedupe_key).where(Delivery.dedupe_key.like("questions_due:%"), Delivery.state == state)
    return [row.dedupe_key for row in world.rows(made)]


def test_the_office_is_reminded_before_it_is_late(world: World) -> None:
    assert tick(world, "2022-06-08") == set()
    assert tick(world, "2022-06-09", "07:00") == set()  # nobody is at work
    assert tick(world, "2022-06-09") == {"officer", "head"}
    assert "La respuesta vence en 5 días." in world.last("officer").text
    assert tick(world, "2022-06-09", "08:06") == tick(world, "2022-06-10") == set()  # once, however many questions
    assert tick(world, "2022-06-11") == set()  # a Saturday
    assert tick(world, DUE) == {"officer", "head"}
    assert "La respuesta vence hoy." in world.last("officer").text
    assert tick(world, "2022-06-15") == set()


def test_without_an_office_whoever_runs_the_plan_is_reminded(world: World) -> None:
    ask(world, "P-2022-0003", None)
    assert tick(world, "2022-06-09") == {"officer", "head", "coordinator"}


def test_where_nobody_of_the_office_is_there_it_is_not_forgotten(world: World) -> None:
    with world.database.begin() as connection:
        for name in ("Ana Lucía Ortega", "Nelly Jurado"):
            connection.execute(insert(Leave).values(
                person_id=person_id(connection, name), starts=date(2022, 6, 6), ends=date(2022, 6, 10),
                substitute_id=None, told_at=world.now,
            ))  # fmt: skip
    assert tick(world, "2022-06-09") == {"coordinator"}


def test_what_is_answered_is_not_told(world: World) -> None:
    tick(world, "2022-06-09")
    assert len(keys(world, "queued")) == 2
    world.now = at("2022-06-09", "08:10")
    for text in ("/responder P-2022-0001", "Llega en julio.", "si"):
        world.say("officer", text)
    assert len(keys(world, "queued")) == 2  # there is another to answer
    for text in ("/responder P-2022-0002", "También en julio.", "si"):
        world.say("officer", text)
    assert keys(world, "queued") == []
    assert len(keys(world, "skipped")) == 2
    assert tick(world, DUE) == set()
    with world.database.begin() as connection:
        ana = person_id(connection)
    assert key(date.fromisoformat(DUE), 3, ana) in keys(world, "skipped")


def test_late_ones_are_counted_where_they_are_answered_and_in_the_summary(world: World) -> None:
    ask(world, "P-2022-0003", None, "2022-06-30")
    world.now = at("2022-06-15")
    world.say("coordinator", "/preguntas")
    assert "3 preguntas por responder:\n2 ya vencieron." in world.last("coordinator").text
    assert "La respuesta venció ayer." in world.last("coordinator").text
    world.say("coordinator", "/resumen")
    assert "Preguntas de la gente sin responder a tiempo: 2; la primera venció el 14 de junio" in (
        world.last("coordinator").text
    )
    assert "Ver las preguntas" in {button["label"] for button in world.last("coordinator").buttons}
    world.say("head", "/resumen")
    assert "sin responder a tiempo: 2" in world.last("head").text
    with world.database.begin() as connection:
        found = summary(connection, span_of("month", date(2022, 6, 1), ZONE), date(2022, 6, 14))
    assert found
    assert (found.questions, found.questions_since) == (0, None)
