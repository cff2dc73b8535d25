"""What is owed: each activity, for each office or topic, in each period or after each event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from plans.calendar import Calendar, Period, periods
from plans.readings import undecided
from plans.readings.words import slug
from plans.terms import Activity, Owed, Plan


@dataclass(frozen=True, slots=True)
class Event:
    """A dialogue event: its key, the code of the office that held it ("" = the entity), and its day."""

    key: str
    office: str
    day: date


@dataclass(frozen=True, slots=True)
class Difference:
    """Obligations by code: only after, only before, and in both but not the same (before, after)."""

    added: tuple[Owed, ...]
    removed: tuple[Owed, ...]
    changed: tuple[tuple[Owed, Owed], ...]


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whom a unit is counted for: the entity, an office or a topic; `suffix` ends its codes."""

    office: str = ""
    topic: str = ""
    suffix: str = ""


def owed(
    plan: Plan, *, on: date | None = None, decided: Collection[int] = (), events: Sequence[Event] = (),
    topics: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Owed]:  # fmt: skip
    """Everything the plan asks for, in the order of its rows; codes are unique.

    `on` leaves out what begins after that day. `decided`: numbers of the rows whose reading somebody chose.
    `events` in the order they were recorded: the first of an office takes up its planned obligation, each
    further one adds another. `topics` of a period, by its key, count there instead of the plan's.
    """
    open_rows = {activity.number for activity in undecided(plan, decided)}
    calendar = Calendar(frozenset(plan.holidays))
    duties = [
        replace(duty, provisional=activity.number in open_rows)
        for activity in plan.activities
        for period in periods(activity.every, activity.start, activity.end)
        for holder in _holders(plan, activity, period, topics.get(period.key, plan.topics))
        for duty in _duties(activity, period, holder, calendar, events)
    ]
    return [duty for duty in _unique(duties) if on is None or duty.starts <= on]


def total_units(
    plan: Plan, *, on: date | None = None, decided: Collection[int] = (), events: Sequence[Event] = ()
) -> int:
    """Deliverables of the plan when everything in `owed` is complete."""
    return sum(duty.units for duty in owed(plan, on=on, decided=decided, events=events))


def difference(before: Iterable[Owed], after: Iterable[Owed]) -> Difference:
    """What a choice or a new import adds, removes and changes; that a reading became decided is no change."""
    old = {duty.code: duty for duty in before}
    new = {duty.code: duty for duty in after}
    pairs = [(old[code], duty) for code, duty in new.items() if code in old]
    return Difference(
        added=tuple(duty for code, duty in new.items() if code not in old),
        removed=tuple(duty for code, duty in old.items() if code not in new),
        changed=tuple((was, now) for was, now in pairs if replace(was, provisional=now.provisional) != now),
    )


def _holders(plan: Plan, activity: Activity, period: Period, listed: Sequence[str]) -> list[_Holder]:
    if activity.per == "topic":
        topics = list(dict.fromkeys(listed))
        return [_Holder("", topic, suffix) for topic, suffix in zip(topics, _suffixes(topics), strict=True)]
    if activity.per != "office":
        return [_Holder()]
    codes = list(dict.fromkeys(office.code for office in plan.offices if office.dependency))
    suffixes = dict(zip(codes, _suffixes(codes), strict=True))
    valid = {
        office.code: None
        for office in plan.offices
        if office.dependency
        and (office.valid_from or date.min) <= period.end
        and (office.valid_to or date.max) >= period.start
    }
    entity = [_Holder()] if activity.plus_entity else []
    return [_Holder(code, "", suffixes[code]) for code in valid] + entity


def _duties(
    activity: Activity, period: Period, holder: _Holder, calendar: Calendar, events: Sequence[Event]
) -> Iterator[Owed]:
    base = _base(activity, period, holder, calendar)
    dated = [(step.title, step.due) for step in activity.steps if step.due]
    if dated:
        for place, (title, due) in enumerate(dated, start=1):
            part = replace(base, code=f"{base.code}-P{place}", steps=(title,), distinct="", fixed=True)
            yield _due(part, due, calendar)
    elif activity.every == "event" and (activity.days_after is not None or activity.per == "event"):
        held = [event for event in events if _concerns(event, activity, holder)]
        yield from _after_events(activity, base, calendar, held)
    else:
        yield base


def _base(activity: Activity, period: Period, holder: _Holder, calendar: Calendar) -> Owed:
    """What is owed in the period, as if no event had taken place and no step had a day."""
    steps = tuple(step.title for step in activity.steps if not step.due)
    quantity = activity.quantity or 1
    due = activity.due or period.end
    if activity.days_after is not None and activity.every != "event":
        due = calendar.add_business_days(due, activity.days_after)
    duty = Owed(
        code="-".join(filter(None, (f"A{activity.number:02}-{period.key}", holder.suffix))),
        activity=activity.number,
        period=period.key,
        office=holder.office,
        topic=holder.topic,
        event="",
        starts=period.start,
        due=due,
        warn=due,
        fixed=activity.fixed and activity.due is not None,
        target=quantity * max(1, len(steps)),
        unit=activity.unit,
        units=1 if activity.unit == "%" else quantity,
        steps=steps,
        distinct="step" if steps else "municipality" if activity.per == "municipality" else "",
        lead=activity.lead or holder.office,
        support=activity.support,
        after=activity.after,
        proofs=activity.proofs,
        provisional=False,
    )
    return _due(duty, due, calendar)


def _due(duty: Owed, due: date, calendar: Calendar) -> Owed:
    return replace(duty, due=due, warn=calendar.last_business_day_on_or_before(due))


def _concerns(event: Event, activity: Activity, holder: _Holder) -> bool:
    ours = activity.per != "office" or event.office == holder.office
    return ours and activity.start <= event.day <= activity.end


def _after_events(activity: Activity, base: Owed, calendar: Calendar, events: Sequence[Event]) -> Iterator[Owed]:
    """At least one, due when the window ends; the first event sets its day, further ones add more."""
    if not events:
        yield base
    for place, event in enumerate(events):
        due = calendar.add_business_days(event.day, activity.days_after or 0)
        # What must come before an event can begin at once; what follows it begins that day.
        starts = base.starts if due < event.day else event.day
        duty = replace(base, event=event.key, starts=starts)
        if place:
            duty = replace(duty, code=f"{base.code}-{slug(event.key).upper()}", period=event.key)
        yield _due(duty, due, calendar)


def _suffixes(names: Sequence[str]) -> list[str]:
    """Short upper-case ASCII names, all different."""
    return _numbered([slug(name, 21).upper() or "X" for name in names])


def _unique(duties: Sequence[Owed]) -> list[Owed]:
    """Different codes whatever events and offices are called."""
    codes = _numbered([duty.code for duty in duties])
    return [replace(duty, code=code) for duty, code in zip(duties, codes, strict=True)]


def _numbered(names: Sequence[str]) -> list[str]:
    """The names with -2, -3… after repeats."""
    used = set(names)
    seen: set[str] = set()
    result = []
    for name in names:
        code, place = name, 2
        while code in seen or (code != name and code in used):
            code, place = f"{name}-{place}", place + 1
        seen.add(code)
        result.append(code)
    return result
