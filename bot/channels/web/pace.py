"""How fast one phone may write: a burst, as after a time without signal, and then a steady pace."""

from __future__ import annotations

BURST = 40
SECONDS = 0.5
MOST_KNOWN = 10_000


class Pace:
    """For each address, the moment at which its burst would be whole again. In memory: a restart forgives."""

    def __init__(self) -> None:
        self._whole: dict[str, float] = {}

    def allows(self, address: str, now: float) -> bool:
        """Whether the address may write once more. `now`: seconds of any clock that only goes forward."""
        whole = max(self._whole.get(address, now), now)
        if whole - now > (BURST - 1) * SECONDS:
            return False
        if len(self._whole) >= MOST_KNOWN:
            self._whole = {known: moment for known, moment in self._whole.items() if moment > now}
        self._whole[address] = whole + SECONDS
        return True
