"""Calls through aiohttp: what needs a proxy or comes in a stream. The rest goes over `wire`, at a third of the cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from bot.channels.wire import Cut

CONNECTIONS = 256
# Seconds. Idle connections end before the platform ends them: what is written to a dying one may have arrived or not.
KEEP_ALIVE = 30.0
# Seconds, for what we send through a proxy: in all, until connected, and between two signs of life.
PATIENCE = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=30)


class Body(Payload):
    """The body of one request.

    written   whether any of it may have left: before that the platform cannot have accepted the call
    on_write  called right before; what it raises stops the request
    """

    def __init__(self, content_type: str, content: bytes, on_write: Callable[[], None] | None = None) -> None:
        super().__init__(content, content_type=content_type)
        self._size = len(content)
        self._on_write = on_write
        self.written = False

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return str(self._value, encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        # The headers are still held back here: they go out together with the first bytes of the body.
        if self._on_write:
            self._on_write()
        self.written = True
        await writer.write(self._value)


class Session:
    """The session of one platform. `open` it inside the event loop; `close` ends it."""

    def __init__(self, root: str) -> None:
        """`root` says whether the environment's proxy is needed to get there."""
        self.proxy = _proxy(root)
        self._client: aiohttp.ClientSession | None = None

    @property
    def client(self) -> aiohttp.ClientSession:
        """The session itself. Raises RuntimeError unless open."""
        if self._client is None:
            raise RuntimeError("the connection to the platform is not open")
        return self._client

    async def open(self) -> None:
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(), proxy=self.proxy,
                auto_decompress=False, skip_auto_headers=("Accept-Encoding", "User-Agent"),
            )  # fmt: skip

    async def close(self) -> None:
        if self._client:
            await self._client.close()
            self._client = None

    async def post(
        self, url: str, kind: str, content: bytes, on_write: Callable[[], None] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """What Wire.post does, through the proxy."""
        body = Body(kind, content, on_write)
        try:
            async with self.client.post(
                url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise Cut(type(error).__name__, written=body.written) from None


def _proxy(api_root: str) -> str | None:
    """What the environment says, looked up once: aiohttp would do so for each call, in a thread."""
    address = urlsplit(api_root)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)
