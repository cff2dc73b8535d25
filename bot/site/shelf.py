"""Answers that are ready: made once, kept while what they were made from stays the same, sent compressed."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.guard import trace

Make = Callable[[], Awaitable["Ready | None"]]
# The part of its life after which an answer is made anew although nothing changed.
LATE = 0.6
SQUEEZED = ("text/", "application/json", "image/svg+xml", "application/xml")


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer. `body` is gzip where `squeezed`."""

    body: bytes
    squeezed: bool
    etag: str
    kind: str
    status: int = 200
    name: str = ""


def ready(body: bytes, kind: str, status: int = 200, name: str = "") -> Ready:
    """An answer of this media type; `name`: under which it is saved."""
    etag = f'W/"{sha256(body).hexdigest()[:20]}"'
    squeezed = kind.startswith(SQUEEZED) and len(body) > 500
    return Ready(gzip.compress(body, 6, mtime=0) if squeezed else body, squeezed, etag, kind, status, name)


def answer(request: Request, made: Ready, headers: dict[str, str]) -> Response:
    """What is sent: nothing but the headers to whom has it already."""
    headers = {**headers, "ETag": made.etag, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if made.status == 200 and made.etag in known:
        return Response(status_code=304, headers=headers)
    if made.name:
        headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    body = made.body
    if made.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    elif made.squeezed:
        body = gzip.decompress(body)
    return Response(body, made.status, headers, made.kind)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer on the shelf: what it was made from, and when (monotonic seconds)."""

    stamp: Any
    at: float
    made: Ready


class Shelf:
    """What is kept, by what was asked for, in so many bytes: whatever was asked for least recently goes first.

    Up to `rest` seconds an answer is sent as it is. Later, where its stamp is another one or most of its `life` is
    over, it is sent once more while a new one is made, so that readers do not all wait whenever something changed.
    After `life` seconds it is never sent.
    """

    def __init__(self, rest: float, life: float, room: int) -> None:
        self._rest, self._life, self._room = rest, life, room
        self._kept: OrderedDict[Any, Kept] = OrderedDict()
        self._making: dict[Any, asyncio.Task[Ready | None]] = {}
        self._one, self._behind = asyncio.Lock(), asyncio.Lock()
        self._size = 0

    async def get(self, key: Any, stamp: Any, make: Make) -> Ready | None:
        """The answer for a key as of a stamp. However many ask at once, it is made once."""
        kept = self._kept.get(key)
        age = time.monotonic() - kept.at if kept else self._life
        if kept and age < self._life:
            self._kept.move_to_end(key)
            old = kept.stamp != stamp or age > self._life * LATE
            if old and age > self._rest and key not in self._making:
                self._task(key, stamp, make, behind=True)
            return kept.made
        return await asyncio.shield(self._making.get(key) or self._task(key, stamp, make))

    def close(self) -> None:
        """Make nothing more: the server stops."""
        for task in self._making.values():
            task.cancel()

    def _task(self, key: Any, stamp: Any, make: Make, behind: bool = False) -> asyncio.Task[Ready | None]:
        task = self._making[key] = asyncio.ensure_future(self._make(key, stamp, make, behind))
        return task

    async def _make(self, key: Any, stamp: Any, make: Make, behind: bool) -> Ready | None:
        try:
            if behind:
                async with self._behind:
                    at, made = await self._made(make)
                    # Twice as long for those who read.
                    await asyncio.sleep(2 * (time.monotonic() - at))
            else:
                at, made = await self._made(make)
        except Exception as error:
            if not behind:
                raise
            trace(error)
            return None
        finally:
            del self._making[key]
        self._forget(key)
        if made:  # what is not there is not kept: anybody could ask for any number of such things
            self._kept[key] = Kept(stamp, at, made)
            self._size += len(made.body)
        while self._size > self._room:
            self._forget(next(iter(self._kept)))
        return made

    async def _made(self, make: Make) -> tuple[float, Ready | None]:
        """One at a time: threads that work at once only keep each other, and what is ready, waiting."""
        async with self._one:
            return time.monotonic(), await make()

    def _forget(self, key: Any) -> None:
        if gone := self._kept.pop(key, None):
            self._size -= len(gone.made.body)


class Pulse:
    """A value that is read again at most every few seconds, however often it is asked for."""

    def __init__(self, read: Callable[[], Awaitable[Any]], every: float) -> None:
        self._read, self._every = read, every
        self._until, self._value = 0.0, None
        self._lock = asyncio.Lock()

    async def beat(self) -> Any:
        """The value, at most `every` seconds old."""
        if time.monotonic() >= self._until:
            async with self._lock:
                if time.monotonic() >= self._until:
                    self._value = await self._read()
                    self._until = time.monotonic() + self._every
        return self._value
