"""The open event streams: whoever looks at a phone hears at once of what the database has for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import orjson
from sqlalchemy import Connection

from bot.channels.web import CHANNEL
from bot.channels.web.render import message
from models import deliveries
from models.database import Database

# Another process may have written: look again after this many seconds, also if nobody called.
LOOK_AGAIN = 3.0
HEARTBEAT = 15.0
MOST_STREAMS = 10


class Streams:
    """Which addresses are being looked at, and how to wake those who look."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._closing = False

    def told(self, pairs: Iterable[tuple[str, str]]) -> None:
        """These (channel, address) pairs have something new to read: wake those of this channel."""
        self.wake(address for channel, address in pairs if channel == CHANNEL)

    def wake(self, addresses: Iterable[str]) -> None:
        """There is something new for these addresses."""
        for address in addresses:
            for event in self._waiting.get(address, ()):
                event.set()

    def close(self) -> None:
        """End every stream: the server stops."""
        self._closing = True
        self.wake(self._waiting)

    def full(self, address: str) -> bool:
        """Whether the address has as many streams as it may have."""
        return len(self._waiting.get(address, ())) >= MOST_STREAMS

    async def follow(self, address: str, slot: str, after: int | None) -> AsyncIterator[bytes]:
        """The stream of an address: what is newer than message `after` or unconfirmed, then whatever comes."""
        with self._looking(address) as woken:
            yield b"retry: 2000\n\n"
            if after is None:
                newest = await self._database.read(
                    partial(deliveries.latest, channel=CHANNEL, address=address, limit=1)
                )
                after = newest[0].id if newest else 0
            sent: set[int] = set()
            silence = 0.0
            while not self._closing:
                woken.clear()
                rows = await self._database.read(partial(_pending, address, after))
                fresh = [row for row in rows if row.id not in sent]
                sent = {row.id for row in rows}  # a row that is confirmed does not come again
                after = max([after, *sent])
                for row in fresh:
                    yield b"id: %d\nevent: message\ndata: %b\n\n" % (row.id, orjson.dumps(message(row, slot)))
                silence = 0.0 if fresh else silence + LOOK_AGAIN
                if silence >= HEARTBEAT:
                    silence = 0.0
                    yield b": still here\n\n"
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), LOOK_AGAIN)

    @contextmanager
    def _looking(self, address: str) -> Iterator[asyncio.Event]:
        """While somebody looks at an address, an event that is set when it is woken."""
        woken = asyncio.Event()
        self._waiting.setdefault(address, set()).add(woken)
        try:
            yield woken
        finally:
            self._waiting[address].discard(woken)
            if not self._waiting[address]:
                del self._waiting[address]


def _pending(address: str, after: int, connection: Connection) -> list[deliveries.Outgoing]:
    return deliveries.pending(connection, CHANNEL, address, after)
