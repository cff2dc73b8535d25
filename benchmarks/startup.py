"""`chasqui serve`: how soon it answers, how much memory it holds while nobody writes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Size, seconds
from benchmarks.server import chasqui, serving
from tests.support.world import PLAN


def startup(size: Size, folder: Path) -> Iterator[Figure]:
    """On SQLite with the plan of Nariño: what the project promises of a small machine."""

    def imports() -> None:
        assert chasqui(folder, "plan", "import", str(PLAN), "--yes").wait() == 0

    def starts() -> tuple[float, float]:
        began = time.perf_counter()
        with serving(folder) as server:
            server.open()
            server.say({"id": "1", "text": "hola"})
            assert server.answers() == 1
            taken = time.perf_counter() - began
            time.sleep(size.idle)
            return taken, server.memory()

    yield Figure("chasqui plan import, from the shell", seconds(imports), "s")
    rounds = [starts() for _round in range(size.rounds)]
    yield Figure("chasqui serve to the first answer", median(taken for taken, _held in rounds), "s", 3)
    yield Figure(f"memory after {size.idle:g} s without a message", median(held for _taken, held in rounds), "MB", 120)
