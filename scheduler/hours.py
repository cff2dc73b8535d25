"""When the clock may write to people: in working hours of the entity's business days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.gathering import Moment
from models.plan import Timetable
from models.preferences import CLOSES, OPENS
from plans.calendar import Calendar


def moment(now: datetime, zone: ZoneInfo) -> Moment:
    """The moment as the entity's clocks show it, whatever zone the server is in."""
    local = now.astimezone(zone)
    return Moment(now, local.replace(hour=0, minute=0, second=0, microsecond=0), local.date(), local.hour)


def working(at: Moment, plans: Sequence[Timetable]) -> bool:
    """Whether people are at work: nobody writes to them at night, on weekends, holidays and the entity's days off."""
    days_off = frozenset(day for plan in plans for day in plan.calendar.local)
    return OPENS <= at.hour < CLOSES and Calendar(days_off).is_business_day(at.today)


def closing(at: Moment) -> datetime:
    """The end of the working day: what has not left by then is told anew another day."""
    return at.day + timedelta(hours=CLOSES)
