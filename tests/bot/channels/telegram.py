"""A server that answers as told, to the byte, or does not answer: what a network can do to one call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOKEN = "7000000001:very-secret"


def answer(status: int, body: bytes = b'{"ok":true,"result":true}', *more: str, length: int | None = None) -> bytes:
    """An HTTP answer; `length` where it promises more than it brings."""
    head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body) if length is None else length}", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


@dataclass
class Script:
    """What the server answers to all; nothing while `says` is None. `seen`: the requests that came whole."""

    url: str = ""
    says: bytes | None = None
    closes: bool = False
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")), 0)
                self.seen.append(head + await reader.readexactly(length))
                if self.says is not None:
                    writer.write(self.says)
                if self.closes:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def scripted(says: bytes | None = None, *, closes: bool = False) -> AsyncIterator[Script]:
    """A server for one test."""
    script = Script(says=says, closes=closes)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield script
    finally:
        server.close()
