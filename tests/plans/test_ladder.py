"""The ladder of reminders: which step has come on which day, over holidays, local days and the turn of the year."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ladders import reached
from plans.bundled import load
from plans.calendar import PUBLISHED_WITHIN, Calendar, step_reached
from plans.terms import LADDER, PlanError

PLAN = Path(__file__).resolve().parents[2] / "plans" / "narino-2022.yaml"
DAYS = st.dates(date(2021, 11, 1), date(2023, 3, 31))
CALENDARS = st.builds(Calendar, st.frozensets(DAYS, max_size=25))
LADDERS = st.sets(st.integers(-30, 30), min_size=1, max_size=7)


@given(CALENDARS, DAYS, DAYS, LADDERS)
def test_the_days_looked_up_by_range_are_those_counted_one_by_one(
    calendar: Calendar, due: date, today: date, steps: set[int]
) -> None:
    today = calendar.last_business_day_on_or_before(today)
    warn = calendar.last_business_day_on_or_before(due)
    by_range = next((step for step, until in reached(1, steps, calendar, today).bounds if warn <= until), None)
    assert by_range == step_reached(calendar, due, steps, today)


@given(CALENDARS, DAYS, LADDERS)
def test_every_step_comes_once_in_its_order_on_business_days(calendar: Calendar, due: date, steps: set[int]) -> None:
    days = [due + timedelta(days=n) for n in range(-80, 80)]
    seen = [step_reached(calendar, due, steps, day) for day in days if calendar.is_business_day(day)]
    come = [step for step in dict.fromkeys(seen) if step is not None]
    assert come == sorted(steps)
    assert [step for step in seen if step is not None] == sorted(step for step in seen if step is not None)


@pytest.mark.parametrize(
    ("due", "day", "step"),
    [
        (date(2022, 5, 31), date(2022, 5, 13), None),
        (date(2022, 5, 31), date(2022, 5, 16), -10),  # 30 May is a holiday
        (date(2022, 5, 31), date(2022, 5, 25), -3),
        (date(2022, 5, 31), date(2022, 5, 31), 0),
        (date(2022, 5, 31), date(2022, 6, 7), 5),
        (date(2022, 12, 31), date(2022, 12, 30), 0),  # a Saturday
        (date(2022, 12, 31), date(2023, 1, 2), 1),
        (date(2022, 12, 31), date(2023, 1, 6), 5),
    ],
)
def test_days_of_the_usual_ladder(due: date, day: date, step: int | None) -> None:
    assert step_reached(Calendar(), due, LADDER, day) == step


def test_local_days_are_not_counted() -> None:
    carnival = Calendar(frozenset({date(2023, 1, 4), date(2023, 1, 5), date(2023, 1, 6)}))
    assert carnival.add_business_days(date(2022, 12, 30), 5) == date(2023, 1, 12)
    assert step_reached(carnival, date(2022, 12, 31), LADDER, date(2023, 1, 11)) == 1


def test_the_plan_of_narino_has_the_usual_ladder_and_its_cutoffs() -> None:
    plan = load(PLAN)
    assert plan.nudges == LADDER
    published = [Calendar().add_business_days(day, PUBLISHED_WITHIN) for day in plan.cutoffs]
    assert published == [date(2022, 5, 13), date(2022, 9, 14), date(2023, 1, 16)]


@pytest.mark.parametrize(
    ("written", "steps"), [("nudges: [0, -5, 0]", (-5, 0)), ("nudges: []", ()), ("", LADDER), ("nudges: [-61]", None)]
)
def test_a_plan_sets_its_ladder(tmp_path: Path, written: str, steps: tuple[int, ...] | None) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.read_text("utf-8").replace("nudges: [-10, -3, 0, 1, 5]", written), "utf-8")
    if steps is None:
        with pytest.raises(PlanError, match="nudges"):
            load(file)
    else:
        assert load(file).nudges == steps
