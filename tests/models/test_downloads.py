"""Downloads: one process at a time is at each, and what became of one is kept once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from models import downloads
from models.downloads import Claimed, Download
from models.people import Person
from tests.support.world import START, World, open_world

LEASE = timedelta(seconds=30)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        queue(connection, 3)
    yield one
    one.close()


def queue(connection: Connection, count: int) -> None:
    person = connection.execute(select(Person.id).limit(1)).scalar_one()
    downloads.add(
        connection,
        [
            {
                "channel": "telegram", "address": "1001", "person_id": person, "unique": f"u{n}", "file_id": f"f{n}",
                "message": str(n), "kind": "photo", "name": "", "mime": "image/jpeg", "size": 3 << 30,
                "recompressed": True, "sent_at": START, "next_at": START,
            }
            for n in range(count)
        ],
    )  # fmt: skip


def claimed(world: World, most: int = 4, seconds: float = 0) -> list[Claimed]:
    now = START + timedelta(seconds=seconds)
    with world.database.begin() as connection:
        return downloads.claim(connection, "telegram", most, now, now + LEASE)


def test_each_is_queued_and_claimed_once(world: World) -> None:
    with world.database.begin() as connection:
        queue(connection, 3)
    assert [one.unique for one in claimed(world, 2)] == ["u0", "u1"]
    assert [one.unique for one in claimed(world)] == ["u2"]
    assert claimed(world) == []


def test_what_a_dead_process_was_at_is_anybodys_once_its_lease_is_over(world: World) -> None:
    first = claimed(world)
    with world.database.begin() as connection:
        downloads.renew(connection, [first[0].id], START + 2 * LEASE)
    again = claimed(world, seconds=31)
    assert [(one.unique, one.attempts) for one in again] == [("u1", 2), ("u2", 2)]


def test_who_was_overtaken_settles_nothing(world: World) -> None:
    slow, *_rest = claimed(world)
    fast, *_rest = claimed(world, seconds=31)
    with world.database.begin() as connection:
        downloads.put_off(connection, slow, START)
        assert not downloads.settle(connection, slow, "lost", "cut_off")
        assert downloads.settle(connection, fast, "kept", "")
        assert not downloads.settle(connection, fast, "kept", "")
        downloads.renew(connection, [fast.id], START)
    assert fast.id not in [one.id for one in claimed(world, seconds=62)]


def test_what_is_put_off_waits(world: World) -> None:
    (one,) = claimed(world, 1)
    with world.database.begin() as connection:
        downloads.put_off(connection, one, START + timedelta(hours=1))
    assert one.unique not in [other.unique for other in claimed(world, seconds=3599)]
    assert one.unique in [other.unique for other in claimed(world, seconds=3600)]


def test_only_what_came_to_its_end_is_forgotten(world: World) -> None:
    (one,) = claimed(world, 1)
    with world.database.begin() as connection:
        assert downloads.settle(connection, one, "kept", "")
        assert downloads.forget(connection, START) == 0
        assert downloads.forget(connection, START + timedelta(seconds=1)) == 1
        assert connection.execute(select(Download.unique).order_by(Download.id)).scalars().all() == ["u1", "u2"]
