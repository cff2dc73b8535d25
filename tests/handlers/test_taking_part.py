"""Places, codes and surveys: who takes the last place, who was there, and who is asked how it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot.turn import turn
from conversation.messages import Inbound
from models import attending, inquiries, people
from models.base import Conflict
from models.deliveries import Delivery
from models.events import Event
from models.participation import Attendance, Question, Survey
from models.plan import Plan
from scheduler import taking_part
from tests.scheduler.clock import ZONE, at, render
from tests.support.world import RULES, World, chat, open_world

CODE = "004217"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    event(one)
    yield one
    one.close()


def event(world: World, key: str = "E0001", day: str = "2022-06-09", capacity: int | None = 1, code: str = CODE) -> int:
    """An announced event."""
    begins = at(day, "09:00")
    with world.database.begin() as connection:
        values = {
            "plan_id": connection.execute(select(Plan.id)).scalar_one(), "key": key, "title": "El agua de Cumbal",
            "day": begins.date(), "recorded_at": world.now, "kind": "foro_focal", "state": "announced", "version": 1,
            "starts_at": begins, "ends_at": begins + timedelta(hours=2), "municipality": "52227", "place": "Parque",
            "capacity": capacity, "checkin_code": code, "announced_at": world.now,
        }  # fmt: skip
        return connection.execute(insert(Event).values(values).returning(Event.id)).scalar_one()


def talk(world: World, who: str, *texts: str) -> str:
    for text in texts:
        world.say(who, text)
    return world.last(who).text


def states(world: World) -> list[str]:
    return [row.state for row in world.rows(select(Attendance.state).order_by(Attendance.id))]


def tick(world: World) -> None:
    asyncio.run(taking_part.tick(world.database, world.now, ZONE, render))
    world.settle()


def at_once(world: World, *said: tuple[str, str]) -> None:
    """Messages of several people that come at the same moment."""

    async def all_of_them() -> None:
        await asyncio.gather(*(
            world.database.write(turn(Inbound(*chat(who), f"x{n}", world.now, world.now, text), RULES))
            for n, (who, text) in enumerate(said)
        ))  # fmt: skip

    asyncio.run(all_of_them())


def test_the_last_place_is_one_persons(world: World) -> None:
    for who in ("luz", "pedro", "citizen"):
        talk(world, who, "/asistir E0001")
    at_once(world, ("luz", "acepto"), ("pedro", "acepto"), ("citizen", "acepto"))
    assert sorted(states(world)) == ["coming", "waiting", "waiting"]
    heard = [world.last(who).text for who in ("luz", "pedro", "citizen")]
    assert sum("ya está en la lista" in text for text in heard) == 1
    assert sum("lista de espera" in text for text in heard) == 2


def test_more_places_are_for_who_waits_in_their_order(world: World) -> None:
    for who in ("luz", "pedro", "citizen"):
        talk(world, who, "/asistir E0001", "acepto")
    assert states(world) == ["coming", "waiting", "waiting"]
    with world.database.begin() as connection:
        connection.execute(update(Event).values(capacity=2))
    tick(world)
    assert states(world) == ["coming", "coming", "waiting"]
    assert "Se liberó un cupo" in world.last("pedro").text
    assert "Se liberó un cupo" not in world.last("citizen").text


def test_nobody_comes_to_what_is_off(world: World) -> None:
    talk(world, "luz", "/asistir E0001")
    with world.database.begin() as connection:
        connection.execute(update(Event).values(state="cancelled"))
    assert "no hay eventos" in talk(world, "luz", "acepto")
    with world.database.begin() as connection, pytest.raises(Conflict):
        attending.come(connection, 1, 1, world.now)
    assert states(world) == []


@pytest.mark.parametrize("said", [f"/llegue {CODE}", f"/start c_E0001_{CODE}", f"ya llegué {CODE}", "/llegue 004 217"])
def test_who_is_there_says_so_in_many_ways(world: World, said: str) -> None:
    world.now = at("2022-06-09", "09:10")
    assert "¿Acepta?" in talk(world, "luz", said)
    assert states(world) == []
    assert "Gracias por venir" in talk(world, "luz", "acepto")
    talk(world, "luz", said)
    assert states(world) == ["came"]


@pytest.mark.parametrize("day", ["2022-06-08", "2022-06-10"])
def test_the_code_is_good_on_the_day_only(world: World, day: str) -> None:
    world.now = at(day, "09:10")
    assert "no es de un evento de hoy" in talk(world, "citizen", f"/llegue {CODE}")
    assert states(world) == []


def test_nobody_guesses_for_long(world: World) -> None:
    world.now = at("2022-06-09", "09:10")
    talk(world, "citizen", *(f"/llegue 00000{n}" for n in range(5)))
    assert "Van muchos" in talk(world, "citizen", f"/llegue {CODE}")
    assert states(world) == []


def test_who_came_is_asked_once_and_answers_once(world: World) -> None:
    world.now = at("2022-06-09", "09:10")
    talk(world, "luz", f"/llegue {CODE}", "acepto")
    talk(world, "pedro", "/asistir E0001", "acepto")
    tick(world)
    assert "tres preguntas" not in world.last("luz").text
    world.now = at("2022-06-10", "05:00")
    tick(world)
    assert "tres preguntas" not in world.last("luz").text  # nobody is woken
    for clock in ("09:00", "09:01"):
        world.now = at("2022-06-10", clock)
        tick(world)
    asked = select(Delivery.id).where(Delivery.text.like("%tres preguntas%"))
    assert len(world.rows(asked)) == 1
    assert "1 de 3" in talk(world, "luz", "/encuesta E0001")
    assert "2 de 3" in talk(world, "luz", "bien")
    assert "3 de 3" in talk(world, "luz", "5")
    assert "Gracias" in talk(world, "luz", "Más tiempo para hablar")
    assert [tuple(row) for row in world.rows(select(Survey.clear, Survey.heard, Survey.comment))] == [
        (4, 5, "Más tiempo para hablar")
    ]
    assert "no tiene encuestas" in talk(world, "luz", "/encuesta E0001")
    assert "no tiene encuestas" in talk(world, "pedro", "/encuesta")


def test_a_question_is_answered_by_one(world: World) -> None:
    talk(world, "citizen", "/preguntar E0001", "acepto", "¿Cuándo arreglan el tubo?", "solo yo")
    with world.database.begin() as connection:
        [office] = connection.execute(
            select(people.Membership.office_id).where(
                people.Membership.role == "officer", people.Membership.person_id == 1
            )
        )
        connection.execute(update(Event).values(office_id=office.office_id))
    for who, said in (("officer", "En julio."), ("coordinator", "En agosto.")):
        talk(world, who, "/responder P-2022-0001", said)
    at_once(world, ("officer", "enviar"), ("coordinator", "enviar"))
    [row] = world.rows(select(Question.answer, Question.public))
    assert row.answer in ("En julio.", "En agosto.")
    assert not row.public
    told = [message.text for message in world.heard("citizen") if "Ya hay respuesta" in message.text]
    assert len(told) == 1
    assert row.answer in told[0]
    heard = [world.last(who).text for who in ("officer", "coordinator")]
    assert sum("Listo. Respondió" in text for text in heard) == 1
    assert sum("ya tiene respuesta" in text for text in heard) == 1


def test_only_who_may_answers(world: World) -> None:
    talk(world, "citizen", "/preguntar E0001", "acepto", "¿Cuándo arreglan el tubo?", "todos")
    with world.database.begin() as connection:
        who = partial(people.at, connection, "web")
        tic, citizen, coordinator = who("tic"), who("citizen"), who("coordinator")
        assert tic
        assert citizen
        assert coordinator
        question = inquiries.find(connection, "P-2022-0001", coordinator)
        assert question
        for other in (tic, citizen):
            assert inquiries.waiting(connection, other, 5, world.now.date()) == ([], 0, 0)
            with pytest.raises(PermissionError):
                inquiries.answer(connection, question, other, "Sí", True, world.now.date(), world.now)
        inquiries.answer(connection, question, coordinator, "Sí", True, world.now.date(), world.now)
        with pytest.raises(Conflict):
            inquiries.answer(connection, question, coordinator, "No", True, world.now.date(), world.now)
