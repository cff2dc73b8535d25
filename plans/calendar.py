"""Days and periods: Colombian business days, and the parts a window falls into."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from plans.terms import Every

# Months in each period and the letter of its key; the other cadences have one period, the window itself.
_LENGTHS: dict[Every, tuple[int, str]] = {
    "month": (1, ""),
    "two_months": (2, "B"),
    "quarter": (3, "T"),
    "four_months": (4, "C"),
    "half_year": (6, "S"),
    "year": (12, ""),
}


@cache
def _national(year: int) -> frozenset[date]:
    return frozenset(country_holidays("CO", years=year))


@dataclass(frozen=True, slots=True)
class Calendar:
    """National holidays, weekends, and the entity's own non-working days."""

    local: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.local and day not in _national(day.year)

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th business day after `day` (before it, if negative); `day` itself for 0."""
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_business_day(day)
        return day

    def next_business_day(self, day: date) -> date:
        """The first business day after `day`."""
        return self.add_business_days(day, 1)

    def last_business_day_on_or_before(self, day: date) -> date:
        return day if self.is_business_day(day) else self.add_business_days(day, -1)

    def business_days_between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative when `end` comes first."""
        if end < start:
            return -self.business_days_between(end, start)
        return sum(self.is_business_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


# Business days after a cut-off in which Internal Control publishes its follow-up: those of 2022 were out on 13 May,
# 14 September and 16 January.
PUBLISHED_WITHIN = 10


def step_reached(calendar: Calendar, due: date, steps: Iterable[int], today: date) -> int | None:
    """The latest step (business days after `due`) whose day has come; None before the first."""
    due = calendar.last_business_day_on_or_before(due)
    return max((step for step in steps if calendar.add_business_days(due, step) <= today), default=None)


@dataclass(frozen=True, slots=True)
class Period:
    """Part of a window, both days included; `key` as in Owed.period: "2022-05", "2022-B3", "2022-T2"."""

    key: str
    start: date
    end: date


def periods(every: Every, start: date, end: date) -> list[Period]:
    """The calendar periods the window touches, clipped to it; none when it ends before it starts."""
    if start > end:
        return []
    if every not in _LENGTHS:
        return [Period(f"{start.year}", start, end)]
    return [Period(p.key, max(p.start, start), min(p.end, end)) for p in _whole_periods(every, start, end)]


def _whole_periods(every: Every, start: date, end: date) -> Iterator[Period]:
    months, letter = _LENGTHS[every]
    first, last = (day.year * 12 + day.month - 1 for day in (start, end))
    for at in range(first // months, last // months + 1):
        year, month = divmod(at * months, 12)
        place = {1: f"-{month + 1:02}", 12: ""}.get(months, f"-{letter}{month // months + 1}")
        closing = month + months
        closed = date(year, closing, monthrange(year, closing)[1])
        yield Period(f"{year}{place}", date(year, month + 1, 1), closed)
