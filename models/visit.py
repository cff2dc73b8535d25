"""Who is asking, when, over which connection: nothing is fetched without one, so nothing is fetched unguarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from models.people import Who


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's turn. `sent_at` is when they say they wrote, `now` when it reached us."""

    connection: Connection
    who: Who
    now: datetime
    sent_at: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()
