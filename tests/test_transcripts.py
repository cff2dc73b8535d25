"""Every transcript, on both databases: as written, with a restart before every message, every message twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.transcripts import play
from tests.support.world import open_world

SCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
WAYS = {"as written": {}, "restarted": {"reload": True}, "twice": {"twice": True}}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_transcript(script: Path, way: str, kind: str, tmp_path: Path) -> None:
    world = open_world(kind, tmp_path)
    try:
        play(world, script, **WAYS[way])
    finally:
        world.close()
