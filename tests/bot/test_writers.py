"""Sixteen people write at once, each from a process of their own: nothing is lost and nothing counts twice."""

from __future__ import annotations

import multiprocessing
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.database import Database
from models.deliveries import Delivery
from models.obligations import Obligation
from models.reports import Report
from tests.support.world import START, World, open_world, person, photo

WRITERS = 16


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_sixteen_writers_of_different_things(kind: str, tmp_path: Path) -> None:
    world = open_world(kind, tmp_path)
    wanted = select(Obligation.code).where(Obligation.code.startswith("A06-2022-")).order_by(Obligation.code)
    answers = _all_at_once(world, [row.code for row in world.rows(wanted)[:WRITERS]])
    assert all("Recibido" in answer for answer in answers)
    assert _counts(world) == (WRITERS, WRITERS, WRITERS)
    assert len({re.search(r"A06-2022-\S+-\d{4}", answer)[0] for answer in answers}) == WRITERS
    world.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_sixteen_writers_after_the_same_thing(kind: str, tmp_path: Path) -> None:
    world = open_world(kind, tmp_path)
    answers = _all_at_once(world, ["A01-2022-T1"] * WRITERS)
    assert sorted("Recibido" in answer for answer in answers) == [False] * (WRITERS - 1) + [True]
    assert all("Recibido" in answer or "ya quedó completa" in answer for answer in answers)
    assert _counts(world) == (1, 1, 1)
    world.close()


def _all_at_once(world: World, codes: list[str]) -> list[str]:
    """The last answer to each of the writers, one for each code."""
    with world.database.begin() as connection:
        for number in range(WRITERS):
            person(connection, f"writer{number}", f"Escritora {number}", "officer", "prensa")
        ids = dict(connection.execute(select(Obligation.code, Obligation.id)).all())
    url = world.database.url.render_as_string(hide_password=False)
    # Processes forked from one that has only imported: no connection, no thread is inherited.
    context = multiprocessing.get_context("forkserver")
    # One server of forks serves all tests, and the crash tests need it warm.
    context.set_forkserver_preload(["tests.support.world", "tests.crash.warm"])
    with context.Pool(WRITERS) as pool:
        return pool.starmap(_write, [(url, number, ids[code]) for number, code in enumerate(codes)])


def _counts(world: World) -> tuple[int, int, int]:
    """Reports, what the obligations count, and how often the coordinator was told."""
    told = select(func.count()).select_from(Delivery).where(Delivery.address == "coordinator")
    return (
        world.rows(select(func.count()).select_from(Report))[0][0],
        world.rows(select(func.sum(Obligation.reported)))[0][0],
        world.rows(told)[0][0],
    )


def _write(url: str, number: int, obligation: int) -> str:
    """One officer's whole report; it ends early where somebody else has completed the duty."""
    world = World(Database(url), now=START + timedelta(milliseconds=number))
    me = f"writer{number}"
    world.say(me, "/reportar")
    while True:
        answer = world.last(me)
        if "Recibido" in answer.text or "ya quedó completa" in answer.text:
            world.database.close()
            return answer.text
        if "¿Qué actividad" in answer.text:
            world.say(me, tap=f"report|duty|1|{obligation}")
        elif "Cuente" in answer.text:
            world.say(me, "Publicamos la gestión del trimestre.")
        elif "Envíe" in answer.text:
            world.say(me, files=(photo(f"{number}.jpg"),))
        elif "¿Aparecen menores" in answer.text:
            world.say(me, "no")
        else:
            world.say(me, "sí")
