"""How much may be sent: 30 messages a second in all, one a second in a chat, or what a test sets.

Telegram does not publish how it counts, so there are two readings. "window" is strict: no second, wherever it
begins, holds more. "bucket" forgives the start: what was not used is saved up, to one second's worth.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Model = Literal["window", "bucket"]


@dataclass(slots=True)
class Window:
    """At most `most` in any second."""

    most: int
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more may be sent; not above 0: at once."""
        return self.taken[0] + 1 - now if len(self.taken) == self.most else 0.0

    def take(self, now: float) -> None:
        """Send one."""
        if len(self.taken) == self.most:
            self.taken.popleft()
        self.taken.append(now)


@dataclass(slots=True)
class Bucket:
    """`most` saved up at the start, and `most` more every second."""

    most: int
    level: float = math.inf
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may be sent; not above 0: at once."""
        self.level = min(self.most, self.level + (now - self.at) * self.most)
        self.at = now
        return (1 - self.level) / self.most

    def take(self, now: float) -> None:
        """Send one."""
        self.level -= 1


@dataclass(slots=True)
class Limits:
    """The limits in force; none until set."""

    clock: Callable[[], float] = time.monotonic
    everybody: Window | Bucket | None = None
    each: Callable[[], Window | Bucket] | None = None
    chats: dict[int, Window | Bucket] = field(default_factory=dict)
    halted_until: float = -math.inf

    def set(self, model: Model = "window", overall: int | None = 30, per_chat: int | None = 1) -> None:
        """Messages a second, in all and in one chat; None is no limit."""
        kind = Window if model == "window" else Bucket
        self.everybody = kind(overall) if overall else None
        self.each = (lambda: kind(per_chat)) if per_chat else None
        self.chats.clear()

    def halt(self, seconds: float) -> None:
        """Refuse every message for a while, as after too many of them."""
        self.halted_until = self.clock() + seconds

    def retry_after(self, chat: int) -> int:
        """Whole seconds to wait, or 0: the message is counted and may pass."""
        now = self.clock()
        counted = [self.everybody] if self.everybody else []
        if self.each:
            counted.append(self.chats.setdefault(chat, self.each()))
        wait = max([self.halted_until - now, *(count.wait(now) for count in counted)])
        if wait > 0:
            return math.ceil(wait)
        for count in counted:
            count.take(now)
        return 0
