"""The demonstration as a newcomer runs it: a process of its own, on a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.vault import Vault

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass(slots=True)
class Demo:
    """`chasqui demo` run in `folder`; its data outlive it there."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run it, and wait until it says where it is."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", str(self.port)],
            cwd=self.folder, env=self._surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout
        printed = line = self.process.stdout.readline()
        while line and "Ctrl-C" not in line:
            line = self.process.stdout.readline()
            printed += line
        if not line:
            self.process.communicate()
            raise AssertionError(printed)

    def end(self, by: signal.Signals) -> str:
        """Send it a signal, and wait until it is gone; what it had printed since it was ready."""
        assert self.process
        self.process.send_signal(by)
        return self.process.communicate(timeout=20)[0]

    def command(self, *words: str) -> str:
        """What another command prints, over the same data."""
        database = f"sqlite:///{self.data / 'chasqui.db'}"
        surroundings = self._surroundings(CHASQUI_DATABASE_URL=database, CHASQUI_PORT=str(self.port))
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            command, cwd=self.folder, env=surroundings, capture_output=True, text=True, check=True
        ).stdout

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query to its database."""
        with closing(sqlite3.connect(f"file:{self.data / 'chasqui.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def count(self, table: str) -> int:
        """Rows of a table; a condition may follow its name."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def kept(self, sha256: str) -> bytes:
        """The bytes of a piece of evidence, as they are on disk."""
        return Vault(self.data / "evidence").path(sha256).read_bytes()

    @property
    def data(self) -> Path:
        """Its database and evidence."""
        return self.folder / "var" / "demo"

    def _surroundings(self, **more: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHASQUI_")}
        return {**clean, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}
