"""`chasqui demo`: it starts, keeps what was done, starts over, and says so when it cannot."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bot.commands.conftest import ROOT, Run


@contextmanager
def running(folder: Path, *words: str) -> Iterator[tuple[str, str]]:
    """The demonstration in a folder: its address, and what it printed until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", str(port), *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    assert process.stdout
    printed = ""
    try:
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        yield f"http://127.0.0.1:{port}", printed
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=20)[0]
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def count(folder: Path, table: str) -> int:
    """Rows of a table of the demonstration."""
    with closing(sqlite3.connect(folder / "var" / "demo" / "chasqui.db")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_the_demonstration_starts_keeps_what_was_done_and_starts_over(here: Path) -> None:
    with running(here) as (address, printed):
        assert f"{address}/demo" in printed
        assert str(here / "var" / "demo") in printed
        assert "Preparada la demostración" in printed
        with urllib.request.urlopen(f"{address}/demo") as page:
            assert page.status == 200
    reports = count(here, "reports")
    with closing(sqlite3.connect(here / "var" / "demo" / "chasqui.db")) as connection:
        connection.execute("UPDATE people SET name = 'Otra' WHERE name = 'Marta Rosero'")
        connection.commit()
    with running(here) as (_address, printed):
        assert "Preparada" not in printed
    assert (count(here, "reports"), count(here, "people WHERE name = 'Otra'")) == (reports, 1)
    with running(here, "--reset") as (_address, printed):
        assert "Preparada" in printed
    assert (count(here, "reports"), count(here, "people WHERE name = 'Otra'")) == (reports, 0)


def test_a_taken_port_is_one_sentence_and_nothing_is_made(run: Run, here: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("demo", "--port", str(taken.getsockname()[1]))
    assert done.exit_code == 2
    assert "PORT=8001" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(here.iterdir()) == []
