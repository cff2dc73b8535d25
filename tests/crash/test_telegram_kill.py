"""Kill −9 the real server at two hundred random points of reports over Telegram, on both databases.

No report, file or reply is lost, nothing is counted or said twice, and only what never began to leave is sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update

from bot import clock
from models.conversations import Conversation
from models.people import Contact
from models.vault import Vault
from tests.crash.living import Life, Server, free_port
from tests.crash.officers import FOLIO, Officer
from tests.crash.seen import in_albums, nothing_seen_twice
from tests.emulators.telegram import TelegramEmulator, faults
from tests.models.inspection_samples import encoded
from tests.support.world import World, open_world, person

TOKEN = "123456:TEST"
SEEDS = {"sqlite": 2022, "postgresql": 2023}
KILLS = 100
# Everything has fallen due by then, so that there is something to report.
DAY = datetime(2022, 12, 15, 14, 0, tzinfo=UTC)
OFFICERS = {1001: "prensa", 1002: "prensa", 1003: "tic", 1004: "comunitario"}
# Seconds: a life is shorter; and how long what was begun may take once nobody is killed any more.
LONGEST, PATIENCE = 0.8, 60
# The share of lives that ask for updates instead of having them posted; seconds for which a download is one's own.
POLLING, LEASE = 0.25, 30


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The plan in December, with the officers on Telegram."""
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        clock.set_to(connection, DAY)
        for chat, office in OFFICERS.items():
            person(connection, str(chat), f"Ana {chat}", "officer", office)
            connection.execute(update(Contact).where(Contact.address == str(chat)).values(channel="telegram"))
    yield one
    one.close()


async def test_killed_at_random_points(world: World, tmp_path: Path) -> None:
    seed = SEEDS[world.database.url.get_backend_name()]
    chance = random.Random(seed)
    async with TelegramEmulator(TOKEN) as telegram:
        telegram.faults.plan(faults.slow(0.6), "download", probability=0.3, seed=1)
        telegram.faults.plan(faults.cut_download(), "download", probability=0.3, seed=2)
        telegram.faults.plan(faults.slow(0.15), "sendMessage", probability=0.2, seed=3)
        server = Server(_life(world, tmp_path, telegram))
        officers = [Officer(telegram, chat, random.Random(chat)) for chat in OFFICERS]
        reporting = [asyncio.create_task(_keep_reporting(one, server)) for one in officers]
        cut = Counter[str]()
        while server.kills < KILLS:
            server.start(webhook=chance.random() >= POLLING)
            await asyncio.sleep(chance.uniform(0, LONGEST))
            server.kill()
            cut.update(await world.database.read(_cut))
            cut.update(turns=bool(telegram.updates.pending))
            for failed in (task for task in reporting if task.done()):
                await failed
        server.start()
        await asyncio.gather(*reporting)
        telegram.faults.clear()
        await _quiet(world, telegram)
        assert "Traceback" not in server.log.read_text()
        await server.stop()
        reports = sum(len(one.accounts) for one in officers)
        print(f"seed {seed}: {server.kills} kills cut off {dict(cut)}; {reports} reports")
        assert all(cut[what] for what in ("turns", "downloads", "sends"))
        with world.database.begin() as connection:
            nothing_lost(connection, officers, Vault(tmp_path / "evidence"))
            _nothing_twice(connection, telegram)


async def test_killed_in_the_middle_of_a_download(world: World, tmp_path: Path) -> None:
    """What the killed process was at is anybody's once its lease is over, and told once."""
    async with TelegramEmulator(TOKEN) as telegram:
        server, ana = Server(replace(_life(world, tmp_path, telegram), lease=LEASE)), telegram.person(1001)
        server.start()
        await ana.says("/reportar 4 mayo")
        await ana.hears("Cuente en una o dos frases", PATIENCE)
        await ana.says("Publicamos dos piezas.")
        await ana.hears("Envíe los soportes")
        slow = telegram.faults.plan(faults.slow(60), "download", times=2)
        await ana.sends_photo(encoded("jpeg"))
        await ana.hears("todavía recibo la primera")
        async with asyncio.timeout(PATIENCE):
            while slow.hits < 2:  # noqa: ASYNC110 – no event for it
                await asyncio.sleep(0.01)
        server.kill()
        telegram.files.expire_links()
        server.start()
        await ana.says("listo")
        await ana.hears("Todavía recibo la primera", PATIENCE)
        server.kill()
        with world.database.begin() as connection:
            assert connection.execute(text("SELECT attempts FROM downloads")).scalar_one() == 1
            clock.set_to(connection, DAY + timedelta(seconds=2 * LEASE))
        server.start()
        await ana.hears("^Llegó la primera: ya está.", PATIENCE)
        await _quiet(world, telegram)
        await server.stop()
        assert sum("Llegó la primera" in message.text for message in ana.messages) == 1
        with world.database.begin() as connection:
            assert connection.execute(text("SELECT state, attempts FROM downloads")).all() == [("kept", 2)]


