"""Every few minutes: what the photos look like that came in meanwhile. No turn waits for it."""

from __future__ import annotations

import asyncio
from functools import partial

from models import evidence, lookalikes
from models.database import Database
from models.inspection.looks import dhash
from models.vault import Vault

PAGE = 50


async def tick(database: Database, vault: Vault) -> int:
    """Give the photos that have none their difference hash, oldest first; returns how many files.

    One photo at a time in a worker thread, and a short write for each page. A file that is known keeps its hash; one
    that is missing from the vault is left for later.
    """
    after = count = 0
    while page := await database.read(partial(evidence.unseen, after=after, most=PAGE)):
        hashes = {photo.ref: photo.known for photo in page}
        for ref, known in hashes.items():
            if known is None:
                hashes[ref] = await asyncio.to_thread(_look, vault, ref)
        if found := {ref: seen for ref, seen in hashes.items() if seen is not None}:
            await database.write(partial(lookalikes.saw, hashes=found))
        after, count = page[-1].id, count + len(found)
    return count


def _look(vault: Vault, ref: str) -> str | None:
    try:
        return dhash(vault.path(ref)) or ""
    except OSError:
        return None
