"""What falls due reaches the right person at the right hour, once."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from models import nudges, outbox, planning, preferences
from models.obligations import Obligation
from models.offices import Office
from models.people import Membership
from plans.bundled import load
from tests.scheduler.clock import (
    ANA,
    JAIRO,
    MAY,
    at,
    days,
    messages,
    obligation_id,
    only,
    person_id,
    read,
    tick,
    told,
)
from tests.support.world import PLAN, World, open_world


def test_the_ladder_of_one_obligation(world: World) -> None:
    only(world, MAY)
    written = {}
    for day in days("2022-05-14", "2022-06-20"):
        for clock in ("07:59", "08:00", "16:59", "17:00"):
            if tick(world, day, clock):
                written[day] = clock
                read(world)
    assert written == dict.fromkeys(("2022-05-16", "2022-05-25", "2022-05-31", "2022-06-01", "2022-06-07"), "08:00")
    assert [row[1:] for row in told(world)] == [
        *((ANA, step, "told", "") for step in (-10, -3, 0, 1, 5)),
        ("Marta Rosero", 5, "told", ""),
    ]
    assert [text.splitlines()[0] for _when, _state, text in messages(world, "officer")] == [
        "1 entregable por reportar: 1 vence en 15 días.",
        "1 entregable por reportar: 1 vence en 6 días.",
        "1 entregable por reportar: 1 vence hoy.",
        "1 entregable por reportar: 1 venció ayer.",
        "1 entregable por reportar: 1 venció hace 7 días.",
    ]
    (_when, _state, escalated) = messages(world, "coordinator")[0]
    assert "A cargo: Oficina de Prensa y Comunicaciones." in escalated


def test_one_message_gathers_all_and_opens_the_right_report(world: World) -> None:
    only(world, MAY, "A03-2022-05-AVANCES-DEL-PLAN-DE")
    assert tick(world, "2022-05-31") == {"officer"}
    message = world.last("officer")
    assert message.text.startswith("2 entregables por reportar: 2 vencen hoy.")
    assert [button["tap"] for button in message.buttons] == [
        "/reportar 3", "/reportar 4", "/pendientes", "/ya_casi", "/no_alcanzo", "/no_me_toca", "/permiso",
    ]  # fmt: skip


def test_what_comes_up_after_the_message_of_the_day_waits_for_the_next(world: World) -> None:
    april = "A04-2022-04"
    only(world, MAY)
    assert tick(world, "2022-05-31") == {"officer"}
    read(world)
    with world.database.begin() as connection:  # a report is returned
        connection.execute(update(Obligation).where(Obligation.code == april).values(reported=0))
    assert tick(world, "2022-05-31", "16:00") == {"coordinator"}
    assert (april, ANA, 5, "planned", "") in told(world)
    read(world)
    assert tick(world, "2022-06-01") == {"officer"}
    assert "(abril)" in world.last("officer").text


def test_the_button_of_one_obligation_opens_its_report(world: World) -> None:
    only(world, MAY)
    tick(world, "2022-05-31")
    buttons = [button["tap"] for button in world.last("officer").buttons]
    assert buttons == [f"/reportar {MAY}", f"/ya_casi {MAY}", f"/no_alcanzo {MAY}", f"/no_me_toca {MAY}", "/permiso"]
    world.now = at("2022-05-31", "08:10")
    world.say("officer", tap=buttons[0])
    assert world.last("officer").text == "Cuente en una o dos frases qué se hizo."


def test_a_week_without_the_server_becomes_one_message(world: World) -> None:
    only(world, MAY)
    assert tick(world, "2022-05-26") == {"officer"}
    read(world)
    assert tick(world, "2022-06-03") == {"officer"}
    assert [row[2:4] for row in told(world)] == [(-3, "told"), (1, "told")]
    assert "venció hace 3 días" in world.last("officer").text


def test_a_message_that_did_not_leave_in_time_is_made_anew(world: World) -> None:
    only(world, MAY)
    tick(world, "2022-05-31", "16:50")
    assert tick(world, "2022-05-31", "17:00") == set()
    assert [state for _when, state, _text in messages(world, "officer")] == ["skipped"]
    assert world.heard("officer") == []
    assert tick(world, "2022-06-01") == {"officer"}
    assert [row[2:] for row in told(world)] == [
        (0, "skipped", "se juntó con un aviso posterior"),
        (1, "told", ""),
    ]
    assert len(world.heard("officer")) == 1


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2022-05-31", "07:59"),
        ("2022-05-31", "17:00"),
        ("2022-05-31", "22:00"),
        ("2022-06-04", "10:00"),  # Saturday
        ("2022-06-05", "10:00"),  # Sunday
        ("2022-06-20", "10:00"),  # Corpus Christi
        ("2022-12-25", "10:00"),
    ],
)
def test_nobody_is_written_at_night_or_on_a_day_off(tmp_path: Path, day: str, clock: str) -> None:
    world = open_world("sqlite", tmp_path)
    assert tick(world, day, clock) == set()
    assert told(world) == []
    world.close()


def test_local_days_off_move_the_steps_and_silence_the_clock(world: World) -> None:
    with world.database.begin() as connection:
        off = (date(2022, 5, 30), date(2022, 5, 31))
        planning.import_plan(connection, replace(load(PLAN), holidays=off), at("2022-05-02"))
    only(world, MAY)
    assert tick(world, "2022-05-31") == set()
    assert tick(world, "2022-05-27") == {"officer"}
    assert [row[2] for row in told(world)] == [0]
    assert "31 de mayo de 2022, que no es día hábil. El último día hábil es el 27 de mayo" in world.last("officer").text


def test_a_fixed_date_on_a_saturday_is_warned_of_before_and_never_moves(world: World) -> None:
    only(world, "A21-2022-P2")  # 31 December 2022 is a Saturday
    with world.database.begin() as connection:
        office = connection.execute(select(Office.id).where(Office.code == "gobierno")).scalar_one()
        tic = {"person_id": person_id(connection, JAIRO), "role": "officer", "since": at("2022-05-02")}
        connection.execute(insert(Membership).values(**tic, office_id=office))
    assert tick(world, "2022-12-30") == {"tic"}
    text = world.last("tic").text
    assert "31 de diciembre de 2022, que no es día hábil. El último día hábil es el 30 de diciembre de 2022." in text
    read(world)
    assert tick(world, "2023-01-02") == {"tic"}
    assert [row[2] for row in told(world)] == [0, 1]
    assert world.rows(select(Obligation.due).where(Obligation.code == "A21-2022-P2"))[0][0] == date(2022, 12, 31)


def test_a_clock_set_back_an_hour_repeats_nothing(world: World) -> None:
    only(world, MAY)
    assert tick(world, "2022-05-31", "09:30") == {"officer"}
    assert tick(world, "2022-05-31", "08:30") == set()
    assert tick(world, "2022-05-27", "16:00") == set()  # and even to the working day before
    assert tick(world, "2022-05-31", "09:30") == set()
    assert [row[2] for row in told(world)] == [0]


def test_the_zone_of_the_server_does_not_matter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    only(world, MAY)
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert tick(world, "2022-05-31", "07:59") == set()
        assert tick(world, "2022-05-31", "17:01") == set()
    assert tick(world, "2022-05-31", "16:59") == {"officer"}
    monkeypatch.undo()
    time.tzset()
    assert os.environ.get("TZ") != "America/Los_Angeles"


def test_what_is_reported_before_the_hour_is_not_told(world: World) -> None:
    only(world, MAY)
    with world.database.begin() as connection:
        preferences.keep(connection, person_id(connection), 14)
    assert tick(world, "2022-05-31", "09:00") == set()
    only(world)
    assert tick(world, "2022-05-31", "14:00") == set()
    assert told(world) == [(MAY, ANA, 0, "skipped", "ya reportado")]


def test_a_report_takes_back_the_message_that_waits(world: World) -> None:
    march, april = "A04-2022-03", "A04-2022-04"
    only(world, march, april)
    tick(world, "2022-05-31", "08:00")
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.code == march).values(reported=2))
    assert world.heard("officer") == []
    with world.database.begin() as connection:
        assert outbox.claim(connection, "web", "somebody", 10, world.now) == []
    assert tick(world, "2022-05-31", "08:01") == {"officer", "coordinator"}
    assert [state for _when, state, _text in messages(world, "officer")] == ["skipped", "queued"]
    assert "(abril)" in world.last("officer").text
    assert "(marzo)" not in world.last("officer").text
    assert tick(world, "2022-05-31", "08:02") == set()


def test_after_it_was_sent_a_report_changes_nothing(world: World) -> None:
    only(world, MAY)
    tick(world, "2022-05-31")
    read(world)
    with world.database.begin() as connection:
        nudges.moot(connection, [obligation_id(connection)])
    assert told(world) == [(MAY, ANA, 0, "told", "")]
    assert tick(world, "2022-05-31", "09:00") == set()


def test_a_deadline_that_moves_begins_a_new_ladder(world: World) -> None:
    only(world, MAY)
    tick(world, "2022-05-31")
    read(world)
    with world.database.begin() as connection:
        moved = date(2022, 6, 10)
        connection.execute(update(Obligation).where(Obligation.code == MAY).values(due=moved, warn=moved))
    assert tick(world, "2022-06-01") == {"officer"}  # -10 of the new day has come
    read(world)
    assert tick(world, "2022-06-10") == {"officer"}
    assert [row[2:4] for row in told(world)] == [(0, "told"), (-10, "told"), (0, "told")]


def test_what_waits_for_another_activity_is_not_asked_for(world: World) -> None:
    only(world, "A12-2022", "A19-2022")  # the hearing comes before telling of its results
    tick(world, "2022-12-30")
    assert {row[0] for row in told(world)} == {"A12-2022"}


def test_a_message_nobody_opens_is_one_at_a_time_and_one_a_day(world: World) -> None:
    """On the web a message counts as delivered once its page is open; this officer is away for a month."""
    only(world, MAY, "A04-2022-06")
    shown = []
    for day in days("2022-05-31", "2022-06-30"):
        for clock in ("07:30", "08:00", "12:00", "16:59", "17:30"):
            tick(world, day, clock)
            shown.append(len(world.heard("officer")))
            assert len({(row[0], row[1], row[2]) for row in told(world)}) == len(told(world))
    assert set(shown) == {0, 1}
    made = [when.date() for when, _state, _text in messages(world, "officer")]
    assert len(made) == len(set(made)) == 21  # the business days
    assert {row[3] for row in told(world)} <= {"planned", "skipped", "told"}
    assert len([row for row in told(world) if row[1] == ANA]) == 6  # of May 0, 1, 5; of June -10, -3, 0
    world.now = at("2022-06-30", "18:00")
    assert world.heard("officer") == []
