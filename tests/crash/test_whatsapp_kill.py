"""Kill −9 the real server at random points of reports over WhatsApp, on both databases.

No report, file or reply is lost, nothing is counted or said twice, and what left without an answer is known in the end:
Meta tells of it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text, update

from bot import clock
from models.people import Contact
from models.vault import Vault
from tests.crash.living import Life, Server, free_port
from tests.crash.officers import WhatsAppOfficer
from tests.crash.test_telegram_kill import DAY, LONGEST, PATIENCE, nothing_lost, until
from tests.emulators.whatsapp import SECRET, WhatsAppEmulator, faults
from tests.support.world import World, open_world, person

SEEDS = {"sqlite": 2024, "postgresql": 2025}
KILLS = 50
UNDER_WAY = "SELECT count(*) FROM deliveries WHERE channel = 'whatsapp' AND state IN ('queued', 'sending')"
# Every second of them is known by a user id, the others by their number.
OFFICERS = {
    ("573001110001", ""): "prensa", ("573001110002", "CO.2"): "prensa", ("573001110003", "CO.3"): "tic",
    ("573001110004", ""): "comunitario",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The plan in December, with the officers on WhatsApp."""
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        clock.set_to(connection, DAY)
        for (number, user_id), office in OFFICERS.items():
            person(connection, user_id or number, f"Ana {number}", "officer", office)
            here = update(Contact).where(Contact.address == (user_id or number))
            connection.execute(here.values(channel="whatsapp"))
    yield one
    one.close()


async def test_killed_at_random_points(world: World, tmp_path: Path) -> None:
    seed = SEEDS[world.database.url.get_backend_name()]
    chance = random.Random(seed)
    async with WhatsAppEmulator() as whatsapp:
        whatsapp.faults.plan(faults.slow(0.6), "download", probability=0.3)
        whatsapp.faults.plan(faults.cut_download(), "download", probability=0.3)
        whatsapp.faults.plan(faults.slow(0.15), "messages", probability=0.2)
        whatsapp.faults.plan(faults.lost_answer(), "messages", probability=0.05)
        whatsapp.faults.plan(faults.duplicated(), "message", probability=0.1)
        server = Server(_life(world, tmp_path, whatsapp))
        whatsapp.delivery.url = f"http://127.0.0.1:{server.life.port}/whatsapp"
        officers = [
            WhatsAppOfficer(whatsapp, number, user_id, random.Random(number)) for number, user_id in OFFICERS
        ]  # fmt: skip
        reporting = [asyncio.create_task(_keep_reporting(one, server)) for one in officers]
        cut = Counter[str]()
        while server.kills < KILLS:
            server.start()
            await asyncio.sleep(chance.uniform(0, LONGEST))
            server.kill()
            cut.update(turns=bool(whatsapp.delivery.pending), sends=await world.database.read(_sending) > 0)
            for failed in (task for task in reporting if task.done()):
                await failed
        server.start()
        await asyncio.gather(*reporting)
        whatsapp.faults.clear()
        await until(world, "SELECT count(*) FROM downloads WHERE state = 'queued'", 0)
        await until(
            world, "SELECT count(*) FROM deliveries WHERE channel = 'whatsapp' AND state IN ('queued', 'sending')", 0
        )
        await whatsapp.delivery.settled(PATIENCE)
        log = server.log.read_text()
        await server.stop()
        reports = sum(len(one.accounts) for one in officers)
        print(f"seed {seed}: {server.kills} kills cut off {dict(cut)}; {reports} reports")
        assert "Traceback" not in log
        assert cut["turns"]
        assert cut["sends"]
        with world.database.begin() as connection:
            nothing_lost(connection, officers, Vault(tmp_path / "evidence"))
            _nothing_twice(connection, whatsapp)


async def _keep_reporting(officer: WhatsAppOfficer, server: Server) -> None:
    while server.kills < KILLS:
        await officer.report()


def _life(world: World, folder: Path, whatsapp: WhatsAppEmulator) -> Life:
    number = {
        "whatsapp_token": whatsapp.token, "whatsapp_api": whatsapp.url, "whatsapp_phone": whatsapp.phone,
        "whatsapp_account": whatsapp.account, "whatsapp_secret": SECRET, "whatsapp_verify": whatsapp.verify,
    }  # fmt: skip
    url = world.database.url.render_as_string(hide_password=False)
    return Life(url, folder, "", "", free_port(), lease=0.5, number=tuple(number.items()))


def _sending(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM deliveries WHERE state = 'sending'")).scalar_one())


def _nothing_twice(connection: Connection, whatsapp: WhatsAppEmulator) -> None:
    """One turn a message, one answer a turn; each part of each delivery was accepted once, and we know of it."""
    heard = len(whatsapp.heard)
    assert connection.execute(text("SELECT count(*) FROM inbox")).scalar_one() == heard
    answers = connection.execute(text("SELECT count(*) FROM deliveries WHERE dedupe_key LIKE 'answer:%'")).scalar_one()
    assert answers == heard
    parts = Counter(one.opaque for one in whatsapp.sent.values())
    assert set(parts.values()) == {1}
    accepted = {int(part.partition(".")[0]) for part in parts}
    became = text("SELECT id, state FROM deliveries WHERE channel = 'whatsapp' AND kind <> 'menu'")
    states = {row.id: row.state for row in connection.execute(became)}
    assert accepted == {number for number, state in states.items() if state == "delivered"}
    # What began to leave and was never accepted is not repeated: nobody could know.
    assert set(states.values()) <= {"delivered", "unknown"}
