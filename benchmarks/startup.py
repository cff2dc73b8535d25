"""`chasqui serve` as a program of its own: how soon it answers, how much memory it holds while nobody writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psutil

from benchmarks.figures import Figure, Size, seconds
from bot.serving import bound
from tests.support.tree import ROOT

PATIENCE = 60.0
MEGABYTE = 1 << 20
BODY = "".join(
    f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in (("id", "1"), ("text", "hola"))
).encode()


def startup(size: Size, folder: Path) -> Iterator[Figure]:
    """On SQLite with the plan of Nariño: what the project promises of a small machine."""
    with bound("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHASQUI_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "CHASQUI_PORT": str(port)}  # the rest is as in a fresh clone
    chasqui = [sys.executable, "-m", "bot"]

    def imports() -> None:
        command = [*chasqui, "plan", "import", str(ROOT / "plans" / "narino-2022.yaml"), "--yes"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)

    def round_() -> tuple[float, float]:
        began = time.perf_counter()
        with _running([*chasqui, "serve"], folder, environment) as process:
            _answered(f"http://127.0.0.1:{port}/chat", began + PATIENCE)
            taken = time.perf_counter() - began
            time.sleep(size.idle)
            return taken, _memory(process.pid)

    yield Figure("chasqui plan import, from the shell", seconds(imports), "s")
    rounds = [round_() for _ in range(size.rounds)]
    yield Figure("chasqui serve to the first answer", median(taken for taken, _memory in rounds), "s", 3)
    yield Figure(f"memory after {size.idle:g} s without a message", median(held for _taken, held in rounds), "MB", 120)


@contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _answered(page: str, until: float) -> None:
    """Open the page, say hello on it, and wait until the answer stands there."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    while True:
        try:
            browser.open(page).close()
            break
        except (URLError, RemoteDisconnected):
            if time.perf_counter() > until:
                raise
            time.sleep(0.01)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    browser.open(Request(f"{page}/me/messages", BODY + b"--x--\r\n", kind)).close()
    with browser.open(f"{page}/me/history") as history:
        assert json.load(history)["messages"], "the message was taken and not answered"


def _memory(pid: int) -> float:
    """Megabytes that the process and its children hold."""
    process = psutil.Process(pid)
    held: int = sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    return held / MEGABYTE
