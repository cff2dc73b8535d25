"""What a summary tells: what moved in a span of time, what is late and whose, what waits, what comes next.

Whatever is counted is found by an index or is a part of the plan: a summary of the tenth year costs what the first did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from models import summary_queries
from models.blockers import Held
from models.charges import Bill, bill
from models.figures import NOTHING, Counts, CurrentPlan, Figures, Part, Scope, figures
from models.summary_times import Led
from plans.calendar import periods

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """The time a summary is of, in the entity's zone, without `until`. `period`: "2022-05", "2022-T2", "" for days."""

    kind: Literal["week", "month", "quarter"]
    period: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """Reports that came in the span and still stand, those of them that were verified, those returned since.

    units  deliverables that these reports completed
    """

    reports: int = 0
    verified: int = 0
    returned: int = 0
    units: int = 0

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.reports + other.reports, self.verified + other.verified, self.returned + other.returned,
            self.units + other.units,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """How many deliverables an office has not reported in time, the oldest deadline. "" is nobody's."""

    office: str
    units: int
    oldest: date


@dataclass(frozen=True, slots=True)
class Summary:
    """All there is to tell. Of the whole plan, or of `offices`: what they lead and what counts for them.

    parts      subcomponents of the plan, activities of an office, each with what moved in it
    late       offices in charge, worst first; overdue: deliverables that became late since the span began
    soon       deliverables due within a week, the first on `next_due`
    waiting    reports nobody has reviewed, the oldest from `waiting_since`
    answers    what officers answered and nobody has decided; new_answers: since the span began
    held       who holds up how much, most first
    failed     messages of the span that did not arrive; unknown: that may not have
    questions  what citizens asked and nobody answered in time, the oldest due on `questions_since`
    whatsapp   what the messages there cost from the beginning of the month in which the span ends, None for offices
    """

    plan: CurrentPlan
    offices: tuple[Led, ...]
    span: Span
    today: date
    parts: tuple[tuple[Part, Moved], ...]
    late: tuple[Late, ...]
    overdue: int
    soon: int
    next_due: date | None
    waiting: int
    waiting_since: datetime | None
    answers: int
    new_answers: int
    held: tuple[Held, ...]
    failed: int
    unknown: int
    questions: int = 0
    questions_since: date | None = None
    whatsapp: Bill | None = None

    @property
    def total(self) -> Counts:
        """All parts together."""
        return sum((part.counts for part, _moved in self.parts), NOTHING)

    @property
    def moved(self) -> Moved:
        """What moved in all parts."""
        return sum((moved for _part, moved in self.parts), Moved())

    @property
    def late_units(self) -> int:
        """How many deliverables are late."""
        return sum(one.units for one in self.late)

    @property
    def news(self) -> bool:
        """Whether anything happened in the span, or citizens wait for an answer that is late."""
        moved = self.moved
        return any(
            (moved.reports, moved.returned, self.overdue, self.new_answers, self.failed, self.unknown, self.questions)
        )


def span_of(kind: Literal["month", "quarter"], day: date, zone: ZoneInfo) -> Span:
    """The whole month or quarter that holds a day."""
    year = periods(kind, date(day.year, 1, 1), date(day.year, 12, 31))
    period = next(period for period in year if period.end >= day)
    return Span(kind, period.key, midnight(period.start, zone), midnight(period.end + timedelta(days=1), zone))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone)


def summary(connection: Connection, span: Span, today: date, offices: Sequence[Led] = ()) -> Summary | None:
    """The summary of the plan of the year in which the span ends, or of some offices; None where there is no plan.

    Six statements, and one more for each office but the first.
    """
    found = _figures(connection, today, _last(span).year, offices)
    if found is None:
        return None
    plan, parts = found
    asked: dict[str, Any] = {
        "plan": plan.id, "since": span.since, "until": span.until, "today": today, "soon": today + SOON,
        "begun": span.since.date(),
    }  # fmt: skip
    if offices:
        asked["offices"] = [office.id for office in offices]
    ours = bool(offices)
    moved = {row.number: Moved(*map(int, row[1:])) for row in connection.execute(summary_queries.MOVED[ours], asked)}
    owed = connection.execute(summary_queries.OWED[ours], asked).all()
    answers = connection.execute(summary_queries.ANSWERS[ours], asked).all()
    state = connection.execute(summary_queries.STATE[ours], asked).one()
    return Summary(
        plan, tuple(offices), span, today,
        tuple((part, moved.get(part.number, Moved())) for part in parts),
        tuple(Late(row.office or "", row.late, row.oldest) for row in owed if row.late),
        sum(row.overdue for row in owed),
        sum(row.soon for row in owed),
        min((row.next_due for row in owed if row.next_due), default=None),
        state.waiting, state.waiting_since,
        sum(row.answers for row in answers), sum(row.new for row in answers),
        tuple(Held(row.against, row.held, row.since) for row in answers if row.against and row.held),
        state.failed, state.unknown, state.questions, state.questions_since,
        None if ours else bill(connection, "whatsapp", *_month(span)),
    )  # fmt: skip


def _month(span: Span) -> tuple[datetime, datetime]:
    """From the beginning of the month in which the span ends until its end."""
    return _last(span).replace(day=1, hour=0, minute=0, second=0, microsecond=0), span.until


def _last(span: Span) -> datetime:
    """The end of the span, where that is midnight still of the day before."""
    return span.until - timedelta(microseconds=1)


def _figures(
    connection: Connection, today: date, year: int, offices: Sequence[Led]
) -> tuple[CurrentPlan, list[Part]] | None:
    """The plan of a year and its parts, by number."""
    scopes = [Scope("office", code=office.code) for office in offices] or [Scope()]
    found: list[Figures] = [one for scope in scopes if (one := figures(connection, scope, today, year))]
    parts: dict[int, Part] = {}
    for part in (part for one in found for part in one.parts):
        before = parts[part.number].counts if part.number in parts else NOTHING
        parts[part.number] = Part(part.number, part.name, part.short, part.period, before + part.counts)
    return (found[0].plan, [parts[number] for number in sorted(parts)]) if found else None
