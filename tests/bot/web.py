"""A server on this machine and phones that talk to it over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.app import build
from bot.clock import Clock
from bot.serving import Server, bound
from bot.settings import Settings
from models.database import Database
from models.schema import metadata

Files = tuple[tuple[str, str, bytes], ...]


def settings_in(folder: Path, **changed: Any) -> Settings:
    given = {"database_url": f"sqlite:///{folder}/chasqui.db", "evidence_dir": folder / "evidence", **changed}
    return Settings(_env_file=None, **given)


def empty_database(settings: Settings) -> Database:
    database = Database(settings.database_url)
    metadata.create_all(database.engine)
    return database


@contextmanager
def serving(settings: Settings, demo: bool = False, clock: Clock = Clock()) -> Iterator[int]:  # noqa: B008 – frozen
    """The application on a free port, in a thread of its own."""
    server = Server(build(settings, empty_database(settings), clock, demo))
    listening = bound("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    port: int = listening.getsockname()[1]
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield port
    finally:
        server.should_exit = True
        thread.join()


def multipart(fields: dict[str, str], files: Files = ()) -> tuple[str, bytes]:
    """A form as a browser posts it: its content type and its body."""
    mark = uuid4().hex
    parts = [f'form-data; name="{name}"\r\n\r\n'.encode() + value.encode() for name, value in fields.items()]
    parts += [
        f'form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'.encode() + body
        for name, mime, body in files
    ]
    head = f"--{mark}\r\nContent-Disposition: ".encode()
    return f"multipart/form-data; boundary={mark}", b"".join(
        head + part + b"\r\n" for part in parts
    ) + f"--{mark}--\r\n".encode()


class Phone:
    """One phone of one browser."""

    def __init__(self, port: int, slot: str = "me") -> None:
        self.port, self.slot, self.cookies = port, slot, SimpleCookie()
        self.fetch("GET", "/chat" if slot == "me" else "/demo")

    def fetch(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers in lower case, body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, self._headers(headers))
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        read = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return read

    def say(
        self, text: str = "", files: Files = (), headers: dict[str, str] | None = None, **fields: str
    ) -> tuple[int, Any]:
        """Post a message: status and answer."""
        kind, body = multipart({"id": uuid4().hex, "text": text, **fields}, files)
        sent = {"Content-Type": kind, **(headers or {})}
        status, _, answer = self.fetch("POST", f"/chat/{self.slot}/messages", body, sent)
        return status, json.loads(answer)

    def history(self) -> list[Any]:
        status, _, body = self.fetch("GET", f"/chat/{self.slot}/history")
        assert status == 200, body
        return list(json.loads(body)["messages"])

    def acknowledge(self, body: Any, headers: dict[str, str] | None = None) -> int:
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self.fetch("POST", f"/chat/{self.slot}/ack", json.dumps(body).encode(), sent)[0]

    @contextmanager
    def listening(self, last: int | None = None) -> Iterator[Events]:
        """The open stream of events."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        resumed = {} if last is None else {"Last-Event-ID": str(last)}
        connection.request("GET", f"/chat/{self.slot}/stream", headers=self._headers(resumed))
        answer = connection.getresponse()
        try:
            yield Events(answer)
        finally:
            answer.close()
            connection.close()

    def _headers(self, more: dict[str, str] | None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={kept.value}" for name, kept in self.cookies.items())
        return {"Cookie": cookies, **(more or {})}


class Events:
    """The messages of a stream, one after another. Waiting for one that does not come fails by timeout."""

    def __init__(self, answer: HTTPResponse) -> None:
        self.status, self._answer = answer.status, answer
        assert answer.status != 200 or answer.readline() == b"retry: 2000\n"

    def next(self) -> Any:
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))
        raise EOFError("the stream ended")
