"""A world where only two obligations are open, with a second coordinator and a second officer of the press office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.talking import FILM, MAY
from tests.scheduler.clock import only
from tests.support.world import World, open_world, person


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    only(one, MAY, FILM)
    with one.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
        person(connection, "rosa", "Rosa Pérez", "officer", "prensa")
    yield one
    one.close()
