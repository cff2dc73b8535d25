"""The web channel's addresses: all below /chat/<slot>/, where a slot is a phone on a page."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from anyio import CapacityLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.channels.web import CHANNEL
from bot.channels.web.inbound import inbound, received
from bot.channels.web.pace import Pace
from bot.channels.web.render import drawn, message
from bot.channels.web.sessions import Sessions
from bot.channels.web.streams import Streams
from bot.clock import Clock
from bot.ordering import Chats
from bot.turn import Rules, turn
from models import deliveries
from models.database import Database
from models.vault import NoSpace, Vault

HISTORY = 50
MOST_ACKS = 500
LARGEST_ACK = 16_384
LARGEST_ID = 2**63 - 1
UPLOAD_SECONDS = 600
# A large photo takes a second of a core and its pixels' memory, so does a picture.
AT_ONCE = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebChannel:
    """What the addresses share. `install` names the database, `most_mb` is the largest file in megabytes.

    `handed` holds the files made for people; `tell` hears which (channel, address) pairs have something new to read.
    """

    database: Database
    vault: Vault
    clock: Clock
    rules: Rules
    sessions: Sessions
    streams: Streams
    tell: Callable[[set[tuple[str, str]]], None]
    install: str
    most_mb: int
    handed: Vault
    pace: Pace = field(default_factory=Pace)
    chats: Chats = field(default_factory=Chats)
    heavy: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    def routes(self) -> list[Route]:
        """The addresses, each with what answers it."""
        return [
            Route("/chat/{slot}/history", self.history),
            Route("/chat/{slot}/stream", self.stream),
            Route("/chat/{slot}/messages", self.take, methods=["POST"]),
            Route("/chat/{slot}/ack", self.acknowledge, methods=["POST"]),
            Route("/chat/{slot}/pictures/{message:int}.png", self.picture),
            Route("/chat/{slot}/documents/{message:int}", self.document),
        ]

    async def history(self, request: Request) -> Response:
        """The newest messages, oldest first."""
        slot, address = self.sessions.phone(request)
        rows = await self.database.read(partial(deliveries.latest, channel=CHANNEL, address=address, limit=HISTORY))
        messages = [message(row, slot) for row in rows]
        return JSONResponse({"install": self.install, "now": self.clock.now().isoformat(), "messages": messages})

    async def stream(self, request: Request) -> Response:
        """The messages as they come, as server-sent events."""
        slot, address = self.sessions.phone(request)
        if self.streams.full(address):
            raise HTTPException(429, "Este chat ya está abierto en muchas ventanas. Cierre alguna.")
        last = request.headers.get("last-event-id", "")
        after = min(int(last), LARGEST_ID) if last.isascii() and last.isdigit() and len(last) < 20 else None
        return StreamingResponse(
            self.streams.follow(address, slot, after), media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )  # fmt: skip

    async def take(self, request: Request) -> Response:
        """One message: answered once it is committed, however often it is posted."""
        _slot, address = self.sessions.phone(request)
        self.sessions.own_page(request)
        if not self.pace.allows(address, time.monotonic()):
            raise HTTPException(429, "Llegaron muchos mensajes seguidos. Espere un momento y reintente.")
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                form, attachments = await received(request, self.vault, self.most_mb, self.heavy)
        except TimeoutError:
            raise HTTPException(408, "El mensaje tardó demasiado en llegar.") from None
        except NoSpace:
            log.error("no space left for evidence in %s", self.vault.root)
            raise HTTPException(503, "Por ahora no hay espacio para guardar archivos. Reintente más tarde.") from None
        # In order, one at a time: the answer to the first message decides what the second one means.
        async with self.chats.alone(address):
            taken = inbound(form, attachments, address, self.clock.now())
            self.tell(await self.database.write(turn(taken, self.rules)))
        return JSONResponse({"ok": True})

    async def acknowledge(self, request: Request) -> Response:
        """These messages have been shown."""
        _slot, address = self.sessions.phone(request)
        self.sessions.own_page(request)
        ids = _ids(await _small(request))
        await self.database.write(
            partial(deliveries.confirm, channel=CHANNEL, address=address, ids=ids, now=self.clock.now())
        )
        return Response(status_code=204)

    async def picture(self, request: Request) -> Response:
        """The picture of a message, for the one it was written to."""
        _slot, address = self.sessions.phone(request)
        number = min(request.path_params["message"], LARGEST_ID)
        dark = request.query_params.get("dark") == "1"
        picture = await drawn(self.database, self.vault, address, number, dark, self.heavy)
        if picture is None:
            raise HTTPException(404)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})

    async def document(self, request: Request) -> Response:
        """The file of a message, for the person it was written to, in whichever chat."""
        _slot, address = self.sessions.phone(request)
        wanted = min(request.path_params["message"], LARGEST_ID)
        document = await self.database.read(
            partial(deliveries.document_of, channel=CHANNEL, address=address, delivery_id=wanted)
        )
        if document is None or document["sha256"] not in self.handed:
            raise HTTPException(404, "Ese archivo ya no está, o no es para este chat. Pídalo otra vez.")
        return FileResponse(
            self.handed.path(document["sha256"]), media_type=document["mime"], filename=document["name"],
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip


async def _small(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_ACK:
            raise HTTPException(413)
    return body


def _ids(body: bytes) -> list[int]:
    try:
        ids: Any = orjson.loads(body)["ids"]
        if len(ids) <= MOST_ACKS and all(type(each) is int and 0 < each <= LARGEST_ID for each in ids):
            return list(ids)
    except (ValueError, TypeError, KeyError):
        pass
    raise HTTPException(422)
