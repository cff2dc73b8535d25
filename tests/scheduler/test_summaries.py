"""Summaries come on their day and hour, once, to whom they are for; of those missed only the newest."""

from __future__ import annotations

import asyncio
import random
import threading
import time as clock
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, text, update

from models import leaves, planning, preferences, summary_times
from models.database import Database
from models.deliveries import Delivery
from models.obligations import Obligation
from models.people import Membership, Person
from models.plan import Plan
from models.summary_times import When
from plans.bundled import load
from scheduler import nudges, summaries
from tests.scheduler.clock import ZONE, at, read, render
from tests.scheduler.test_overlap import Fragile, Killed
from tests.support.world import PLAN, World, person


@pytest.fixture
def world(world: World) -> World:
    with world.database.begin() as connection:
        # Long ago enough for every summary of the year.
        connection.execute(update(Membership).values(since=at("2021-01-04")))
    return world


def tick(world: World, day: str, clock: str = "07:30") -> set[str]:
    pairs = asyncio.run(summaries.tick(world.database, at(day, clock), ZONE, render))
    return {address for _channel, address in pairs}


def told(world: World, address: str = "coordinator") -> list[str]:
    """The first line of every summary somebody got, oldest first."""
    wanted = select(Delivery.text).where(
        Delivery.kind == "summary", Delivery.address == address, Delivery.state != "skipped"
    )
    return [
        row.text.partition("\n")[0].partition(":")[0].partition(".")[0]
        for row in world.rows(wanted.order_by(Delivery.id))
    ]


def through(world: World, start: str, end: str, clock: str = "07:30") -> list[tuple[str, str]]:
    """A tick a day, read at once: who got something when."""
    found, day = [], date.fromisoformat(start)
    while day <= date.fromisoformat(end):
        found += [(address, day.isoformat()) for address in sorted(tick(world, day.isoformat(), clock))]
        read(world)
        day += timedelta(days=1)
    return found


def choose(world: World, address: str, when: When, moment: str = "2021-02-01") -> None:
    with world.database.begin() as connection:
        name = connection.execute(select(Person.id).where(Person.name == address)).scalar_one()
        summary_times.keep(connection, name, when, at(moment))


def test_on_mondays_and_after_each_period(world: World) -> None:
    got = through(world, "2022-05-10", "2022-07-05")
    # 30 May, 20 and 27 June and 4 July are holidays; 1 June and 1 July follow a month and a quarter.
    days = ["10", "16", "23", "31", "06-01", "06-06", "06-13", "06-21", "06-28", "07-01", "07-05"]
    assert [day for _who, day in got] == [f"2022-{day}" if "-" in day else f"2022-05-{day}" for day in days]
    assert {who for who, _day in got} == {"coordinator"}
    said = told(world)
    assert said[3:6] == [
        "Sin novedades desde el 23 de mayo de 2022",
        "Así cerró mayo",
        "Desde el 31 de mayo de 2022",
    ]
    assert said[9] == "Así cerró el trimestre 2"


def test_not_before_the_hour_nor_at_night_nor_on_days_off(world: World) -> None:
    assert [tick(world, "2022-05-16", clock) for clock in ("03:00", "06:59")] == [set(), set()]
    through(world, "2022-05-09", "2022-05-09")
    assert [tick(world, "2022-05-16", clock) for clock in ("07:29", "17:00", "23:00")] == [set()] * 3
    assert tick(world, "2022-05-30") == set()  # a holiday
    assert tick(world, "2022-05-28", "10:00") == set()  # a Saturday
    assert tick(world, "2022-05-16", "16:59") == {"coordinator"}


def test_the_entity_s_days_off_move_it_too(world: World) -> None:
    through(world, "2022-05-09", "2022-05-09")
    with world.database.begin() as connection:
        document = connection.execute(select(Plan.document)).scalar_one()
        connection.execute(update(Plan).values(document={**document, "holidays": ["2022-05-16"]}))
    assert through(world, "2022-05-16", "2022-05-20") == [("coordinator", "2022-05-17")]


def test_after_an_outage_only_the_newest_one(world: World) -> None:
    through(world, "2022-04-18", "2022-04-18")
    assert through(world, "2022-06-02", "2022-06-05", "11:00") == [("coordinator", "2022-06-02")]
    assert told(world)[-1] == "Así cerró mayo"
    through(world, "2022-06-06", "2022-06-06")
    # Three weeks without a clock: the week that is told begins where the last message ended.
    through(world, "2022-08-10", "2022-08-10")
    assert told(world)[-1] == "Desde el 6 de junio de 2022"


