"""Closing: what is frozen never changes, and frozen and adjusted together are always what is known now."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from models import adjustments, closes
from models.base import Conflict
from models.closes import Close, Closed
from models.figures import figures
from models.plan import Plan
from models.reports import Report
from tests.support.histories import end_of, live, visit
from tests.support.world import World, open_world, person

DAY = date(2022, 5, 24)
KEY = DAY.isoformat()


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
    yield one
    one.close()


def close(world: World, who: str = "coordinator") -> int:
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        return closes.close(visit(world, connection, who), plan_id, KEY, None, DAY, end_of(DAY))


def test_frozen_and_adjusted_is_what_is_known_now(world: World) -> None:
    chance = Random(7)
    live(world, chance, 80)
    close(world)
    frozen = world.rows(select(Closed).order_by(Closed.obligation_id))
    for _day in range(6):
        world.now += timedelta(days=1)
        live(world, chance, 15)
        with world.database.begin() as connection:
            plan_id = connection.execute(select(Plan.id)).scalar_one()
            (found,) = closes.standing(connection, plan_id, KEY)
            changed = adjustments.adjustments(connection, found)
            now = figures(connection, found.scope, DAY)
            assert now
            assert adjustments.total(found, changed) == now.total
            assert changed
    assert world.rows(select(Closed).order_by(Closed.obligation_id)) == frozen


@pytest.mark.parametrize("change", [update(Closed).values(reported=9), delete(Closed)])
def test_what_is_frozen_cannot_be_changed(world: World, change) -> None:
    close(world)
    with pytest.raises(DBAPIError, match="append-only"), world.database.begin() as connection:
        connection.execute(change)


def test_reports_after_the_day_come_after_the_close(world: World) -> None:
    world.now += timedelta(days=3)  # it is closed some days later
    world.say("officer", "/reportar A04-2022-05")
    for said in ("Publicamos una pieza.", "https://narino.gov.co/pieza", "listo"):
        world.say("officer", said)
    world.say("coordinator", f"/revisar {world.rows(select(Report.folio))[0][0]}")
    close(world)
    assert world.rows(select(func.sum(Closed.reported)))[0][0] == 0
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        (found,) = closes.standing(connection, plan_id, KEY)
        (change,) = adjustments.adjustments(connection, found)
    assert [cause.what for cause in change.causes] == ["report.filed"]


def test_two_coordinators_close_at_once(world: World) -> None:
    world.now += timedelta(days=100)
    for who in ("coordinator", "hugo"):
        world.say(who, "/corte 30 de abril")
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: world.say(who, "sí"), ("coordinator", "hugo")))
    assert world.rows(select(func.count()).select_from(Close)) == [(1,)]
    said = [world.last("coordinator").text, world.last("hugo").text]
    assert sum("queda cerrado" in one for one in said) == 1
    assert sum("se cerró el" in one for one in said) == 1


def test_reports_arrive_while_it_is_closed(world: World) -> None:
    """Each is either frozen or an adjustment that says why; none is lost or counted twice."""
    officers = [f"p{n}" for n in range(6)]
    with world.database.begin() as connection:
        for name in officers:
            person(connection, name, f"Persona {name}", "officer", "prensa")
    world.now += timedelta(days=7)  # the last day of May, so that what comes first is frozen
    for name, month in zip(officers, (5, 5, 2, 3, 4, 4), strict=True):
        for said in (f"/reportar A04-2022-{month:02}", "Una pieza.", "https://narino.gov.co/pieza"):
            world.say(name, said)
    world.say("coordinator", "/corte mayo")
    with ThreadPoolExecutor(7) as all_at_once:
        done = [all_at_once.submit(world.say, name, "listo") for name in officers]
        done.append(all_at_once.submit(world.say, "coordinator", "sí"))
        for one in done:
            one.result()
    assert world.rows(select(func.count()).select_from(Report)) == [(6,)]
    with world.database.begin() as connection:
        plan_id = connection.execute(select(Plan.id)).scalar_one()
        (found,) = closes.standing(connection, plan_id, "2022-05")
        changed = adjustments.adjustments(connection, found)
        now = figures(connection, found.scope, found.day)
        assert now
        assert adjustments.total(found, changed) == now.total
        frozen = sum(row.reported for row in closes.rows_of(connection, found.id))
    late = [cause for change in changed for cause in change.causes]
    assert frozen + len(late) == 2  # of May there are two
    assert all(change.causes for change in changed)


def test_nobody_closes_what_is_closed(world: World) -> None:
    close(world)
    with pytest.raises(Conflict):
        close(world, "hugo")


def test_only_two_people_reopen(world: World) -> None:
    number = close(world)
    with world.database.begin() as connection:
        closes.ask_to_reopen(visit(world, connection, "coordinator"), number, "Faltó algo.")
    with pytest.raises(Conflict), world.database.begin() as connection:
        closes.reopen(visit(world, connection, "coordinator"), number)
    with pytest.raises(PermissionError), world.database.begin() as connection:
        closes.reopen(visit(world, connection, "auditor"), number)
    with world.database.begin() as connection:
        closes.reopen(visit(world, connection, "hugo"), number)
    assert close(world, "hugo") != number
