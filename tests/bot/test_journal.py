"""What a killed process was sending finds its way back, also what its database committed only afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot import journal
from bot.journal import Journal, left_behind, recover, recover_late
from models import outbox
from models.database import Database
from models.deliveries import Delivery
from models.people import Person
from models.schema import metadata

NOW = datetime(2022, 5, 24, 14, tzinfo=UTC)
ROW = {"person_id": 1, "channel": "telegram", "address": "c", "kind": "answer", "text": "Hola", "buttons": [],
       "wants": "", "created_at": NOW}  # fmt: skip


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = Database(database_url)
    metadata.create_all(one.engine)
    with one.begin() as connection:
        connection.execute(insert(Person).values(id=1, created_at=NOW))
        connection.execute(insert(Delivery), [{**ROW, "id": n, "dedupe_key": str(n)} for n in (1, 2, 3)])
    yield one
    one.close()


def claim(database: Database, name: str, *ids: int) -> None:
    with database.begin() as connection:
        claimed = update(Delivery).where(Delivery.id.in_(ids))
        connection.execute(claimed.values(state="sending", claimed_by=name))


def states(database: Database) -> list[str]:
    with database.begin() as connection:
        return list(connection.execute(select(Delivery.state).order_by(Delivery.id)).scalars())


def killed(folder: Path, *done: str) -> str:
    """The name of a process that was killed when it had done this with its journal, called `one`."""
    name = journal.new_name()
    code = "\n".join((
        "import os, pathlib",
        "from bot.journal import Journal",
        f"one = Journal(pathlib.Path({str(folder)!r}), {name!r})",
        *done,
        "os.kill(os.getpid(), 9)",
    ))  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    return name


async def test_what_was_claimed_late_is_queued_again_and_nothing_twice(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = killed(tmp_path, "one.begin(1)")
    claim(database, name, 1, 2)
    (dead,) = left_behind(tmp_path)
    await recover(database, [dead])
    assert states(database) == ["unknown", "queued", "queued"]
    claim(database, name, 3)  # the commit that was on its way when the process was killed
    monkeypatch.setattr(journal, "LATE", 0)
    await recover_late(database, [dead])
    assert states(database) == ["unknown", "queued", "queued"]
    assert list(left_behind(tmp_path)) == []


async def test_a_restart_before_that_settles_it_as_well(database: Database, tmp_path: Path) -> None:
    name = killed(tmp_path, "one.begin(1)")
    claim(database, name, 1)
    await recover(database, list(left_behind(tmp_path)))
    claim(database, name, 2)
    await recover(database, list(left_behind(tmp_path)))
    assert states(database) == ["unknown", "queued", "queued"]


async def test_of_a_message_in_parts_the_rest_is_queued(database: Database, tmp_path: Path) -> None:
    """Only where the next part had not begun to leave: what may have arrived is not repeated."""
    name = killed(
        tmp_path,
        "for number in (1, 2, 3): one.begin(number); one.pause(number, 2)",
        "one.begin(2)",
        "one.end(3)",
    )
    claim(database, name, 1, 2, 3)
    await recover(database, list(left_behind(tmp_path)))
    assert states(database) == ["queued", "unknown", "queued"]
    with database.begin() as connection:
        parts = connection.execute(select(Delivery.parts).order_by(Delivery.id)).scalars().all()
        assert parts == [2, 0, 0]
        claimed = outbox.claim(connection, "telegram", "somebody", 8, NOW)
        assert [(parcel.id, parcel.parts) for parcel in claimed] == [(1, 2), (3, 0)]


def test_who_lives_is_left_alone(tmp_path: Path) -> None:
    """Another process, or another sender of the same one."""
    living = Journal(tmp_path, journal.new_name())
    assert list(left_behind(tmp_path)) == []
    living.close()
    assert list(tmp_path.iterdir()) == []
