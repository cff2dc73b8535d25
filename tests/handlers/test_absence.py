"""Who is away, from when on and until when, and who stands in, beyond what the transcript tells."""

from __future__ import annotations

import pytest

from tests.handlers.talking import MAY, talk
from tests.scheduler.clock import only, read, tick
from tests.support.world import World


def test_a_leave_ahead_passes_the_duties_when_it_begins(world: World) -> None:
    only(world, MAY)
    talk(world, "officer", "/permiso del 30 de mayo al 1 de junio", "rosa")
    assert "estará de permiso del 30 de mayo de 2022 al 1 de junio de 2022" in world.last("rosa").text
    assert tick(world, "2022-05-26") == {"officer", "rosa"}
    read(world)
    assert tick(world, "2022-05-31") == {"rosa"}
    read(world)
    assert tick(world, "2022-06-02") == {"officer", "rosa"}


def test_leaves_that_meet_and_those_that_do_not(world: World) -> None:
    for days in ("del 1 al 15 de agosto", "hasta el viernes", "del 10 al 20 de agosto"):
        talk(world, "officer", f"/permiso {days}", "nadie")
    shown = talk(world, "officer", "/permiso")
    assert "del 10 de agosto de 2022 al 20 de agosto de 2022" in shown
    assert "1 de agosto" not in shown
    talk(world, "officer", "cancelar", "/volvi")
    assert "10 de agosto" in talk(world, "officer", "/permiso")
    talk(world, "officer", "cancelar el permiso")
    assert "Permisos anunciados" not in talk(world, "officer", "/permiso")


@pytest.mark.parametrize(
    "typed", ["del 40 al 50", "desde", "desde el 1 de enero de 9999", "del 5 al 10 de enero de 0001"]
)
def test_days_nobody_means(world: World, typed: str) -> None:
    assert "¿Hasta qué día" in talk(world, "officer", f"/permiso {typed}")


def test_who_is_away_is_not_offered_as_a_substitute(world: World) -> None:
    talk(world, "rosa", "/permiso el viernes", "nadie")
    assert "Hasta el 30 de mayo" in talk(world, "officer", "/permiso el lunes")
    read(world)
    assert "Jairo" in " ".join(b["label"] for b in _asked(world, "/suplente 2"))
    assert "Rosa" not in " ".join(b["label"] for b in _asked(world, "/suplente 2"))


def _asked(world: World, text: str) -> list[dict[str, str]]:
    world.say("coordinator", text)
    return world.last("coordinator").buttons
