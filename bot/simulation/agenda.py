"""What happens when: moments in their order, with outages of the server during which nothing does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from plans.calendar import Calendar

# When the clock ticks: at night, for the summary, as people begin and at once again, at their hours, at the end.
TICKS = tuple(
    time.fromisoformat(each)
    for each in ("00:10", "07:30", "08:00", "08:01", "10:00", "14:00", "16:45", "17:00", "21:30")
)
NIGHTS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another."""

    begins: datetime
    ends: datetime


@dataclass(slots=True)
class Agenda:
    """Moments still to come. `down`: when the server does not run."""

    zone: ZoneInfo
    down: list[Span] = field(default_factory=list)
    _coming: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _count: int = 0

    def add(self, at: datetime, do: Callable[[datetime], None]) -> None:
        """Do something at a moment; those of the same moment in the order they were added."""
        self._count += 1
        heappush(self._coming, (at, self._count, do))

    def until(self, at: datetime) -> None:
        """Everything before a moment and at it."""
        while self._coming and self._coming[0][0] <= at:
            when, _count, do = heappop(self._coming)
            do(when)

    def up_again(self, at: datetime) -> datetime | None:
        """When the server runs again that does not at this moment; None where it does."""
        return next((span.ends for span in self.down if span.begins <= at < span.ends), None)

    def on(self, day: date, clock: str | time) -> datetime:
        """A moment by the entity's clocks."""
        return datetime.combine(day, time.fromisoformat(clock) if isinstance(clock, str) else clock, self.zone)


def outages(agenda: Agenda, year: int, chance: Random) -> None:
    """A week without the server, some nights, and half a working day."""
    week = date(year, 3, 1) + timedelta(days=chance.randrange(240))
    agenda.down.append(Span(agenda.on(week, "11:20"), agenda.on(week + timedelta(days=7), "09:40")))
    for _night in range(NIGHTS):
        night = date(year, 1, 10) + timedelta(days=chance.randrange(340))
        agenda.down.append(Span(agenda.on(night, "19:00"), agenda.on(night + timedelta(days=1), "06:30")))
    half = date(year, 2, 1) + timedelta(days=chance.randrange(300))
    agenda.down.append(Span(agenda.on(half, "07:00"), agenda.on(half, "12:10")))


def working_time(agenda: Agenda, calendar: Calendar, day: date, after: int, chance: Random) -> datetime:
    """A moment at which people write, so many business days after a day; some of them late in the evening."""
    day = calendar.add_business_days(calendar.last_business_day_on_or_before(day), after)
    hour = chance.choice((8, 9, 10, 11, 14, 15, 16, 16, 18, 20))
    return agenda.on(day, time(hour, chance.randrange(60), chance.randrange(60)))


def days(first: date, last: date) -> Collection[date]:
    """Every day, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
