"""The bytes of one file of a message, into the vault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from tempfile import SpooledTemporaryFile
from typing import Any

from bot.channels.telegram.client import Client
from bot.custody import keep
from conversation.messages import Attachment
from models.vault import Vault

# What is small enough is held in memory on its way to the vault.
IN_MEMORY = 1 << 20
# Two photos are decoded at once at most: each takes a core and the memory of its pixels.
HEAVY = 2


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches for one bot; `most` is the largest file it takes, in bytes."""

    client: Client
    vault: Vault
    most: int
    heavy: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HEAVY))

    async def fetch(self, item: Attachment, until: float | None = None) -> Attachment:
        """The file as evidence, or with the problem it has. `until`: when to give up, by the event loop's clock.

        Where it is is asked anew each time. Raises NotFetched, TimeoutError once it is too late, and what writing it
        raises.
        """
        details = item.details or {}
        with SpooledTemporaryFile(IN_MEMORY) as file:
            async with asyncio.timeout_at(until):
                remote = await self.client.get_file(str(details["file_id"]))
                await self.client.download(remote, file, self.most)  # type: ignore[arg-type]
            async with self.heavy:
                kept = await asyncio.to_thread(keep, self.vault, file, item.name, item.mime, self.most)  # type: ignore[arg-type]
        if kept.problem:
            return replace(kept, name=item.name)
        said: dict[str, Any] = {name: details[name] for name in ("message", "recompressed") if details.get(name)}
        kind = item.kind if item.kind == "voice" else kept.kind
        return replace(kept, kind=kind, details={**(kept.details or {}), **said})
