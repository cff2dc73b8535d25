"""How much one person may be sent: one message each six seconds, and many at once after a silence."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# What WhatsApp allows: seconds for a message, and how many may leave at once before that counts.
EVERY, BURST = 6.0, 45
# After a refusal nothing is sent for BASE to the power of the refusals so far, the first counting as one, in seconds.
BASE, MOST_REFUSALS = 4, 6
AHEAD = EVERY * (BURST - 1)


@dataclass(slots=True)
class Pace:
    """`full_at`: when the person can be sent a whole burst again."""

    full_at: float
    refusals: int = 0


@dataclass(slots=True)
class Pairs:
    """The paces of those who were sent something lately; who can be sent a whole burst is forgotten."""

    clock: Callable[[], float] = time.monotonic
    paces: dict[str, Pace] = field(default_factory=dict)

    def wait(self, address: str) -> float:
        """Seconds until the next message may leave."""
        pace = self.paces.get(address)
        return max(0.0, pace.full_at - AHEAD - self.clock()) if pace else 0.0

    def left(self, address: str) -> None:
        """A message leaves."""
        now = self.clock()
        pace = self._newest(address, now)
        pace.full_at = max(pace.full_at, now) + EVERY

    def taken(self, address: str) -> None:
        """A message was accepted."""
        if pace := self.paces.get(address):
            pace.refusals = 0

    def refused(self, address: str) -> float:
        """Too much for this person all the same; seconds until the next may leave."""
        now = self.clock()
        pace = self._newest(address, now)
        pace.refusals = min(pace.refusals + 1, MOST_REFUSALS)
        seconds = float(BASE**pace.refusals)
        pace.full_at = now + AHEAD + seconds
        return seconds

    def _newest(self, address: str, now: float) -> Pace:
        """The person's pace, behind all others: what stands in front was used before."""
        pace = self.paces[address] = self.paces.pop(address, Pace(now))
        while (oldest := next(iter(self.paces))) != address and self.paces[oldest].full_at <= now:
            del self.paces[oldest]
        return pace
