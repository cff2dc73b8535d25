"""`chasqui` as a program of its own, and a phone that talks to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psutil

from bot.serving import bound
from tests.support.tree import ROOT

PATIENCE = 60.0
MEGABYTE = 1 << 20


def chasqui(folder: Path, *words: str, port: int = 8000) -> subprocess.Popen[bytes]:
    """Start the command as in a fresh clone whose folder this is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHASQUI_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "CHASQUI_PORT": str(port), "CHASQUI_LOG_LEVEL": "WARNING"}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )


@dataclass(slots=True)
class Server:
    """A running server, and the phone that `cookie` stands for: a new one with the page, or whoever's is set."""

    process: psutil.Process
    port: int
    cookie: str = ""
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def open(self) -> None:
        """Open the page as soon as the server takes connections."""
        until = time.perf_counter() + PATIENCE
        while True:
            try:
                self.connection.request("GET", "/chat")
                break
            except ConnectionError:
                self.connection.close()
                if time.perf_counter() > until:
                    raise
                time.sleep(0.01)
        answer = self.connection.getresponse()
        answer.read()
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def say(self, fields: Mapping[str, str], photo: bytes = b"") -> None:
        """Post a message; it is answered once it is committed."""
        parts = [f'form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items() if value]
        if photo:
            head = b'form-data; name="file"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
            parts.append(head + photo + b"\r\n")
        body = b"".join(b"--x\r\nContent-Disposition: " + part for part in parts) + b"--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": self.cookie}
        self.connection.request("POST", "/chat/me/messages", body, kind)
        answer = self.connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()

    def answers(self) -> int:
        """How many messages stand on the phone."""
        self.connection.request("GET", "/chat/me/history", headers={"Cookie": self.cookie})
        return len(json.load(self.connection.getresponse())["messages"])

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """Megabytes held, children included."""
        tree = (self.process, *self.process.children(recursive=True))
        return float(sum(each.memory_info().rss for each in tree)) / MEGABYTE


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """`chasqui serve` in this folder, stopped at the end."""
    with bound("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
    process = chasqui(folder, "serve", port=port)
    server = Server(psutil.Process(process.pid), port)
    try:
        yield server
    finally:
        server.connection.close()
        process.terminate()
        process.wait()
