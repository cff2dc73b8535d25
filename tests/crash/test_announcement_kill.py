"""A process that announces something is killed meanwhile: the next tick tells the others, and nobody twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from models.deliveries import Delivery
from models.digests import Announcement, DigestLine
from models.people import Contact
from tests.scheduler.clock import announce, at
from tests.support.gatherings import CHANNELS, called, subscribed
from tests.support.tree import ROOT
from tests.support.world import World, open_world

SINCE, NOW = at("2022-02-01"), at("2022-05-24", "09:00")
PEOPLE, EVERY, PATIENCE = 600, 5, 60.0
CHILD = """
import sys
from datetime import datetime
from models.database import Database
from scheduler import announcements
from tests.scheduler.clock import announce
announcements.PAGE = 2
announce(Database(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
"""
QUEUED = select(func.count()).where(Delivery.priority == 2)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    one.now = NOW
    yield one
    one.close()


def test_each_once_after_a_kill_and_none_after_baja(world: World) -> None:
    wanted = {0: ("municipality", "52227", "now"), 1: ("all", "", "daily"), 2: ("topic", "agua", "now")}
    with world.database.begin() as connection:
        everybody = [
            subscribed(connection, SINCE, [wanted.get(number % EVERY, ("topic", "salud", "now"))], CHANNELS[number % 3])
            for number in range(PEOPLE)
        ]
    now = {person for number, person in enumerate(everybody) if number % EVERY in (0, 2)}
    daily = {person for number, person in enumerate(everybody) if number % EVERY == 1}
    called(world, at("2022-06-09", "09:00"))
    url = world.database.url.render_as_string(hide_password=False)
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, NOW.isoformat()], cwd=ROOT)
    limit = time.monotonic() + PATIENCE
    while (before := world.rows(QUEUED)[0][0]) < 20:
        assert time.monotonic() < limit
        assert child.poll() is None
        time.sleep(0.005)
    child.kill()
    child.wait()
    assert world.rows(select(Announcement.finished_at)) == [(None,)]
    silent = everybody[-EVERY]  # who has not been told yet says it meanwhile
    with world.database.begin() as connection:
        connection.execute(update(Contact).where(Contact.person_id == silent).values(muted_at=NOW))
    announce(world)
    announce(world)
    assert 20 <= before < len(now)
    rows = world.rows(select(Delivery.person_id, Delivery.dedupe_key).where(Delivery.priority == 2))
    assert sorted(row.person_id for row in rows if row.dedupe_key.startswith("event:")) == sorted(now - {silent})
    assert sorted(row.person_id for row in rows if row.dedupe_key.startswith("daily:")) == sorted(daily)
    assert world.rows(select(func.count()).where(DigestLine.delivery_id.is_(None))) == [(0,)]
