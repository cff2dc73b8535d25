"""The clock of an installation: the real one, or for a demonstration of a past plan one that is set back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from models import installation

OFFSET = "clock_offset"


@dataclass(slots=True)
class Clock:
    """`offset` is what its time is ahead of the real one; only a demonstration moves it while it runs."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC) + self.offset


def kept(connection: Connection) -> Clock:
    """The clock this database runs on."""
    return Clock(timedelta(seconds=float(installation.get(connection, OFFSET) or 0)))


def set_to(connection: Connection, moment: datetime) -> Clock:
    """Have the database run on a clock that now shows `moment`, and keep it so over restarts."""
    clock = Clock(moment - Clock().now())
    installation.put(connection, OFFSET, str(clock.offset.total_seconds()))
    return clock
