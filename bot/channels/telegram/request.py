"""python-telegram-bot's network layer on aiohttp: half the CPU of its default, and one session for all calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.bodies import Body, encoded, parsed
from bot.channels.telegram.wire import Cut

CONNECTIONS = 256
# Seconds. Idle connections end before the platform ends them: what is written to a dying one may have arrived or not.
KEEP_ALIVE = 30.0
# Seconds, for what we send through a proxy: in all, until connected, and between two signs of life.
PATIENCE = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=30)
# Seconds, where a call of python-telegram-bot does not say otherwise.
POOL, CONNECT, READ, WRITE, UPLOAD = 10.0, 10.0, 20.0, 10.0, 60.0


class AiohttpRequest(BaseRequest):
    """The requests of one bot. `initialize`, inside the event loop, opens the session; `shutdown` closes it.

    The address of a call holds the bot's token, so no error repeats it.
    """

    def __init__(self, api_root: str) -> None:
        """`api_root` says whether the environment's proxy is needed to get there."""
        self.proxy = _proxy(api_root)
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """For calls that need nothing of python-telegram-bot. Raises RuntimeError unless open."""
        if self._session is None:
            raise RuntimeError("the connection to Telegram is not open")
        return self._session

    @property
    def read_timeout(self) -> float:
        return READ

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(), proxy=self.proxy,
                auto_decompress=False, skip_auto_headers=("Accept-Encoding", "User-Agent"),
            )  # fmt: skip

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises TimedOut and NetworkError."""
        body, write = None, WRITE
        if request_data and request_data.contains_files:
            body, write = Body(*encoded(request_data.json_parameters, request_data.multipart_data)), UPLOAD
        elif request_data:
            body = Body(*encoded(request_data.parameters, {}))
        connect, read = _seconds(connect_timeout, CONNECT), _seconds(read_timeout, READ)
        stages = (_seconds(pool_timeout, POOL), connect, _seconds(write_timeout, write), read)
        # aiohttp has no limit for writing alone: the whole may take what its stages may.
        total = None if None in stages else sum(stage or 0 for stage in stages)
        timeout = aiohttp.ClientTimeout(total=total, sock_connect=connect, sock_read=read)
        try:
            async with self.session.request(method, url, data=body, timeout=timeout, allow_redirects=False) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    async def send(
        self, url: str, kind: str, content: bytes, on_write: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        """What Wire.post does, through the proxy."""
        body = Body(kind, content, on_write)
        try:
            async with self.session.post(url, data=body, timeout=PATIENCE, allow_redirects=False) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise Cut(type(error).__name__, written=body.written) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """What an answer says. Raises TelegramError, without the words of the answer: they may be people's."""
        try:
            return parsed(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None


def _seconds(given: Any, default: float) -> float | None:
    return default if isinstance(given, type(BaseRequest.DEFAULT_NONE)) else given


def _proxy(api_root: str) -> str | None:
    """What the environment says, looked up once: aiohttp would do so for each call, in a thread."""
    address = urlsplit(api_root)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)