def test_nothing_new_is_one_line_without_a_picture(world: World) -> None:
    through(world, "2022-05-16", "2022-05-16")
    tick(world, "2022-05-23")
    last = world.last("coordinator")
    assert last.text.startswith("Sin novedades desde el 16 de mayo de 2022. Vencidos: ")
    assert "\n" not in last.text
    assert last.picture is None


def test_few_lines_and_a_picture_with_words(world: World) -> None:
    world.say("coordinator", "hola")
    tick(world, "2022-06-01")
    last = world.last("coordinator")
    assert len([line for line in last.text.splitlines() if line]) <= 12
    assert last.picture is not None
    assert last.picture["drawing"] == "summary"
    assert last.picture["alt"].startswith(last.text)
    assert "6. Rendición de Cuentas de los avances del Acuerdo de Paz" in last.picture["alt"]


def test_a_day_and_an_hour_of_one_s_own(world: World) -> None:
    choose(world, "Marta Rosero", When(4, time(16)))
    assert through(world, "2022-05-16", "2022-05-31", "15:59") == [
        ("coordinator", "2022-05-16"),  # that of Friday 13, when nothing ran
        ("coordinator", "2022-05-23"),
        ("coordinator", "2022-05-31"),
    ]
    assert tick(world, "2022-06-03", "16:00") == {"coordinator"}
    assert tick(world, "2022-06-06", "16:30") == set()


def test_a_new_choice_does_not_bring_an_old_summary(world: World) -> None:
    through(world, "2022-05-16", "2022-05-16")
    choose(world, "Marta Rosero", When(1, time(9)), "2022-05-18")
    assert through(world, "2022-05-18", "2022-05-24", "09:00") == [("coordinator", "2022-05-24")]


def test_next_year_s_plan_takes_over_only_when_its_year_begins(world: World) -> None:
    document = load(PLAN)
    with world.database.begin() as connection:
        planning.import_plan(connection, replace(document, slug="narino-2023", year=2023), at("2022-12-12"))
        person(connection, "jefe", "Jefe", "head", "prensa")
        connection.execute(update(Membership).values(since=at("2021-01-04")))
    through(world, "2022-12-19", "2023-01-10")
    through(world, "2023-02-01", "2023-02-01")
    keys = world.rows(
        select(Delivery.dedupe_key, Delivery.text).where(Delivery.kind == "summary").order_by(Delivery.id)
    )
    days = {
        tuple(row.dedupe_key.split(":")[1:4]) for row in keys if row.text.startswith(("Desde", "Así", "Sin novedades"))
    }
    assert days >= {
        ("narino-2022", "week", "2022-12-19"), ("narino-2022", "week", "2022-12-26"),
        ("narino-2022", "quarter", "2023-01-02"), ("narino-2022", "month", "2023-01-02"),
        ("narino-2023", "week", "2023-01-10"), ("narino-2023", "month", "2023-02-01"),
    }  # fmt: skip
    assert {slug for slug, _kind, day in days if day < "2023-01-03"} == {"narino-2022"}
    assert {slug for slug, _kind, day in days if day > "2023-01-03"} == {"narino-2023"}


def test_quiet_days_and_leave_wait(world: World) -> None:
    with world.database.begin() as connection:
        marta = connection.execute(select(Person.id).where(Person.name == "Marta Rosero")).scalar_one()
        preferences.keep(connection, marta, 9, {0})
        leaves.take(connection, marta, date(2022, 5, 23), date(2022, 5, 25), None, at("2022-05-20"))
    through(world, "2022-05-10", "2022-05-10", "09:00")
    assert through(world, "2022-05-16", "2022-05-17", "08:59") == []
    assert through(world, "2022-05-17", "2022-05-20", "09:00") == [("coordinator", "2022-05-17")]
    assert through(world, "2022-05-23", "2022-05-27", "09:00") == [("coordinator", "2022-05-26")]


