"""One at a time for each chat, as many chats side by side as there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary


@dataclass(frozen=True, slots=True)
class Chats:
    """A lock for each address, served in the order in which it was asked for, forgotten when nobody needs it."""

    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def alone(self, address: str) -> AsyncIterator[None]:
        """Nobody else is in the middle of something at this address."""
        lock = self.locks.get(address)
        if lock is None:
            lock = self.locks[address] = asyncio.Lock()
        async with lock:
            yield
