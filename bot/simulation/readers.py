"""What coordinators and heads of office were to read on which day: summaries, and reminders of the cut-offs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.simulation.agenda import days

if TYPE_CHECKING:
    from bot.simulation.inspection import Seen

# Business days after a cut-off in which Internal Control publishes its follow-up.
FOLLOW_UP = 10
DAY = timedelta(days=1)


def missed_summaries(seen: Seen) -> Iterator[str]:
    """One of the week (for coordinators) or of a month that ended, not given before another was due."""
    span = days(seen.lived.first, seen.lived.last)
    closings = {_workday(seen, day) for day in span if day.day == 1}
    weeks = {_workday(seen, day) for day in span if day.weekday() == 0}
    for role, due in (("coordinator", closings | weeks), ("head", closings)):
        for first, following in pairwise([*sorted(due), seen.lived.last + DAY]):
            kind = ":(month|quarter):" if first in closings else ""
            for person in _holders(seen, role):
                if _missed(seen, person, role, first, following, f"summary:.*{kind}"):
                    yield f"the summary of {first} to {person} ({role})"


def missed_cutoffs(seen: Seen) -> Iterator[str]:
    """A step before a follow-up is due of which a coordinator did not hear before the next one came."""
    plan = seen.lived.plan
    steps = sorted(step for step in plan.nudges if step <= 0)
    for cutoff in plan.cutoffs:
        due = _workday(seen, cutoff, FOLLOW_UP)
        begins = [_workday(seen, due, step) for step in steps]
        for step, (first, following) in zip(steps, pairwise([*begins, due + DAY]), strict=True):
            for person in _holders(seen, "coordinator"):
                about = f"cutoff:{plan.slug}:{cutoff}:{step}:{person}:"
                if _missed(seen, person, "coordinator", first, following, about):
                    yield f"{about} from {first} on"


def _missed(seen: Seen, person: int, role: str, first: date, following: date, about: str) -> bool:
    """Whether somebody could have been written to between the days, and was not by then; `about`: the keys' pattern."""
    free = next((day for day in days(first, following - DAY) if seen.free(person, day)), None)
    if free is None or not seen.lived.first <= first <= free <= seen.lived.last:
        return False
    given = any(
        row["person_id"] == person and re.match(about, row["dedupe_key"]) and first <= seen.day(row) <= free
        for row in seen.left
    )
    return not given and seen.held(person, role, first, free)


def _holders(seen: Seen, role: str) -> list[int]:
    return sorted({row["person_id"] for row in seen.members if row["role"] == role})


def _workday(seen: Seen, day: date, after: int = 0) -> date:
    """So many business days after a day, before it where negative; else the day, or the first business day after it."""
    while after:
        day += DAY if after > 0 else -DAY
        after -= 0 if seen.off(day) else 1 if after > 0 else -1
    while seen.off(day):
        day += DAY
    return day
