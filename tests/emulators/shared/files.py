"""The files a platform keeps, and the links that lead to them for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stored:
    """One file. `size` is what the platform says it weighs, in bytes."""

    id: str
    data: bytes
    name: str
    mime: str
    size: int


@dataclass(slots=True)
class Kept:
    """Every file by its id. `link_lifetime` is how many seconds a link works."""

    link_lifetime: float
    clock: Callable[[], float] = time.monotonic
    kept: dict[str, Stored] = field(default_factory=dict)
    links: dict[str, tuple[Stored, float]] = field(default_factory=dict)

    def keep(self, new_id: str, data: bytes, name: str, mime: str, size: int | None) -> Stored:
        """Keep a file; `size` where it pretends to weigh something else."""
        stored = self.kept[new_id] = Stored(new_id, data, name, mime, len(data) if size is None else size)
        return stored

    def forget(self, file_id: str) -> None:
        """From now on its id does not work."""
        del self.kept[file_id]

    def give(self, link: str, stored: Stored) -> None:
        """From now on the link leads to the file, for a while."""
        self.links[link] = (stored, self.clock() + self.link_lifetime)

    def expire_links(self) -> None:
        """From now on no link given so far works."""
        self.links.clear()

    def behind(self, link: str) -> Stored | None:
        """What a link leads to, as long as it does."""
        stored, until = self.links.get(link, (None, 0.0))
        return stored if stored and self.clock() < until and stored.id in self.kept else None
