"""Who is told: by hour, leave, office, role and channel."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert

from models import blockers, leaves, people, preferences
from models.people import Contact
from tests.scheduler.clock import ANA, JAIRO, MAY, at, obligation_id, only, person_id, read, tick, told
from tests.support.world import World, person


def test_own_hour_and_quiet_days(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        preferences.keep(connection, person_id(connection), 15, {1})  # no Tuesdays
    assert tick(world, "2022-05-31", "16:00") == set()
    assert tick(world, "2022-06-01", "14:59") == set()
    assert tick(world, "2022-06-01", "15:00") == {"officer"}
    assert [row[2:4] for row in told(world)] == [(0, "skipped"), (1, "told")]


def test_who_is_on_leave_is_left_alone_and_the_substitute_is_told(world: World) -> None:
    june = "A05-2022-T2"  # the press office's alone; due on Thursday 30 June
    only(world, june)
    with world.database.begin() as connection:
        away = (date(2022, 6, 29), date(2022, 6, 30))
        leaves.take(connection, person_id(connection), *away, person_id(connection, JAIRO), at("2022-06-28"))
    world.now = at("2022-06-28", "17:30")
    world.say("tic", f"/reportar {june}")
    assert "Usted está al día" in world.last("tic").text
    assert tick(world, "2022-06-30") == {"tic"}
    world.now = at("2022-06-30", "09:00")
    world.say("tic", f"/reportar {june}")
    assert world.last("tic").text == "Cuente en una o dos frases qué se hizo."
    read(world)
    assert tick(world, "2022-07-01") == {"officer"}
    world.now = at("2022-07-01", "09:00")
    world.say("tic", "/pendientes")
    assert "Usted está al día" in world.last("tic").text
    assert [row[1:4] for row in told(world)] == [(JAIRO, 0, "told"), (ANA, 1, "told")]


def test_an_office_on_leave_without_a_substitute_is_the_coordinators(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        away = (date(2022, 5, 30), date(2022, 6, 1))
        leaves.take(connection, person_id(connection), *away, None, at("2022-05-27"))
    assert tick(world, "2022-05-31") == {"coordinator"}


def test_the_last_step_goes_to_the_head_and_the_coordinator_too(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        person(connection, "head", "Silvia Erazo", "head", "prensa")
        person(connection, "other", "Otro Jefe", "head", "tic")
    assert tick(world, "2022-06-01") == {"officer"}
    read(world)
    assert tick(world, "2022-06-07") == {"officer", "head", "coordinator"}
    assert "/reportar" not in str(world.last("head").buttons)
    assert world.last("head").text.startswith("1 entregable sin reportar: 1 venció hace 7 días.")


def test_an_office_without_officers_is_the_coordinators_business(world: World) -> None:
    only(world, "A18-2022-T1")  # led by community development, where nobody is; due on 18 April
    assert tick(world, "2022-04-18") == {"coordinator"}
    assert "que no tiene responsable" in world.last("coordinator").text


def test_ya_casi_rests_and_is_asked_again(world: World) -> None:
    only(world, MAY)
    tick(world, "2022-05-31")
    read(world)
    with world.database.begin() as connection:
        blockers.add(
            connection, obligation_id(connection), person_id(connection), "almost", at("2022-05-31"),
            quiet_until=date(2022, 6, 3),
        )  # fmt: skip
    assert tick(world, "2022-06-01") == set()
    assert tick(world, "2022-06-02") == set()
    assert tick(world, "2022-06-03") == {"officer"}
    assert [row[2:4] for row in told(world)] == [(0, "told"), (1, "told")]


def test_who_left_the_office_is_not_written_to(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        preferences.keep(connection, person_id(connection), 14)
    tick(world, "2022-05-31", "09:00")
    with world.database.begin() as connection:
        people.leave(connection, person_id(connection), at("2022-05-31", "10:00"))
    assert tick(world, "2022-05-31", "14:00") == {"coordinator"}
    assert (MAY, ANA, 0, "skipped", "ya no está a cargo") in told(world)


def test_who_cannot_be_reached_is_noted(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        people.drop_contact(connection, person_id(connection), at("2022-05-30"))
    assert tick(world, "2022-05-31") == set()
    assert told(world) == [(MAY, ANA, 0, "skipped", "no hay por dónde escribirle")]


def test_the_channel_used_last_is_written_to(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        ana = person_id(connection)
        phone = {"channel": "telegram", "address": "77", "since": at("2022-05-20")}
        connection.execute(insert(Contact).values(person_id=ana, **phone))
    assert tick(world, "2022-05-26") == {"77"}
    read(world)
    world.now = at("2022-05-30", "10:00")
    world.say("officer", "/pendientes")
    assert tick(world, "2022-05-31") == {"officer"}
