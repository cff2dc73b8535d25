"""What is decided on the plan is carried out by the clock, whole and once, whatever dies in between."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from models import planning
from models.database import Database
from scheduler import readings
from tests.scheduler.clock import ZONE, render
from tests.support.world import World

NINE = text("SELECT code FROM obligations WHERE code LIKE 'A09%' AND withdrawn_at IS NULL ORDER BY code")
WAITING = text("SELECT count(*) FROM decisions WHERE applied_at IS NULL")
TOLD = text("SELECT person_id FROM deliveries WHERE dedupe_key LIKE 'reading:%' ORDER BY person_id")
HALVES = [("A09-2022-S1",), ("A09-2022-S2",)]
QUARTERS = [(f"A09-2022-T{number}",) for number in range(1, 5)]


def decide(world: World, choice: str) -> None:
    for said in ("/lectura 9", choice, "Acta 4.", "sí"):
        world.say("coordinator", said)


def tick(world: World, database: Database | None = None) -> set[tuple[str, str]]:
    return asyncio.run(readings.tick(database or world.database, world.now, ZONE, render))


def test_it_is_carried_out_once_and_who_decided_hears_of_it(world: World) -> None:
    decide(world, "1_por_trimestre")
    assert "Le aviso aquí" in world.last("coordinator").text
    assert world.rows(NINE) == HALVES
    assert {address for _channel, address in tick(world)} >= {"coordinator", "auditor"}
    assert world.rows(NINE) == QUARTERS
    assert "Los entregables ya están al día" in world.last("coordinator").text
    told = world.rows(TOLD)
    assert len(told) == len(set(told))
    assert tick(world) == set()
    assert world.rows(TOLD) == told
    assert world.rows(text("SELECT added, removed FROM decisions")) == [(4, 2)]


def test_a_process_that_dies_in_between_leaves_it_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(world, "1_por_trimestre")

    def die(*_args: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as dying:
        dying.setattr(readings.deliveries, "queue", die)
        with pytest.raises(OSError, match="gone"):
            tick(world)
    assert (world.rows(NINE), world.rows(WAITING), world.rows(TOLD)) == (HALVES, [(1,)], [])
    world.reload()
    tick(world)
    assert (world.rows(NINE), world.rows(WAITING)) == (QUARTERS, [(0,)])
    assert world.rows(TOLD)


def test_the_newest_holds_and_each_is_told(world: World) -> None:
    decide(world, "1_por_trimestre")
    world.say("coordinator", "/lectura 9")
    assert "(hoy)" in world.last("coordinator").text or "Hoy se cuenta así" in world.last("coordinator").text
    world.say("coordinator", "no")
    decide(world, "2_por_semestre")
    tick(world)
    assert world.rows(NINE) == HALVES
    assert world.rows(WAITING) == [(0,)]
    assert "Agrega 2 entregables" not in world.last("coordinator").text
    assert len(set(world.rows(TOLD))) * 2 == len(world.rows(TOLD))


def test_what_is_brought_in_line_meanwhile_leaves_it_waiting(world: World) -> None:
    """An event or an import may come first: each change keeps its own cause."""
    decide(world, "1_por_trimestre")
    with world.database.begin() as connection:
        planning.resync(connection, "narino-2022", world.now)
    assert world.rows(NINE) == HALVES
    tick(world)
    assert world.rows(NINE) == QUARTERS
    assert {cause for (cause,) in world.rows(text("SELECT cause FROM obligation_changes"))} == {"reading"}


def test_two_processes_at_once_carry_it_out_once(world: World) -> None:
    decide(world, "1_por_trimestre")
    other = Database(world.database.url.render_as_string(hide_password=False))

    async def both() -> None:
        await asyncio.gather(
            *(readings.tick(one, world.now, ZONE, render) for one in (world.database, other)), return_exceptions=False
        )

    asyncio.run(both())
    other.close()
    told = world.rows(TOLD)
    assert world.rows(NINE) == QUARTERS
    assert len(told) == len(set(told)) > 1