def test_who_comes_later_hears_from_then_on(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(update(Membership).values(since=at("2022-05-18")))
    assert through(world, "2022-05-18", "2022-05-23") == [("coordinator", "2022-05-23")]


def test_a_head_reads_each_month_of_the_own_office_only(world: World) -> None:
    with world.database.begin() as connection:
        for code in ("hacienda", "prensa"):
            person(connection, code, f"Jefe de {code}", "head", code)
        connection.execute(update(Membership).values(since=at("2021-01-04")))
        like = connection.execute(select(Obligation).where(Obligation.code == "A04-2022-05")).one()
        connection.execute(update(Obligation).where(Obligation.id == like.id).values(reported=1))
    got = through(world, "2022-05-23", "2022-07-08")
    assert [day for who, day in got if who == "prensa"] == ["2022-05-23", "2022-06-01", "2022-07-01"]
    wanted = select(Delivery.address, Delivery.text, Delivery.picture).where(
        Delivery.kind == "summary", Delivery.address.in_(["hacienda", "prensa"])
    )
    for row in world.rows(wanted):
        own, other = ("Hacienda", "Prensa") if row.address == "hacienda" else ("Prensa", "Hacienda")
        assert other not in row.text
        assert other not in str(row.picture)
        assert own in row.text or "\n" not in row.text
    assert told(world, "prensa")[-1] == "Así cerró junio (Oficina de Prensa y Comunicaciones)"


def test_officers_and_citizens_get_none(world: World) -> None:
    got = through(world, "2022-05-10", "2022-07-05")
    assert not {who for who, _day in got} & {"officer", "tic", "citizen", "auditor"}


def test_what_did_not_leave_is_made_again_on_the_next_day(world: World) -> None:
    assert tick(world, "2022-05-16", "16:30") == {"coordinator"}
    asyncio.run(nudges.tick(world.database, at("2022-05-16", "17:00"), ZONE, render))
    assert world.heard("coordinator") == []
    assert tick(world, "2022-05-17") == {"coordinator"}
    keys = world.rows(select(Delivery.dedupe_key).where(Delivery.kind == "summary").order_by(Delivery.id))
    person_id = keys[0].dedupe_key.rpartition(":")[2]
    assert [row.dedupe_key for row in keys] == [f"summary:narino-2022:week:2022-05-{n}:{person_id}" for n in (16, 17)]


def test_four_schedulers_write_it_once(world: World) -> None:
    url = world.database.url.render_as_string(hide_password=False)
    results: list[set[tuple[str, str]]] = []
    ready = threading.Barrier(4)

    def run() -> None:
        database = Database(url)
        ready.wait()
        results.append(asyncio.run(summaries.tick(database, at("2022-06-01", "07:31"), ZONE, render)))
        database.close()

    with world.database.begin() as connection:
        person(connection, "jefa", "Jefa", "head", "prensa")
        connection.execute(update(Membership).values(since=at("2021-01-04")))
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(pairs) for pairs in results) == 2
    assert (told(world), len(told(world, "jefa"))) == (["Así cerró mayo"], 1)


def test_killed_anywhere_and_started_again(world: World) -> None:
    with world.database.begin() as connection:
        person(connection, "jefa", "Jefa", "head", "prensa")
        connection.execute(update(Membership).values(since=at("2021-01-04")))
    chance = random.Random(7)
    for day in ("2022-05-23", "2022-05-31", "2022-06-01"):
        for minute in range(30, 36):
            fragile = Fragile(world.database, chance.randrange(3), after=chance.random() < 0.5)
            try:
                asyncio.run(summaries.tick(fragile, at(day, f"07:{minute}"), ZONE, render))
            except Killed:
                continue
        tick(world, day, "07:40")
        read(world)
    assert told(world)[1:] == ["Sin novedades desde el 23 de mayo de 2022", "Así cerró mayo"]
    assert len(told(world, "jefa")) == 2


def test_a_clock_set_back_repeats_nothing(world: World) -> None:
    assert tick(world, "2022-05-16", "08:10") == {"coordinator"}
    assert [tick(world, "2022-05-16", f"07:{minute}") for minute in (30, 45, 59)] == [set()] * 3


def test_the_zone_of_the_server_does_not_matter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    through(world, "2022-05-09", "2022-05-09")
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        clock.tzset()
        assert [tick(world, "2022-05-16", hour) for hour in ("07:29", "17:01")] == [set(), set()]
    assert tick(world, "2022-05-16", "16:59") == {"coordinator"}
    monkeypatch.undo()
    clock.tzset()


def test_nobody_to_write_to_and_no_plan(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(text("UPDATE contacts SET blocked_at = since"))
    assert tick(world, "2022-05-16") == set()
    assert world.rows(select(Delivery.id)) == []
