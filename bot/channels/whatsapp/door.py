"""What Meta posts to: answered once all of it is committed, so that what is lost is posted again."""

from __future__ import annotations

import hmac
from typing import Any, Protocol
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.bodies import parsed
from bot.channels.posted import posted
from bot.channels.whatsapp.signature import HEADER, genuine
from bot.guard import trace

PATH = "/whatsapp"
# What Meta says it may post at once, in bytes.
LARGEST = 3 << 20
ALLOWED = [(b"allow", b"GET, POST")]
# A browser must not make a page of a challenge.
HEADERS = {
    "GET": [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")],
    "POST": [],
}


class Taker(Protocol):
    """What takes a payload; see receiving.Receiver."""

    async def take(self, payload: dict[str, Any]) -> None:
        """Returns once everything that follows from it is committed."""
        ...


def webhook(receiver: Taker, secret: str, word: str) -> ASGIApp:
    """The door, a bare ASGI application like Telegram's.

    secret  the application's, with which Meta signs; word: with which Meta asks whether this is the right address.
            Without either nothing is let in.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        status, body = 405, b""
        if scope["method"] == "GET":
            status, body = _challenged(scope["query_string"], word)
        elif scope["method"] == "POST":
            given = next((value for name, value in scope["headers"] if name == HEADER), b"")
            status = await _taken(receiver, receive, secret, given)
        headers = [(b"content-length", b"%d" % len(body)), *HEADERS.get(scope["method"], ALLOWED)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


def _challenged(query: bytes, word: str) -> tuple[int, bytes]:
    """The status, and the challenge for who knows the word."""
    asked = {name: values[0].encode() for name, values in parse_qs(query.decode("latin-1")).items()}
    known = bool(word) and hmac.compare_digest(asked.get("hub.verify_token", b""), word.encode())
    if known and asked.get("hub.mode") == b"subscribe":
        return 200, asked.get("hub.challenge", b"")
    return 403, b""


async def _taken(receiver: Taker, receive: Receive, secret: str, given: bytes) -> int:
    """The status that says what became of what was posted."""
    body = await posted(receive, LARGEST)
    if body is None:
        return 413
    if not genuine(secret, body, given):
        return 403
    try:
        payload = parsed(body)
    except (ValueError, RecursionError):
        return 400
    if not isinstance(payload, dict):
        return 400
    try:
        await receiver.take(payload)
    except Exception as error:  # noqa: BLE001 – whatever it was, Meta must post it again
        trace(error)
        return 500
    return 200
