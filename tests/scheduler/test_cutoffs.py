"""Coordinators hear of the cut-offs of Internal Control, each step once, in working hours."""

from __future__ import annotations

import time
from datetime import date

import pytest
from sqlalchemy import select, update

from models.deliveries import Delivery
from models.plan import Plan
from tests.scheduler.clock import only, read, tick
from tests.support.world import World


@pytest.fixture
def world(world: World) -> World:
    only(world)
    with world.database.begin() as connection:
        document = connection.execute(select(Plan.document)).scalar_one()
        connection.execute(update(Plan).values(document={**document, "cutoffs": ["2022-04-30"]}))
    return world


def test_before_the_cut_and_before_the_follow_up(world: World) -> None:
    written = []
    for day in range(25, 31):
        written += [f"2022-04-{day}"] * len(tick(world, f"2022-04-{day}"))
        read(world)
    for day in range(1, 20):
        written += [f"2022-05-{day:02}"] * len(tick(world, f"2022-05-{day:02}"))
        read(world)
    assert written == ["2022-04-29", "2022-05-10", "2022-05-13"]
    texts = [message.text for message in world.heard("coordinator")]
    assert texts[0].startswith("El corte de Control Interno es el 30 de abril de 2022")
    assert texts[2] == "El corte de Control Interno fue el 30 de abril de 2022.\n\nSu informe vence hoy."


def test_an_outage_becomes_one_message_and_nothing_is_said_when_it_is_over(world: World) -> None:
    assert tick(world, "2022-05-12") == {"coordinator"}
    assert tick(world, "2022-05-12", "09:00") == set()
    read(world)
    assert tick(world, "2022-05-16") == set()


def test_what_did_not_leave_is_made_again_on_another_day(world: World) -> None:
    assert tick(world, "2022-05-10", "16:30") == {"coordinator"}
    assert tick(world, "2022-05-10", "17:00") == set()
    assert tick(world, "2022-05-11") == {"coordinator"}
    rows = world.rows(select(Delivery.dedupe_key, Delivery.state).order_by(Delivery.id))
    assert [row.state for row in rows] == ["skipped", "queued"]
    assert rows[0].dedupe_key.startswith(f"cutoff:narino-2022:{date(2022, 4, 30)}:-3:")


def test_a_clock_set_back_and_another_zone_repeat_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tick(world, "2022-05-10", "09:30") == {"coordinator"}
    read(world)
    assert [tick(world, "2022-05-10", clock) for clock in ("08:30", "09:30")] == [set(), set()]
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert [tick(world, "2022-05-13", clock) for clock in ("07:59", "17:01")] == [set(), set()]
    assert tick(world, "2022-05-13", "16:59") == {"coordinator"}
    monkeypatch.undo()
    time.tzset()
