"""Colombian business days, checked with dates of real reports, and the periods of a window."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.calendar import Calendar, periods
from plans.terms import Every

CALENDAR = Calendar()
DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2022, 3, 31), 10, date(2022, 4, 18)),
        (date(2022, 6, 30), 10, date(2022, 7, 15)),
        (date(2022, 9, 30), 10, date(2022, 10, 14)),
        (date(2022, 12, 31), 10, date(2023, 1, 16)),
        (date(2022, 4, 30), 10, date(2022, 5, 13)),
        (date(2022, 8, 31), 10, date(2022, 9, 14)),
        (date(2022, 12, 9), 15, date(2022, 12, 30)),
        (date(2022, 12, 12), 15, date(2023, 1, 2)),
        (date(2026, 7, 10), 1, date(2026, 7, 14)),
    ],
)
def test_business_days_of_real_reports(day: date, count: int, due: date) -> None:
    assert CALENDAR.add_business_days(day, count) == due
    assert CALENDAR.business_days_between(day, due) == count


def test_counting_back_skips_holy_week() -> None:
    assert CALENDAR.add_business_days(date(2022, 4, 18), -1) == date(2022, 4, 13)


def test_a_saturday_is_warned_of_the_friday_before() -> None:
    assert CALENDAR.last_business_day_on_or_before(date(2022, 12, 31)) == date(2022, 12, 30)
    assert CALENDAR.next_business_day(date(2022, 12, 31)) == date(2023, 1, 2)


def test_local_days_are_not_worked() -> None:
    pasto = Calendar(frozenset({date(2023, 1, 4), date(2023, 1, 5), date(2023, 1, 6)}))
    assert CALENDAR.is_business_day(date(2023, 1, 5))
    assert not pasto.is_business_day(date(2023, 1, 5))
    assert pasto.add_business_days(date(2022, 12, 31), 10) == date(2023, 1, 19)


@given(DAYS, st.integers(1, 40))
def test_counting_there_and_between_agree(day: date, count: int) -> None:
    due = CALENDAR.add_business_days(day, count)
    assert CALENDAR.is_business_day(due)
    assert CALENDAR.business_days_between(day, due) == count
    assert CALENDAR.business_days_between(due, day) == -count


@pytest.mark.parametrize(
    ("every", "keys"),
    [
        ("month", [f"2022-{month:02}" for month in range(2, 13)]),
        ("two_months", ["2022-B1", "2022-B2", "2022-B3", "2022-B4", "2022-B5", "2022-B6"]),
        ("quarter", ["2022-T1", "2022-T2", "2022-T3", "2022-T4"]),
        ("four_months", ["2022-C1", "2022-C2", "2022-C3"]),
        ("half_year", ["2022-S1", "2022-S2"]),
        ("year", ["2022"]),
        ("once", ["2022"]),
        ("event", ["2022"]),
        ("continuous", ["2022"]),
    ],
)
def test_periods_of_february_to_december(every: Every, keys: list[str]) -> None:
    found = periods(every, date(2022, 2, 1), date(2022, 12, 31))
    assert [period.key for period in found] == keys
    assert (found[0].start, found[-1].end) == (date(2022, 2, 1), date(2022, 12, 31))


@given(DAYS, st.integers(0, 900), st.sampled_from(["month", "two_months", "quarter", "four_months", "half_year"]))
def test_periods_cover_the_window_once(start: date, length: int, every: Every) -> None:
    end = start + timedelta(days=length)
    found = periods(every, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert len({period.key for period in found}) == len(found)
    for before, after in pairwise(found):
        assert after.start == before.end + timedelta(days=1)


def test_no_window_no_periods() -> None:
    assert periods("month", date(2022, 2, 1), date(2022, 1, 1)) == []
