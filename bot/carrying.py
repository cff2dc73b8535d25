"""What a channel must be able to do with a message, and what may become of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from models.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; `platform_id` is what the platform calls it."""

    platform_id: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not accepted, try again in `seconds`; `everybody`: the whole bot must pause."""

    seconds: float
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Not accepted, and it never will be. `gone`: this person cannot be reached there any more."""

    reason: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The same chat has another address now."""

    address: str


@dataclass(frozen=True, slots=True)
class Back:
    """Not accepted as it is: it waits in the queue again, to be looked at anew.

    `note` writes down what was learnt of it, in the same transaction.
    """

    reason: str
    note: Callable[[Connection], object]


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived."""

    reason: str


Result = Sent | Later | Failed | Moved | Back | Unknown


# Waits for the next turn, and before for as long as the platform asked; so many parts of the message have arrived.
Turn = Callable[[Later | None, int], Awaitable[None]]


class Carrier(Protocol):
    """A channel's way out. `begun` is called right before the first byte leaves."""

    @property
    def name(self) -> str:
        """The channel, as deliveries call it."""
        ...

    async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: Turn) -> Result:
        """Send one message. What takes several calls awaits `turn` before each after the first."""
        ...