def _life(world: World, folder: Path, telegram: TelegramEmulator) -> Life:
    url = world.database.url.render_as_string(hide_password=False)
    return Life(url, folder, TOKEN, telegram.url, free_port(), lease=0.5)


async def _keep_reporting(officer: Officer, server: Server) -> None:
    while server.kills < KILLS:
        await officer.report()


def _cut(connection: Connection) -> dict[str, bool]:
    """What the process was at that was just killed."""
    return {
        "sends": _one(connection, "SELECT count(*) FROM deliveries WHERE state = 'sending'") > 0,
        "downloads": _one(connection, "SELECT count(*) FROM downloads WHERE state = 'queued' AND attempts > 0") > 0,
    }


async def _quiet(world: World, telegram: TelegramEmulator) -> None:
    """Wait until everything is taken, fetched and sent."""
    for left in (
        "SELECT count(*) FROM downloads WHERE state = 'queued'",
        "SELECT count(*) FROM deliveries WHERE channel = 'telegram' AND state IN ('queued', 'sending')",
    ):
        await until(world, left, 0)
    assert not telegram.updates.pending


async def until(world: World, query: str, value: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await world.database.read(partial(_one, query=query)) != value:  # noqa: ASYNC110 – no event for it
            await asyncio.sleep(0.05)


def nothing_lost(connection: Connection, officers: list[Officer], vault: Vault) -> None:
    """Every report is there once, with every file sent with it, and every reply was sent or may have been."""
    reports = connection.execute(text("SELECT id, account, folio, quantity FROM reports")).all()
    assert sorted(report.account for report in reports) == sorted(a for one in officers for a in one.accounts)
    assert len({report.folio for report in reports}) == len(reports)
    counted = connection.execute(text("SELECT sum(reported), sum(filed) FROM obligations")).one()
    assert tuple(counted) == (sum(report.quantity for report in reports), len(reports))
    assert _one(connection, "SELECT count(*) FROM audit WHERE action = 'report.filed'") == len(reports)
    refs = connection.execute(text("SELECT ref FROM evidence")).scalars().all()
    assert all(hashlib.sha256(vault.path(ref).read_bytes()).hexdigest() == ref for ref in refs)
    # What came too late for one report waits in the next.
    drafts = connection.execute(select(Conversation.draft, Conversation.stash)).all()
    waiting = [file["ref"] for draft, stash in drafts for file in (*(draft or ()), *stash)]
    assert sorted([*refs, *waiting]) == sorted(sha256 for one in officers for sha256 in one.sent)
    told = connection.execute(text("SELECT text FROM deliveries WHERE kind = 'answer'"))
    assert sorted(FOLIO.findall("\n".join(told.scalars()))) == sorted(report.folio for report in reports)


def _nothing_twice(connection: Connection, telegram: TelegramEmulator) -> None:
    """One turn a message, one answer a turn; what was sent was seen once, what is unknown at most once."""
    albums = in_albums(telegram)
    assert _one(connection, "SELECT count(*) FROM inbox") == telegram.updates.count
    answers = _one(connection, "SELECT count(*) FROM deliveries WHERE dedupe_key LIKE 'answer:%'")
    assert answers == telegram.updates.count - len(albums) + len(set(albums))
    nothing_seen_twice(connection, telegram)


def _one(connection: Connection, query: str) -> Any:
    return connection.execute(text(query)).scalar_one()
