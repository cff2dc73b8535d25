"""Schedulers in processes of their own, killed and born again at random through a quarter: nothing more, nothing less.

Each life is a process that ticks at every moment it is told. What it is told goes to all at once; some are killed while
they are at it. At the end of each moment one that lives has finished it, as the next minute would have seen to.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from models import nudges as planned
from models.database import Database
from models.deliveries import Delivery
from models.obligations import Obligation
from plans.calendar import Calendar
from scheduler import nudges, summaries
from tests.scheduler.clock import ZONE, at, render
from tests.support.world import World, open_world, person

FIRST, LAST = date(2022, 4, 1), date(2022, 6, 30)
CLOCKS = ("08:05", "08:15", "17:05")
OFFICES = ("agricultura", "comunitario", "cultura", "educacion", "genero", "gobierno", "hacienda", "planeacion")
SEED = 2022
# Seconds in which one process ticks once, roughly: a kill comes within them.
USUAL = 0.15
# At every so manieth moment a process is killed.
DOOMED = 0.3


@pytest.mark.parametrize(("kind", "many"), [("postgres", 4), ("sqlite", 2)])
def test_many_killed_at_random_are_as_good_as_one(kind: str, many: int, tmp_path: Path) -> None:
    told = []
    for name, lives in (("alone", 1), ("together", many)):
        (tmp_path / name).mkdir()
        world = open_world(kind, tmp_path / name)
        with world.database.begin() as connection:
            for office in OFFICES:
                person(connection, office, f"Responsable de {office}", "officer", office)
                person(connection, f"{office}-jefe", f"Jefe de {office}", "head", office)
        crew = Crew(world, lives, random.Random(SEED) if lives > 1 else None)
        for moment in moments():
            crew.tick(moment)
            live(world, moment)
        crew.stop()
        told.append(deliveries(world))
        assert lives == 1 or crew.kills > 30
        world.close()
    alone, together = told
    assert len(alone) > 60
    assert together == alone


class Crew:
    """Some processes with a scheduler each. `chance` decides who is killed, None kills nobody."""

    def __init__(self, world: World, many: int, chance: random.Random | None) -> None:
        self.url = world.database.url.render_as_string(hide_password=False)
        world.database.engine.dispose()  # a fork must not share its connections
        self.chance, self.kills = chance, 0
        self.lives = [self._born() for _life in range(many)]

    def tick(self, moment: datetime) -> None:
        """Everybody ticks at once; who is killed is born again. At least one finishes the moment."""
        for _process, pipe in self.lives:
            pipe.send(moment)
        if self.chance and self.chance.random() < DOOMED:
            for place in self.chance.sample(range(len(self.lives)), self.chance.randint(1, len(self.lives))):
                process, pipe = self.lives[place]
                wait([pipe], self.chance.uniform(0, USUAL))
                os.kill(process.pid or 0, signal.SIGKILL)
                process.join()
                self.kills += 1
                self.lives[place] = self._born()
                self.lives[place][1].send(moment)
        for _process, pipe in self.lives:
            assert pipe.poll(60), "a scheduler neither finished nor was killed"
            assert pipe.recv() == "done"

    def stop(self) -> None:
        """Let all of them end."""
        for process, _pipe in self.lives:
            process.kill()
            process.join()

    def _born(self) -> tuple[Any, Pipe]:
        context = multiprocessing.get_context("fork")
        near, far = context.Pipe()
        process = context.Process(target=_live, args=(far, self.url), daemon=True)
        process.start()
        return process, near


def _live(pipe: Pipe, url: str) -> None:
    """One life."""
    asyncio.run(_work(pipe, Database(url)))


async def _work(pipe: Pipe, database: Database) -> None:
    while True:
        moment = pipe.recv()
        for tick in (nudges.tick, summaries.tick):
            await tick(database, moment, ZONE, render)
        pipe.send("done")


def moments() -> list[datetime]:
    """When they tick: on every business day of the quarter, and once in the night."""
    calendar = Calendar()
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [
        at(day.isoformat(), clock)
        for day in days
        if calendar.is_business_day(day)
        for clock in (*CLOCKS, *(("23:00",) if day.day % 10 == 0 else ()))
    ]


def live(world: World, moment: datetime) -> None:
    """On some mornings something is reported before its message leaves; then people read what came."""
    local = moment.astimezone(ZONE)
    with world.database.begin() as connection:
        if local.hour == 8 and local.minute < 10 and local.day % 3 == 0:
            owed = select(Obligation.id).where(
                Obligation.reported < Obligation.target, Obligation.starts <= local.date()
            )
            first = connection.execute(owed.order_by(Obligation.due, Obligation.id).limit(1)).scalar_one()
            connection.execute(text("UPDATE obligations SET reported = target WHERE id = :id"), {"id": first})
            planned.moot(connection, [first])
        elif local.hour == 8:
            read = update(Delivery).where(Delivery.state == "queued")
            connection.execute(read.values(state="delivered"))


def deliveries(world: World) -> list[tuple[Any, ...]]:
    """What everybody was told by the clock: keys, people, days and what became of it."""
    rows = world.rows(select(Delivery.__table__).order_by(Delivery.dedupe_key))
    return [(row.dedupe_key, row.person_id, row.created_at.date(), row.kind, row.state, row.text) for row in rows]
