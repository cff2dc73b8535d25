"""Kill −9 the real server at random points of reports over Telegram: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
from pathlib import Path

from sqlalchemy import text, update

from bot import clock
from models.database import Database
from models.people import Contact
from tests.emulators.bot_api.people import Person
from tests.emulators.telegram import TelegramEmulator
from tests.models.inspection_samples import encoded, picture
from tests.support.tree import ROOT
from tests.support.world import START, open_world

TOKEN = "123456:TEST"
OFFICER = 1001
KILLS = 12
# Seconds within which an answer comes even after a start; after that it is taken as one that may have been lost.
PATIENCE = 12


class Server:
    """`chasqui serve` as a process, to be killed and started again."""

    def __init__(self, folder: Path, telegram: TelegramEmulator) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "CHASQUI_DATABASE_URL": f"sqlite:///{folder / 'chasqui.db'}",
            "CHASQUI_EVIDENCE_DIR": str(folder / "evidence"), "CHASQUI_PORT": str(self.port),
            "CHASQUI_PUBLIC_URL": f"http://127.0.0.1:{self.port}", "CHASQUI_TELEGRAM_TOKEN": TOKEN,
            "CHASQUI_TELEGRAM_API": telegram.url, "CHASQUI_TELEGRAM_RATE": "0",
        }  # fmt: skip
        self.kills = 0

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=self.environment, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(30):
            while True:
                try:
                    _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
                except OSError:
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()
        self.kills += 1
        await self.start()


async def test_killed_at_random_points_over_telegram(tmp_path: Path) -> None:
    world = open_world("sqlite", tmp_path)
    with world.database.begin() as connection:
        here = update(Contact).where(Contact.address == "officer")
        connection.execute(here.values(channel="telegram", address=str(OFFICER)))
        clock.set_to(connection, START)
    world.close()
    chance, filed = random.Random(2022), 0
    async with TelegramEmulator(TOKEN) as telegram:
        ana, server = telegram.person(OFFICER, "Ana"), Server(tmp_path, telegram)
        await server.start()
        while server.kills < KILLS:
            await _report(ana, server, chance, filed)
            filed += 1
        server.process.terminate()
        assert await server.process.wait() == 0
        assert telegram.invalid == []
        heard = len(ana.messages)
    database = Database(f"sqlite:///{tmp_path / 'chasqui.db'}")
    with database.begin() as connection:
        told = dict(
            connection.execute(
                text("SELECT state, count(*) FROM deliveries WHERE channel = 'telegram' GROUP BY state")
            ).all()
        )
        reports, counted, kept = (
            connection.execute(text(query)).scalar_one()
            for query in (
                "SELECT count(*) FROM reports", "SELECT sum(reported) FROM obligations",
                "SELECT count(*) FROM evidence",
            )
        )  # fmt: skip
    database.close()
    assert reports == counted == kept == filed
    assert set(told) <= {"sent", "unknown"}
    assert told["sent"] <= heard <= told["sent"] + told.get("unknown", 0)


async def _report(ana: Person, server: Server, chance: random.Random, number: int) -> None:
    """One report, whatever is killed on the way."""
    await _say(ana, server, chance, "/reportar")
    while "(folio)" not in (answer := ana.messages[-1].text):
        if "medias" in answer:
            await _say(ana, server, chance, "empezar otro")
        elif "¿Qué actividad" in answer:
            await _say(ana, server, chance, tap=ana.messages[-1].buttons[0].label)
        elif "¿Cuántas" in answer or "parecen" in answer or "¿Qué parte" in answer:
            await _say(ana, server, chance, "1")
        elif "Cuente en" in answer:
            await _say(ana, server, chance, f"Hicimos la tarea {number}.")
        elif "¿Qué día" in answer:
            await _say(ana, server, chance, "hoy")
        elif "Llevo" in answer:
            await _say(ana, server, chance, "listo")
        elif "Envíe los soportes" in answer:
            await _say(ana, server, chance, photo=encoded("jpeg", picture(64 + number)))
        elif "¿Aparecen" in answer:
            await _say(ana, server, chance, "no")
        elif "¿Lo envío" in answer:
            await _say(ana, server, chance, "sí")
        else:
            raise AssertionError(answer)


async def _say(
    ana: Person, server: Server, chance: random.Random, words: str = "", tap: str = "", photo: bytes = b""
) -> None:
    """Say something, perhaps kill the server, and wait for the answer."""
    before = len(ana.messages)
    if tap:
        await ana.taps(tap)
    elif photo:
        await ana.sends_photo(photo)
    else:
        await ana.says(words)
    if server.kills < KILLS and chance.random() < 0.5:
        await asyncio.sleep(chance.uniform(0, 0.06))
        await server.kill()
    if not await _answered(ana, before):
        # The one thing that may not be repeated: an answer that had begun to leave when the server died.
        await ana.says("otra vez")
        assert await _answered(ana, before)


async def _answered(ana: Person, before: int) -> bool:
    for _ in range(int(PATIENCE / 0.02)):
        if len(ana.messages) > before:
            return True
        await asyncio.sleep(0.02)
    return False
