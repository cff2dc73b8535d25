"""Where updates come from: posted to us, or asked for. Both confirm an update only after it was taken."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import TelegramError

from bot.channels.telegram.bodies import parsed
from bot.channels.telegram.client import Client
from bot.channels.telegram.receiving import Receiver

log = logging.getLogger(__name__)

PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
LARGEST = 1 << 20
# Seconds: how long one long poll is held, the pause after one that failed, and before what is under way is seen again.
HELD, PAUSE, BRIEF = 25, 3, 0.2


def webhook(receiver: Receiver, secret: str) -> Route:
    """The address Telegram posts to: answered once the update is committed, so that a lost one is posted again."""

    async def post(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = parsed(body)
        except ValueError:
            return Response(status_code=400)
        if isinstance(update, dict):
            await receiver.take(update)
        return Response()

    return Route(PATH, post, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            return None
    return b"".join(parts)


async def poll(client: Client, receiver: Receiver) -> None:
    """Ask for updates until cancelled. The offset stays behind what is still being taken: a crash loses nothing."""
    taking: dict[int, asyncio.Task[None]] = {}
    confirmed = 0
    while True:
        try:
            updates = await client.get_updates(min(taking, default=confirmed), HELD if not taking else 0)
        except TelegramError as error:
            log.warning("no updates could be asked for: %s", type(error).__name__)
            await asyncio.sleep(PAUSE)
            continue
        fresh = [update for update in updates if update["update_id"] not in taking]
        for update in fresh:
            taking[update["update_id"]] = asyncio.create_task(_take(receiver, update))
            confirmed = max(confirmed, update["update_id"] + 1)
        if taking:
            await asyncio.wait(
                taking.values(), timeout=BRIEF, return_when=asyncio.FIRST_COMPLETED if fresh else "ALL_COMPLETED"
            )
        for number in [number for number, task in taking.items() if task.done()]:
            del taking[number]


async def _take(receiver: Receiver, update: dict[str, Any]) -> None:
    """Take an update however often it needs: what is not taken must not be confirmed."""
    while True:
        try:
            return await receiver.take(update)
        except Exception:
            log.exception("an update could not be taken; trying again")
            await asyncio.sleep(PAUSE)
