"""What is announced of an event: to everybody it concerns, once, in their language, at a decent hour, and to nobody
else."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from models import preferences, subscriptions
from models.deliveries import Delivery
from models.digests import Announcement
from models.participation import Attendance
from models.people import Contact, Person
from models.vault import Vault
from scheduler import announcements
from scheduler.hand_outs import sweep
from scheduler.press import Press
from tests.scheduler.clock import ZONE, announce, at, count, render
from tests.support.gatherings import called, changed, subscribed
from tests.support.world import World, open_world

MONDAY = "2022-05-23"
SINCE = at("2022-02-01")
CUMBAL = ("municipality", "52227", "now")


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    one.now = at(MONDAY, "09:00")
    yield one
    one.close()


def people(world: World, *wanted: list[tuple[str, str, str]], language: str = "es") -> list[int]:
    with world.database.begin() as connection:
        return [subscribed(connection, SINCE, triples, language=language) for triples in wanted]


def told(world: World, *, state: str = "queued") -> Counter[int]:
    rows = world.rows(select(Delivery.person_id).where(Delivery.priority == 2, Delivery.state == state))
    return Counter(row[0] for row in rows)


def test_those_it_concerns_once_and_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.announcements.PAGE", 2)
    concerned = people(
        world, [CUMBAL], [("all", "", "now")], [("topic", "agua", "now")],
        [("subregion", "exprovincia_de_obando", "now")],
        [("event_kind", "foro_focal", "now")], [("topic", "agua@52227", "now")], [CUMBAL, ("topic", "agua", "now")],
        [CUMBAL, ("all", "", "daily")], [("topic", "agua@exprovincia_de_obando", "now")],
    )  # fmt: skip
    people(
        world, [("municipality", "52835", "now")], [("topic", "salud", "now")], [("topic", "agua@52835", "now")],
        [("event_kind", "audiencia_publica", "now")], [("office", "prensa", "now")], [("topic", "salud@52227", "now")],
    )  # fmt: skip
    [english] = people(world, [CUMBAL], language="en")
    event = called(world, at("2022-06-09", "09:00"))
    pairs = announce(world)
    assert announce(world) == set()
    assert told(world) == Counter([*concerned, english])
    assert pairs == {("telegram", str(person)) for person in (*concerned, english)}
    rows = world.rows(select(Delivery).where(Delivery.priority == 2).order_by(Delivery.person_id))
    assert [row.dedupe_key for row in rows] == [f"event:{event.id}:call:1:{row.person_id}" for row in rows]
    assert "June" in rows[-1].text
    assert all(row.expires_at == event.ends_at for row in rows)
    assert {row.document["name"] for row in rows} == {"E0001.ics"}
    assert "https://www.openstreetmap.org/?mlat=0.90660&mlon=-77.79190" in rows[0].text


def test_who_left_is_blocked_muted_or_ended_hears_nothing(world: World) -> None:
    left, blocked, muted, visitor, ended, reached = people(world, *([CUMBAL] for _ in range(6)))
    with world.database.begin() as connection:
        for person, column in ((left, "until"), (blocked, "blocked_at"), (muted, "muted_at")):
            connection.execute(update(Contact).where(Contact.person_id == person).values({column: SINCE}))
        connection.execute(update(Person).where(Person.id == visitor).values(status="visitor"))
        subscriptions.end_all(connection, ended, world.now)
    called(world, at("2022-06-09", "09:00"))
    announce(world)
    assert told(world) == Counter([reached])


def test_it_goes_to_the_chat_used_last(world: World) -> None:
    [person] = people(world, [CUMBAL])
    with world.database.begin() as connection:
        phone = {"channel": "whatsapp", "address": "57300", "since": world.now}
        connection.execute(insert(Contact).values(person_id=person, **phone))
    called(world, at("2022-06-09", "09:00"))
    assert announce(world) == {("whatsapp", "57300")}


def test_baja_calls_back_what_is_on_its_way(world: World) -> None:
    world.say("citizen", "avisos de Cumbal")
    world.say("citizen", "sí, enseguida")
    world.say("citizen", "avisos de foros")
    called(world, at("2022-06-09", "09:00"))
    announce(world)
    assert sum(told(world).values()) == 1
    world.say("citizen", "BAJA")
    assert not told(world)
    assert sum(told(world, state="skipped").values()) == 1
    changed(world, "E0001", {"place": "Coliseo", "municipality": "52227"})
    assert announce(world) == set()


@pytest.mark.parametrize(
    ("now", "starts", "goes"),
    [
        (at("2022-05-24", "10:00"), at("2022-06-09", "09:00"), True),
        (at("2022-05-24", "07:30"), at("2022-06-09", "09:00"), False),
        (at("2022-05-24", "17:00"), at("2022-06-09", "09:00"), False),
        (at("2022-05-28", "10:00"), at("2022-06-09", "09:00"), False),  # Saturday
        (at("2022-05-28", "10:00"), at("2022-05-29", "09:00"), True),  # it is tomorrow
        (at("2022-05-28", "21:00"), at("2022-05-29", "09:00"), False),
        (at("2022-05-30", "10:00"), at("2022-06-09", "09:00"), False),  # a holiday
    ],
)
def test_nobody_is_woken(world: World, now: datetime, starts: datetime, goes: bool) -> None:
    people(world, [CUMBAL])
    world.now = now
    called(world, starts)
    assert bool(announce(world)) is goes


def test_a_change_makes_what_was_queued_moot(world: World) -> None:
    [person] = people(world, [CUMBAL])
    called(world, at("2022-06-09", "09:00"))
    announce(world)
    later = at("2022-06-10", "14:00")
    event = changed(world, "E0001", {"day": later.date(), "starts_at": later, "ends_at": later + timedelta(hours=2)})
    announce(world)
    rows = world.rows(select(Delivery.state, Delivery.text, Delivery.expires_at).where(Delivery.priority == 2))
    assert [row.state for row in rows] == ["skipped", "queued"]
    assert "Antes era: jueves 9 de junio de 2022, de 9:00 a. m. a 11:00 a. m." in rows[1].text
    assert "viernes 10 de junio de 2022" in rows[1].text
    assert rows[1].expires_at == event.ends_at
    assert told(world) == Counter([person])


def test_what_was_not_told_before_a_change_is_not_told(world: World) -> None:
    people(world, [CUMBAL])
    world.now = at(MONDAY, "18:00")
    called(world, at("2022-06-09", "09:00"))
    changed(world, "E0001", {})
    world.now = at("2022-05-24", "08:05")
    announce(world)
    rows = world.rows(select(Delivery.text).where(Delivery.priority == 2))
    assert ["No se va a hacer" in row.text for row in rows] == [True]


def test_the_reminder_comes_the_day_before_and_who_comes_hears_it(world: World) -> None:
    person, coming, waiting, gone = people(world, [CUMBAL], *([("municipality", "52001", "daily")] for _ in range(3)))
    event = called(world, at("2022-06-09", "09:00"))
    announce(world)
    with world.database.begin() as connection:
        connection.execute(insert(Attendance), [
            {"event_id": event.id, "person_id": who, "state": state, "at": SINCE}
            for who, state in ((coming, "coming"), (waiting, "waiting"), (gone, "left"))
        ])  # fmt: skip
    for day, hear in (("2022-06-07", 0), ("2022-06-08", 3), ("2022-06-08", 0)):
        world.now = at(day, "09:00")
        assert len(announce(world)) == hear
    assert told(world) == Counter({person: 2, coming: 1, waiting: 1})


def test_no_reminder_of_what_was_announced_today(world: World) -> None:
    people(world, [CUMBAL])
    called(world, at("2022-05-24", "09:00"))
    assert len(announce(world)) == 1
    assert world.rows(select(Announcement.kind)) == [("call",)]


def test_one_message_a_day_at_the_persons_hour(world: World) -> None:
    early, late = people(world, [("all", "", "daily")], [("all", "", "daily"), ("topic", "agua", "daily")])
    with world.database.begin() as connection:
        preferences.keep(connection, late, 15)
    called(world, at("2022-06-09", "09:00"))
    called(world, at("2022-06-20", "09:00"), title="Las vías", municipality="52001")
    assert announce(world) == {("telegram", str(early))}
    [text] = [row.text for row in world.rows(select(Delivery.text).where(Delivery.person_id == early))]
    assert "El agua de Cumbal" in text
    assert "Las vías" in text
    called(world, at("2022-06-21", "09:00"), title="El páramo")
    world.now = at(MONDAY, "15:00")
    assert announce(world) == {("telegram", str(late))}
    world.now = at("2022-05-24", "08:05")
    assert announce(world) == {("telegram", str(early))}
    assert told(world) == Counter({early: 2, late: 1})


def test_the_day_does_not_tell_what_changed_meanwhile(world: World) -> None:
    people(world, [("all", "", "daily")])
    world.now = at(MONDAY, "07:00")
    called(world, at("2022-06-09", "09:00"))
    changed(world, "E0001", {"title": "El agua y las vías"})
    world.now = at(MONDAY, "08:05")
    announce(world)
    [text] = [row.text for row in world.rows(select(Delivery.text).where(Delivery.priority == 2))]
    assert text.count("Foro focal") == 1
    assert "El agua y las vías" in text


def test_an_event_that_is_over_is_told_to_nobody(world: World) -> None:
    people(world, [CUMBAL])
    called(world, at(MONDAY, "10:00"))
    world.now = at(MONDAY, "12:00")
    assert announce(world) == set()
    assert world.rows(select(Announcement.finished_at)) == [(None,)]


def test_what_follows_for_the_plan_is_there_within_a_minute(world: World) -> None:
    owed = "SELECT count(*) FROM obligations WHERE event = 'E0001' AND withdrawn_at IS NULL"
    called(world, at("2022-06-09", "09:00"))
    world.now = at(MONDAY, "22:00")
    announce(world)
    assert count(world, owed) == 1
    changed(world, "E0001", {})
    announce(world)
    assert count(world, owed) == 0
    assert world.rows(select(Delivery.id).where(Delivery.dedupe_key.like("poster:%"))) != []


def test_a_poster_that_is_gone_is_made_again_while_the_event_is_not_over(world: World, tmp_path: Path) -> None:
    handed = Vault(tmp_path / "handed")
    event = called(world, at("2022-07-20", "09:00"))

    def tick() -> None:
        asyncio.run(announcements.tick(world.database, world.now, ZONE, render, Press(handed)))
        world.settle()

    def asked() -> dict[str, object]:
        world.say("coordinator", f"/afiche {event.key}")
        document = world.last("coordinator").document
        assert document
        return document

    tick()
    first = asked()
    assert first["sha256"] in handed
    world.now += timedelta(days=40)  # longer than files are kept
    aged = world.now.timestamp() - 40 * 86400
    os.utime(handed.path(first["sha256"]), (aged, aged))
    asyncio.run(sweep(world.database, handed, world.now, world.now))
    assert first["sha256"] in handed  # somebody may still ask for it
    shutil.rmtree(handed.root)  # it was not in the backup
    tick()
    again = asked()
    assert again["sha256"] in handed
    assert again["name"] == "afiche-E0001.pdf"
    world.now = at("2022-07-20", "12:00")
    aged = world.now.timestamp() - 40 * 86400
    os.utime(handed.path(again["sha256"]), (aged, aged))
    asyncio.run(sweep(world.database, handed, world.now, world.now))
    tick()
    assert again["sha256"] not in handed
