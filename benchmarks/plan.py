"""From the plan's document to what is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Size, seconds
from models import migrations, planning
from models.database import Database
from plans.bundled import load
from tests.support.databases import sqlite_url
from tests.support.tree import ROOT
from tests.support.world import PLAN, START

DOCUMENT = ROOT / "tests" / "data" / "plan-narino-2022.txt"


def plan(size: Size, folder: Path) -> Iterator[Figure]:
    """Reading the document as published, reading the bundled plan, making a database and importing into it."""
    database = Database(sqlite_url(folder))
    bundled = load(PLAN)

    def imported() -> None:
        with database.begin() as connection:
            planning.import_plan(connection, bundled, START - timedelta(days=120))

    yield Figure("reading the document, 24 rows of text", _median(lambda: load(DOCUMENT), size), "ms")
    yield Figure("reading the bundled plan", _median(lambda: load(PLAN), size), "ms")
    yield Figure("making an empty database", 1000 * seconds(lambda: migrations.upgrade(database.engine)), "ms")
    yield Figure("importing the bundled plan", 1000 * seconds(imported), "ms")
    yield Figure("importing it again, without a change", _median(imported, size), "ms")
    database.close()


def _median(work: Callable[[], object], size: Size) -> float:
    return median(1000 * seconds(work) for _ in range(size.rounds))
