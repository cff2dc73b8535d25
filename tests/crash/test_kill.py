"""Kill −9 at a hundred random points of reports: nothing is lost, nothing is doubled.

A life is a forked process that takes messages until it is killed. The officer's phone (this test) sends a message again
until it is acknowledged, as the page does; what the phone sees at the end must be one answer for each message.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.turn import turn
from conversation.messages import Attachment, Inbound
from models.database import Database
from models.deliveries import Delivery
from models.evidence import Evidence
from models.obligations import Obligation
from models.reports import Report
from models.vault import Vault
from tests.support.world import RULES, START, World, open_world

KILLS = 100
SEED = 2022
LIMIT = 1_000_000


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_at_random_points(kind: str, tmp_path: Path) -> None:
    world = open_world(kind, tmp_path)
    phone = Phone(world, tmp_path / "evidence", random.Random(SEED))
    filed = 0
    while phone.kills < KILLS:
        filed += phone.report(filed)
    phone.stop()
    _nothing_lost_nothing_doubled(world, phone, filed)
    world.close()


class Phone:
    """An officer's phone and the process it talks to."""

    def __init__(self, world: World, vault: Path, chance: random.Random) -> None:
        self.url = world.database.url.render_as_string(hide_password=False)
        self.world, self.vault, self.chance = world, vault, chance
        self.kills, self.sent = 0, 0
        self.usual = 0.02  # seconds a message takes, measured as we go
        self.pids: list[int] = []
        self.process: multiprocessing.process.BaseProcess | None = None

    def report(self, number: int) -> int:
        """One report of one unit on any open activity; 1 if it was filed."""
        for text in ("/cancelar", "/reportar"):
            self.send(text)
        duty = self.world.last("officer").buttons[0]
        self.send(tap=duty["tap"])
        while "Recibido" not in (answer := self.world.last("officer").text):
            self.send(*self._reply(answer, number))
        return 1

    def _reply(self, answer: str, number: int) -> tuple[str, bytes]:
        if "Cuente en" in answer:
            return f"Hicimos la tarea {number}.", b""
        if "¿Dónde" in answer:
            return "Cumbal", b""
        if "Envíe los soportes" in answer or "Falta" in answer:
            return "", self.chance.randbytes(50_000)
        if "menores" in answer:
            return "no", b""
        if "¿Qué parte" in answer or "municipio" in answer or "parecen" in answer:
            return "1", b""
        return "sí", b""

    def send(self, text: str = "", photo: bytes = b"", tap: str = "") -> None:
        """Send until acknowledged; the process may be killed at any moment in between."""
        self.sent += 1
        message = (f"m{self.sent}", text, photo, tap)
        while True:
            pipe = self._pipe()
            started = time.perf_counter()
            pipe.send(message)
            doomed = self.kills < KILLS and self.chance.random() < 0.35
            if doomed and not pipe.poll(self.chance.uniform(0, self.usual * 1.3)):
                self._kill()
                continue
            if pipe.poll(30) and pipe.recv() == message[0]:
                self.usual = 0.8 * self.usual + 0.2 * min(time.perf_counter() - started, 0.2)
                return
            raise AssertionError("the process neither answered nor was killed")

    def stop(self) -> None:
        """Let the last life end by itself."""
        if self.process and self.process.is_alive():
            self.process.kill()
            self.process.join()

    def _pipe(self) -> Pipe:
        if self.process is None or not self.process.is_alive():
            context = multiprocessing.get_context("fork")
            self.near, far = context.Pipe()
            self.process = context.Process(target=_live, args=(far, self.url, self.vault), daemon=True)
            self.process.start()
            assert self.near.recv() == "ready"
        return self.near

    def _kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid or 0, signal.SIGKILL)
        self.process.join()
        self.kills += 1


def _live(pipe: Pipe, url: str, folder: Path) -> None:
    """One life: put the photo in the vault, take the turn, acknowledge."""
    asyncio.run(_serve(pipe, Database(url), Vault(folder)))


async def _serve(pipe: Pipe, database: Database, vault: Vault) -> None:
    await database.read(lambda connection: connection.execute(select(1)))
    pipe.send("ready")
    while True:
        message_id, text, photo, tap = pipe.recv()
        files: tuple[Attachment, ...] = ()
        if photo:
            kept = vault.put(io.BytesIO(photo), LIMIT)
            files = (Attachment("photo", kept.sha256, "foto.jpg", "image/jpeg", kept.size),)
        inbound = Inbound("web", "officer", message_id, START, START, text, tap, files)
        await database.write(turn(inbound, RULES))
        pipe.send(message_id)


def _nothing_lost_nothing_doubled(world: World, phone: Phone, filed: int) -> None:
    with world.database.begin() as connection:
        reports = connection.execute(select(Report.id)).scalars().all()
        counted = connection.execute(select(func.sum(Obligation.reported))).scalar_one()
        answers = connection.execute(select(Delivery.dedupe_key).where(Delivery.address == "officer")).scalars().all()
        told = connection.execute(select(func.count()).where(Delivery.address == "coordinator")).scalar_one()
        evidence = connection.execute(select(Evidence.report_id, Evidence.ref)).all()
    assert phone.kills == KILLS
    assert len(reports) == filed == counted == told
    assert len(answers) == len(set(answers)) == phone.sent
    assert {row.report_id for row in evidence} == set(reports)
    assert len(evidence) == filed
    for row in evidence:
        assert hashlib.sha256(Vault(phone.vault).path(row.ref).read_bytes()).hexdigest() == row.ref
