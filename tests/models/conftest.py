"""A world on each database, and what there is to see of it in public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.vault import Vault
from tests.support.published import Published, publish
from tests.support.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The plan, and the people who work with it."""
    world = open_world(request.param, tmp_path)
    yield world
    world.close()


@pytest.fixture
def published(world: World, tmp_path: Path) -> Published:
    """Reports with evidence of all kinds, some of it not for the public."""
    vault = Vault(tmp_path / "evidence")
    vault.prepare()
    with world.database.begin() as connection:
        return publish(connection, vault, most=30)
