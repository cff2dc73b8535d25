"""The world the clock ticks in, on both databases, and where evidence is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.vault import Vault
from tests.support.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence")
