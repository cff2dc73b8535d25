"""Coordinators hear of the cut-offs of Internal Control, each step once, in working hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.deliveries import Delivery
from models.plan import Plan
from tests.scheduler.clock import only, read, tick
from tests.support.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    only(one)
    with one.database.begin() as connection:
        document = connection.execute(select(Plan.document)).scalar_one()
        connection.execute(update(Plan).values(document={**document, "cutoffs": ["2022-04-30"]}))
    yield one
    one.close()


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
