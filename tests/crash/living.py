"""The real application in a process of its own, to be killed: forked from one that has imported everything, so that
it is back within a moment."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from bot import app, clock
from bot.channels import downloads, quick
from bot.channels.telegram import channel  # noqa: F401 – else each life would import the library
from bot.channels.whatsapp import channel as number  # noqa: F401 – nor this
from bot.serving import serve
from bot.settings import Settings
from models.database import Database

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.crash.warm"])


@dataclass(frozen=True, slots=True)
class Life:
    """What a life needs to know.

    folder   of evidence, journals and the log
    api      where the emulator listens
    webhook  or else long polling
    number   or, instead of the token: the settings of a number on WhatsApp
    lease    seconds for which a download is its own
    """

    url: str
    folder: Path
    token: str
    api: str
    port: int
    webhook: bool = True
    lease: float = downloads.LEASE
    number: tuple[tuple[str, str], ...] = ()


class Server:
    """One life after another of the same application."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.kills = 0
        self.process: BaseProcess | None = None

    @property
    def log(self) -> Path:
        """What all its lives had to say."""
        return self.life.folder / "server.log"

    @property
    def pid(self) -> int:
        """The process of this life."""
        assert self.process
        return self.process.pid or 0

    def start(self, *, webhook: bool = True) -> None:
        """Begin a life; it serves in a moment."""
        self.process = FORKS.Process(target=_live, args=(replace(self.life, webhook=webhook), self.log), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """End it as a power button would."""
        assert self.process
        self.process.kill()
        self.process.join()
        self.kills += 1

    async def stop(self) -> None:
        """End it as a service manager would."""
        assert self.process
        self.process.terminate()
        await asyncio.to_thread(self.process.join, 20)
        assert self.process.exitcode == 0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _live(life: Life, log: Path) -> None:
    """One life. What takes seconds takes a moment, so that there is time for many."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    quick.QUICK = 0.3
    downloads.PAUSES, downloads.IDLE, downloads.LEASE = (0.2,) * 99, 0.1, life.lease
    given: dict[str, Any] = dict(life.number) or {"telegram_token": life.token, "telegram_api": life.api}
    settings = Settings(
        _env_file=None, database_url=life.url, evidence_dir=life.folder / "evidence", port=life.port,
        public_url=f"http://127.0.0.1:{life.port}" if life.webhook else "", telegram_rate=0, whatsapp_rate=0, **given,
    )  # fmt: skip
    database = Database(life.url)
    with database.begin() as connection:
        today = clock.kept(connection)
    serve(app.build(settings, database, today), settings.host, settings.port, "WARNING")
