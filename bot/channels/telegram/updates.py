"""Where updates come from: posted to us, or asked for. Both confirm an update only after it was taken."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send
from telegram.error import TelegramError

from bot.channels.bodies import parsed
from bot.channels.posted import posted
from bot.channels.telegram.client import Client
from bot.channels.telegram.receiving import Receiver
from bot.guard import trace

log = logging.getLogger(__name__)

PATH = "/telegram"
HEADER = b"x-telegram-bot-api-secret-token"
LARGEST = 1 << 20
# Seconds: how long one long poll is held, the pause after one that failed, and before what is under way is seen again.
HELD, PAUSE, BRIEF = 25, 3, 0.2
# Seconds that updates in hand may still take when the application stops.
PATIENCE = 3


def webhook(receiver: Receiver, secret: str) -> ASGIApp:
    """What Telegram posts to: answered once the update is committed, so that a lost one is posted again.

    A bare ASGI application: this is the busiest door of all, and needs nothing of what pages need.
    """
    expected = secret.encode()

    async def post(scope: Scope, receive: Receive, send: Send) -> None:
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        ours = scope["method"] == "POST" and hmac.compare_digest(given, expected)
        status, press = await _taken(receiver, receive) if ours else (403, "")
        # A call in the answer leaves no proof that it arrived. None is needed that a button no longer waits.
        body = orjson.dumps({"method": "answerCallbackQuery", "callback_query_id": press}) if press else b""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return post


async def _taken(receiver: Receiver, receive: Receive) -> tuple[int, str]:
    """The status that says what became of a posted update, and the press that it was."""
    body = await posted(receive, LARGEST)
    if body is None:
        return 413, ""
    try:
        update = parsed(body)
    except ValueError:
        return 400, ""
    try:
        return 200, await receiver.take(update) if isinstance(update, dict) else ""
    except Exception as error:  # noqa: BLE001 – whatever it was, Telegram must bring the update again
        trace(error)
        return 500, ""


async def poll(client: Client, receiver: Receiver) -> None:
    """Ask for updates until cancelled, then finish those in hand.

    The offset stays behind what is still being taken, so that a crash loses nothing.
    """
    taking: dict[int, asyncio.Task[None]] = {}
    try:
        await _ask(client, receiver, taking)
    finally:
        if taking:
            await asyncio.wait(taking.values(), timeout=PATIENCE)


async def _ask(client: Client, receiver: Receiver, taking: dict[int, asyncio.Task[None]]) -> None:
    confirmed = 0
    while True:
        try:
            updates = await client.get_updates(min(taking, default=confirmed), HELD if not taking else 1)
        except TelegramError as error:
            log.warning("no updates could be asked for: %s", type(error).__name__)
            await asyncio.sleep(PAUSE)
            continue
        fresh = [update for update in updates if update["update_id"] not in taking]
        for update in fresh:
            taking[update["update_id"]] = asyncio.create_task(_take(client, receiver, update))
            confirmed = max(confirmed, update["update_id"] + 1)
        if taking:
            until = asyncio.FIRST_COMPLETED if fresh else asyncio.ALL_COMPLETED
            await asyncio.wait(taking.values(), timeout=BRIEF, return_when=until)
        for number in [number for number, task in taking.items() if task.done()]:
            del taking[number]


async def _take(client: Client, receiver: Receiver, update: dict[str, Any]) -> None:
    """Take an update however often it needs: what is not taken must not be confirmed."""
    while True:
        try:
            if press := await receiver.take(update):
                await client.answer_press(press)
            return
        except Exception:
            log.exception("an update could not be taken; trying again")
            await asyncio.sleep(PAUSE)
