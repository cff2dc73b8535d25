"""python-telegram-bot's network layer on aiohttp: half the CPU of its default, and one session for all calls."""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.bodies import encoded, parsed
from bot.channels.session import Body, Session

# Seconds, where a call of python-telegram-bot does not say otherwise.
POOL, CONNECT, READ, WRITE, UPLOAD = 10.0, 10.0, 20.0, 10.0, 60.0


class AiohttpRequest(BaseRequest):
    """The requests of one bot, over a session it opens and closes with itself.

    The address of a call holds the bot's token, so no error repeats it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def read_timeout(self) -> float:
        return READ

    async def initialize(self) -> None:
        await self._session.open()

    async def shutdown(self) -> None:
        await self._session.close()

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
            async with self._session.client.request(
                method, url, data=body, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """What an answer says. Raises TelegramError, without the words of the answer: they may be people's."""
        try:
            return parsed(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None


def _seconds(given: Any, default: float) -> float | None:
    return default if isinstance(given, type(BaseRequest.DEFAULT_NONE)) else given
