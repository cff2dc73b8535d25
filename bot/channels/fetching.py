"""The bytes of one file of a message, into the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Literal, Protocol

from bot.custody import keep
from conversation.messages import Attachment
from models.vault import Vault

# What is small enough is held in memory on its way to the vault.
IN_MEMORY = 1 << 20
# Two photos are decoded at once at most: each takes a core and the memory of its pixels.
HEAVY = 2


class NotFetched(Exception):
    """A file that is not here, and what can be done about it.

    broken   cut off or not answered: try again later
    expired  the link is too old: ask anew where the file is
    too_big  more than may be fetched: the person has to send something else
    gone     the platform does not know the file (any more): the person has to send it again
    """

    def __init__(self, reason: Literal["broken", "expired", "too_big", "gone"], detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


class Source(Protocol):
    """A platform that files lie on."""

    async def bring(self, file: Mapping[str, Any], into: BinaryIO, most: int) -> None:
        """Write a file's bytes, at most `most`. Raises NotFetched.

        file  "file_id", by which the platform says where it is now; "url" where it has told that already
        """
        ...


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches from one platform; `most` is the largest file it takes, in bytes."""

    source: Source
    vault: Vault
    most: int
    heavy: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HEAVY))

    async def fetch(self, item: Attachment, until: float | None = None) -> Attachment:
        """The file as evidence, or with the problem it has. `until`: when to give up, by the event loop's clock.

        Behind a "url" lies the file only if it has the "sha256" that was told with it. Raises NotFetched,
        TimeoutError once it is too late, and what writing it raises.
        """
        details = item.details or {}
        with SpooledTemporaryFile(IN_MEMORY) as file:
            async with asyncio.timeout_at(until):
                await self.source.bring(details, file, self.most)  # type: ignore[arg-type]
            async with self.heavy:
                kept = await asyncio.to_thread(keep, self.vault, file, item.name, item.mime, self.most)  # type: ignore[arg-type]
        if details.get("url") and kept.ref != details["sha256"]:
            raise NotFetched("broken", "not the file that was told of")
        if kept.problem:
            return replace(kept, name=item.name)
        said: dict[str, Any] = {name: details[name] for name in ("message", "recompressed") if details.get(name)}
        kind = item.kind if item.kind == "voice" else kept.kind
        return replace(kept, kind=kind, details={**(kept.details or {}), **said})
