"""Which messages have begun to leave: written in memory that the kernel keeps when the process is killed.

A delivery is committed as "sending" before it goes out. If the process dies there, it matters whether a single byte
had left: this file says so, without a commit for each message. After a power cut it says nothing, and everything that
was being sent counts as unknown.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path

SLOTS = 1024
ENTRY = struct.Struct("<q")
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Journal:
    """The numbers of the deliveries that are being written to the network right now."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.journal"
        with self.path.open("w+b") as file:
            file.truncate(SLOTS * ENTRY.size)
            self._memory = mmap.mmap(file.fileno(), SLOTS * ENTRY.size)
        self._free = list(range(SLOTS))
        self._slots: dict[int, int] = {}

    def begin(self, delivery: int) -> None:
        """The delivery's first byte leaves now."""
        if delivery not in self._slots:
            slot = self._slots[delivery] = self._free.pop()
            ENTRY.pack_into(self._memory, slot * ENTRY.size, delivery)

    def has(self, delivery: int) -> bool:
        """Whether the delivery's first byte may have left."""
        return delivery in self._slots

    def end(self, delivery: int) -> None:
        """What became of the delivery is in the database."""
        if (slot := self._slots.pop(delivery, None)) is not None:
            ENTRY.pack_into(self._memory, slot * ENTRY.size, 0)
            self._free.append(slot)

    def close(self) -> None:
        """Everything is settled: nothing to remember."""
        self._memory.close()
        self.path.unlink(missing_ok=True)


def left_behind(folder: Path) -> Iterator[tuple[str, set[int], Path]]:
    """What processes that were killed left: their name, the deliveries that had begun to leave, the file."""
    for path in folder.glob("*.journal"):
        numbers = {number for (number,) in ENTRY.iter_unpack(path.read_bytes()[: SLOTS * ENTRY.size])}
        yield path.stem, numbers - {0}, path


def new_name() -> str:
    """A name for this process that says which start of the machine it belongs to."""
    boot = BOOT.read_text().strip()[:8] if BOOT.exists() else "unknown"
    return f"{boot}-{os.getpid()}-{os.urandom(3).hex()}"


def same_boot(name: str) -> bool:
    """Whether a process of this name ran since the machine started: only then is its journal whole."""
    return BOOT.exists() and name.startswith(BOOT.read_text().strip()[:8])
