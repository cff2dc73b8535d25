"""One function is one transaction: whole or not at all, run again on a conflict, and never at another's cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select

from models import audit
from models.audit import Entry
from models.base import Base, Conflict
from models.database import TRIES, Database

NOW = datetime(2022, 5, 24, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = Database(database_url)
    Base.metadata.create_all(one.engine)
    yield one
    await asyncio.to_thread(one.close)


def note(connection: Connection, subject: str = "x") -> str:
    audit.record(connection, NOW, None, "test", subject)
    return subject


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(Entry)).scalar_one()


async def test_what_returned_is_committed(database: Database) -> None:
    assert await database.write(note) == "x"
    assert await database.read(count) == 1


async def test_a_failure_takes_only_itself_along(database: Database) -> None:
    def fail(connection: Connection) -> None:
        note(connection, "lost")
        raise KeyError("broken")

    jobs = [database.write(fail if n % 3 == 0 else note) for n in range(60)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(outcome, KeyError) for outcome in outcomes) == 20
    assert await database.read(count) == 40


async def test_a_conflict_is_run_again_and_given_up_in_the_end(database: Database) -> None:
    tries = []

    def lose(connection: Connection) -> str:
        note(connection)
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("somebody was faster")
        return "won"

    assert await database.write(lose) == "won"
    assert await database.read(count) == 1

    def always(connection: Connection) -> None:
        tries.append(1)
        raise Conflict("again")

    tries.clear()
    with pytest.raises(Conflict):
        await database.write(always)
    assert len(tries) == TRIES


async def test_a_unique_key_taken_is_a_conflict(database: Database) -> None:
    def twice(connection: Connection) -> None:
        connection.execute(Entry.__table__.insert(), {"id": 7, "at": NOW, "action": "a", "subject": "s", "detail": {}})

    await database.write(twice)
    with pytest.raises(Conflict):
        await database.write(twice)


async def test_what_a_read_writes_is_thrown_away(database: Database) -> None:
    await database.read(note)
    assert await database.read(count) == 0


async def test_who_gave_up_waiting_stops_nobody(database: Database) -> None:
    waiting = asyncio.ensure_future(database.write(note))
    await asyncio.sleep(0)
    waiting.cancel()
    await database.write(note)
    assert 1 <= await database.read(count) <= 2
