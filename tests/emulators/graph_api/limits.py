"""How much may be sent: to one person 45 at once and one more every 6 seconds, and so many a second in all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.emulators.graph_api.errors import GraphError

BURST, EVERY = 45, 6.0  # messages to one person at once, seconds until one more


@dataclass(slots=True)
class Bucket:
    """`most` at once, and one more every `every` seconds."""

    most: float
    every: float
    level: float
    at: float

    def takes(self, now: float) -> bool:
        """Whether one more may be sent; it is counted if so."""
        self.level = min(self.most, self.level + (now - self.at) / self.every)
        self.at = now
        self.level -= (taken := self.level >= 1)
        return taken


@dataclass(slots=True)
class Limits:
    """The limits in force; none until set."""

    clock: Callable[[], float] = time.monotonic
    number: Bucket | None = None
    pair: tuple[int, float] | None = None
    pairs: dict[str, Bucket] = field(default_factory=dict)

    def set(self, number: float | None = 80, pair: tuple[int, float] | None = (BURST, EVERY)) -> None:
        """Messages a second from the number, and (at once, seconds until one more) to a person; None is no limit."""
        self.number = Bucket(number, 1 / number, number, self.clock()) if number else None
        self.pair = pair
        self.pairs.clear()

    def check(self, chat: str) -> None:
        """Count a message to a person. Raises GraphError where it is too much."""
        now = self.clock()
        if self.number and not self.number.takes(now):
            raise GraphError(130429)
        if self.pair:
            most, every = self.pair
            if not self.pairs.setdefault(chat, Bucket(most, every, most, now)).takes(now):
                raise GraphError(131056)
