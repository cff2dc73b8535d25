"""Calls over kept connections of our own: a fraction of what a general HTTP client costs, and exact about what left."""

from __future__ import annotations

import asyncio
import math
import socket
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import quote, urlsplit

import httptools
from aiohappyeyeballs import start_connection

CONNECTIONS = 256
# Seconds: until connected, and from the first byte until the answer is whole.
CONNECT, ANSWER = 10.0, 30.0
# Seconds. Idle connections end before the platform ends them: what is written to a dying one may have arrived or not.
KEEP_ALIVE = 30.0
# Seconds until another address of the server is tried beside the first.
NEXT_ADDRESS = 0.25


class Cut(Exception):
    """A call without an answer. `written`: some of it may have left, so that it may have been accepted."""

    def __init__(self, reason: str, *, written: bool) -> None:
        super().__init__(reason)
        self.reason, self.written = reason, written


class Connection(asyncio.Protocol):
    """One call at a time, and its answer. `kept`: it can take another."""

    def __init__(self, ended: Callable[[Connection], None]) -> None:
        self._ended = ended
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._body = b""
        self._most = math.inf
        self._headed = False
        self.kept = True
        self.since = 0.0

    async def exchange(self, request: bytes, most: float) -> tuple[int, bytes]:
        """Send a request; status and body of its answer, of at most `most` bytes. Raises Cut."""
        loop = asyncio.get_running_loop()
        self._answer, self._most, self._headed, self.kept = loop.create_future(), most, False, False
        late = loop.call_later(ANSWER, self._fail, "no answer in time")
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            late.cancel()
            self._answer = None
            if not self.kept:
                self._transport.abort()

    def usable(self, since: float) -> bool:
        """Whether it is open, and has been used since then."""
        return self.kept and self.since >= since and not self._transport.is_closing()

    def close(self) -> None:
        """End it, and the call that is under way."""
        self.kept = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.since = asyncio.get_running_loop().time()

    def connection_lost(self, _error: Exception | None) -> None:
        self._ended(self)
        # What does not say how long it is ends with the connection.
        if self._headed and not self._parser.should_keep_alive():
            self.on_message_complete()
        self._fail("disconnected")

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("not an answer")

    def on_message_begin(self) -> None:
        self._body = b""
        if self._answer is None or self._answer.done():
            self.close()  # nobody asked

    def on_headers_complete(self) -> None:
        self._headed = self._parser.get_status_code() >= 200

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > self._most:
            self._fail("too long")

    def on_message_complete(self) -> None:
        if self._headed and self._answer and not self._answer.done():
            self.kept = self._parser.should_keep_alive()
            self._answer.set_result((self._parser.get_status_code(), self._body))

    def _fail(self, reason: str) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(Cut(reason, written=True))


class Wire:
    """Calls to one server. Their address or headers hold the bot's token: no error repeats them."""

    def __init__(self, address: str, headers: Mapping[str, str] | None = None) -> None:
        """`address` is what all calls begin with, "https://host/bot123:ABC/"; `headers` all carry."""
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._path, self._at = quote(parts.path, safe="/:"), parts.netloc.rpartition("@")[2]
        self._head = f"Host: {self._at}\r\n" + "".join(f"{key}: {value}\r\n" for key, value in (headers or {}).items())
        self._idle: deque[Connection] = deque()
        self._open: set[Connection] = set()
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def post(
        self, method: str, kind: str, content: bytes, on_write: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        """Make a call, `kind` being the media type of its content; status and body of the answer. Raises Cut.

        `on_write` is called right before the first byte leaves; if it raises, nothing leaves.
        """
        head = (
            f"POST {self._path}{method} HTTP/1.1\r\n{self._head}Content-Type: {kind}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return await self._exchange(head.encode("ascii") + content, on_write)

    async def get(self, address: str, most: float = math.inf) -> tuple[int, bytes]:
        """What stands at an address of the same server, held in memory, of at most `most` bytes. Raises Cut."""
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        head = f"GET {quote(parts.path, safe='/:%')}{query} HTTP/1.1\r\n{self._head}\r\n"
        return await self._exchange(head.encode("ascii"), most=most)

    async def _exchange(
        self, request: bytes, on_write: Callable[[], None] | None = None, most: float = math.inf
    ) -> tuple[int, bytes]:
        async with self._room:
            connection = await self._connection()
            try:
                if on_write:
                    on_write()
            except Exception as error:  # noqa: BLE001 – whatever it was, nothing has left
                self._idle.append(connection)
                raise Cut(type(error).__name__, written=False) from None
            answer = await connection.exchange(request, most)
            if connection.kept:
                connection.since = asyncio.get_running_loop().time()
                self._idle.append(connection)
            return answer

    def close(self) -> None:
        """End all connections, and the calls under way."""
        for connection in list(self._open):
            connection.close()
        self._idle.clear()

    async def _connection(self) -> Connection:
        since = asyncio.get_running_loop().time() - KEEP_ALIVE
        while self._idle and not self._idle[0].usable(since):
            self._idle.popleft().close()
        while self._idle:
            if (connection := self._idle.pop()).usable(since):
                return connection
        try:
            async with asyncio.timeout(CONNECT):
                connection = await self._connect()
        except OSError as error:
            raise Cut(type(error).__name__, written=False) from None
        self._open.add(connection)
        return connection

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        connected = await start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS)
        name = self._host if self._tls else None
        _transport, connection = await loop.create_connection(
            lambda: Connection(self._open.discard), sock=connected, ssl=self._tls, server_hostname=name
        )
        return connection
