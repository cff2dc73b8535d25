"""The clock of a demonstration runs, but on another day; the real one is the real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from bot import clock
from models.database import Database
from models.schema import metadata

REAL = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SHOWN = datetime(2022, 5, 16, 9, 30, tzinfo=UTC)


def test_a_clock_that_was_set_stays_so(database_url: str) -> None:
    database = Database(database_url)
    metadata.create_all(database.engine)
    with time_machine.travel(REAL, tick=False), database.begin() as connection:
        assert clock.kept(connection).now() == REAL
        assert clock.set_to(connection, SHOWN).now() == SHOWN
    with time_machine.travel(REAL + timedelta(hours=5), tick=False), database.begin() as connection:
        assert clock.kept(connection).now() == SHOWN + timedelta(hours=5)
    database.close()
