"""Several schedulers at once, killed anywhere, tell exactly what one undisturbed scheduler tells."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, text

from models import ladders, plan
from models import nudges as kept
from models.database import Database
from models.deliveries import Delivery
from models.obligations import Obligation
from scheduler import hours, nudges
from tests.scheduler.clock import ZONE, at, only, read, render, tick, told
from tests.support.world import World, open_world

T = TypeVar("T")


class Killed(Exception):
    """The process was killed."""


class Fragile:
    """A database whose process dies at the transaction of this number, just before or just after its commit."""

    def __init__(self, database: Database, last: int, after: bool) -> None:
        self.database, self.left, self.after = database, last, after

    async def read(self, work: Callable[[Any], T]) -> T:
        return await self.database.read(work)

    async def write(self, work: Callable[[Any], T]) -> T:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Killed
        value = await self.database.write(work)
        if self.left < 0:
            raise Killed
        return value


def together(world: World, many: int, day: str, clock: str = "08:05") -> list[Any]:
    """Ticks at the same moment, each from a process of its own as far as the database can tell."""
    url = world.database.url.render_as_string(hide_password=False)
    results: list[Any] = []
    ready = threading.Barrier(many)

    def run() -> None:
        database = Database(url)
        ready.wait()
        try:
            results.append(asyncio.run(nudges.tick(database, at(day, clock), ZONE, render)))
        except Exception as error:  # noqa: BLE001 – shown by the test
            results.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def sent(world: World) -> Counter[tuple[str, str]]:
    """How often each text went to each address."""
    rows = world.rows(select(Delivery.address, Delivery.text).where(Delivery.state != "skipped"))
    return Counter((row.address, row.text) for row in rows)


def test_four_schedulers_are_as_good_as_one(world: World) -> None:
    many = 2 if world.database.sqlite else 4
    for day in ("2022-04-18", "2022-05-16", "2022-05-31"):
        results = together(world, many, day)
        assert not [error for error in results if isinstance(error, Exception)]
        read(world)
    told_by_many, said = sorted(told(world)), sent(world)
    assert max(said.values()) == 1
    # What one scheduler does, on a fresh world.
    with world.database.begin() as connection:
        connection.execute(text("DELETE FROM nudges"))
        connection.execute(text("DELETE FROM deliveries"))
    for day in ("2022-04-18", "2022-05-16", "2022-05-31"):
        tick(world, day)
        read(world)
    assert told_by_many == sorted(told(world))
    assert said == sent(world)


def test_killed_anywhere_and_started_again(world: World) -> None:
    days = ["2022-05-16", "2022-05-25", "2022-05-31"]
    for day in days:
        tick(world, day)
        read(world)
    undisturbed, said = sorted(told(world)), sent(world)
    with world.database.begin() as connection:
        connection.execute(text("DELETE FROM nudges"))
        connection.execute(text("DELETE FROM deliveries"))
    chance = random.Random(7)
    for day in days:
        for minute in range(6):
            fragile = Fragile(world.database, chance.randrange(5), after=chance.random() < 0.5)
            try:
                asyncio.run(nudges.tick(fragile, at(day, f"08:{minute:02}"), ZONE, render))
            except Killed:
                continue
        tick(world, day, "08:30")
        read(world)
    assert sorted(told(world)) == undisturbed
    assert sent(world) == said


def test_killed_between_planning_and_telling(world: World) -> None:
    only(world, "A04-2022-05")
    moment = hours.moment(at("2022-05-31"), ZONE)
    with world.database.begin() as connection:
        timetable = plan.timetables(connection)[0]
        far = ladders.reached(timetable.plan_id, timetable.steps, timetable.calendar, moment.today)
        (page,) = ladders.pages(connection, far)
        assert ladders.derive(connection, far, page, moment.now)
    assert [row[3] for row in told(world)] == ["planned"]
    assert tick(world, "2022-05-31", "08:06") == {"officer"}
    assert [row[3] for row in told(world)] == ["told"]


def test_pages_leave_nothing_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(world, "2022-12-15")
    whole = sorted(told(world))
    with world.database.begin() as connection:
        connection.execute(text("DELETE FROM nudges"))
        connection.execute(text("DELETE FROM deliveries"))
    monkeypatch.setattr("models.ladders.PAGE", 7)
    tick(world, "2022-12-15")
    assert sorted(told(world)) == whole
    assert len(whole) > 50


def test_a_report_while_the_message_is_being_written(tmp_path: Path) -> None:
    """On PostgreSQL a report waits for the message that tells of it, and then takes it back."""
    world = open_world("postgres", tmp_path)
    only(world, "A04-2022-05")
    url = world.database.url.render_as_string(hide_password=False)
    other = Database(url)
    reporting: list[threading.Thread] = []

    def report() -> None:
        with other.begin() as connection:
            obligation = connection.execute(select(Obligation.id).where(Obligation.code == "A04-2022-05")).scalar_one()
            connection.execute(text("UPDATE obligations SET reported = target WHERE code = 'A04-2022-05'"))
            kept.moot(connection, [obligation])

    def render_slowly(reply: Any, language: str) -> dict[str, object]:
        reporting.append(threading.Thread(target=report))
        reporting[0].start()
        reporting[0].join(0.3)
        return render(reply, language)

    asyncio.run(nudges.tick(world.database, at("2022-05-31"), ZONE, render_slowly))
    reporting[0].join()
    other.close()
    assert world.heard("officer") == []
    assert tick(world, "2022-05-31", "08:06") == set()
    assert [row[3:] for row in told(world)] == [("skipped", "ya reportado")]
    world.close()


def test_a_quarter_of_ticks_tells_each_step_once(tmp_path: Path) -> None:
    world = open_world("sqlite", tmp_path)
    day = date(2022, 10, 1)
    while day < date(2022, 11, 5):
        tick(world, day.isoformat())
        read(world)
        day += timedelta(days=1)
    steps = Counter(row[:3] for row in told(world))
    assert max(steps.values()) == 1
    written = Counter((row.address, row.created_at.date()) for row in world.rows(
        select(Delivery.address, Delivery.created_at).where(Delivery.kind == "nudge")
    ))  # fmt: skip
    assert max(written.values()) == 1
    world.close()
