"""Which messages have begun to leave: written in memory that the kernel keeps when the process is killed.

A delivery is committed as "sending" before it goes out. If the process dies there, it matters whether a single byte
had left: this file says so, without a commit for each message. After a power cut it says nothing, and everything that
was being sent counts as unknown. A process holds a lock on its file as long as it lives.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import mmap
import os
import struct
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from models import outbox
from models.database import Database

SLOTS = 1024
# A delivery that is leaving; one of which so many parts have arrived, and the next has not begun to leave, as
# -(delivery + parts * PART).
ENTRY = struct.Struct("<q")
PART = 1 << 48
BOOT = Path("/proc/sys/kernel/random/boot_id")
# Seconds after which nothing that a dead process had asked of the database is still on its way there.
LATE = 300

log = logging.getLogger(__name__)


class Journal:
    """The numbers of the deliveries that are being written to the network right now."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.journal"
        with self.path.open("w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(SLOTS * ENTRY.size)
            # The map has a descriptor of its own, and holds the lock by it.
            self._memory = mmap.mmap(file.fileno(), SLOTS * ENTRY.size)
        self._free = list(range(SLOTS))
        self._slots: dict[int, int] = {}
        self._paused: dict[int, int] = {}

    def begin(self, delivery: int) -> None:
        """The delivery's first byte, or that of its next part, leaves now."""
        if delivery not in self._slots:
            self._slots[delivery] = self._free.pop()
        self._paused.pop(delivery, None)
        self._write(delivery, delivery)

    def pause(self, delivery: int, parts: int) -> None:
        """So many of its parts have arrived, and the next one waits."""
        self._paused[delivery] = parts
        self._write(delivery, -(delivery + parts * PART))

    def paused(self, delivery: int) -> int:
        """How many of its parts have arrived, where the next one waits; else 0."""
        return self._paused.get(delivery, 0)

    def has(self, delivery: int) -> bool:
        """Whether the delivery's first byte, or that of its next part, may have left."""
        return delivery in self._slots and delivery not in self._paused

    def end(self, delivery: int) -> None:
        """What became of the delivery is in the database."""
        if delivery in self._slots:
            self._write(delivery, 0)
            self._free.append(self._slots.pop(delivery))
            self._paused.pop(delivery, None)

    def _write(self, delivery: int, entry: int) -> None:
        ENTRY.pack_into(self._memory, self._slots[delivery] * ENTRY.size, entry)

    def close(self) -> None:
        """Everything is settled: nothing to remember."""
        self._memory.close()
        self.path.unlink(missing_ok=True)


def left_behind(folder: Path) -> Iterator[Path]:
    """The journals of processes that were killed."""
    for path in sorted(folder.glob("*.journal")):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # it lives
            yield path


async def recover(database: Database, journals: Sequence[Path]) -> None:
    """Settle what dead processes were sending: what had begun to leave is unknown, the rest is queued again."""
    for path in journals:
        left, parts = _begun(path) if same_boot(path.stem) else (None, {})
        unknown = await database.write(partial(outbox.recover, claimant=path.stem, left=left, parts=parts))
        if unknown:
            log.warning("%d messages may or may not have arrived; chasqui doctor tells more", unknown)


async def recover_late(database: Database, journals: Sequence[Path]) -> None:
    """Once more after a while: PostgreSQL may commit what a process claimed after that was killed. Then forget them."""
    await asyncio.sleep(LATE)
    await recover(database, journals)
    for path in journals:
        path.unlink(missing_ok=True)


def _begun(path: Path) -> tuple[set[int], dict[int, int]]:
    """The deliveries that had begun to leave; and between which parts others were."""
    entries = [entry for (entry,) in ENTRY.iter_unpack(path.read_bytes()[: SLOTS * ENTRY.size])]
    return {entry for entry in entries if entry > 0}, {-entry % PART: -entry // PART for entry in entries if entry < 0}


def new_name() -> str:
    """A name for this process that says which start of the machine it belongs to."""
    boot = BOOT.read_text().strip()[:8] if BOOT.exists() else "unknown"
    return f"{boot}-{os.getpid()}-{os.urandom(3).hex()}"


def same_boot(name: str) -> bool:
    """Whether a process of this name ran since the machine started: only then is its journal whole."""
    return BOOT.exists() and name.startswith(BOOT.read_text().strip()[:8])
