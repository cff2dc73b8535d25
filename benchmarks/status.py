"""/estado: the figures as text, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Size, seconds
from documents.pictures import draw
from tests.support.world import RULES, open_world


def status(size: Size, folder: Path) -> Iterator[Figure]:
    """The whole plan, asked by a citizen; the first time is the first in this process."""
    world = open_world("sqlite", folder)
    times = [1000 * seconds(lambda: world.say("citizen", "/estado")) for _ in range(1 + size.conversations)]
    picture = world.last("citizen").picture
    world.close()
    assert picture

    def drawn() -> bytes:
        return draw(picture["drawing"], picture["figures"], RULES.languages["es"])

    yield Figure("/estado, the first time", times[0], "ms")
    yield Figure("/estado", median(times[1:]), "ms")
    yield Figure("its picture, the first time", 1000 * seconds(drawn), "ms")
    yield Figure("its picture", median(1000 * seconds(drawn) for _ in range(2 + size.rounds)), "ms")
