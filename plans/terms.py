"""The words of a plan: what a document says, how each row is read, and who answers for it.

Plain data without behaviour. Everything else in `plans/` turns one of these into the next:
file → Document (literal rows) → Plan (readings) → obligations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Every = Literal["once", "month", "two_months", "quarter", "four_months", "half_year", "year", "event", "continuous"]
# When people are reminded of what falls due: business days after the deadline, before it where negative.
LADDER = (-10, -3, 0, 1, 5)
# What reviewers usually say when they return a report.
RETURNS = (
    "La foto no se ve bien: envíe otra más clara.",
    "El enlace no abre.",
    "El soporte no muestra lo que cuenta el avance.",
    "Falta la lista de asistencia.",
)
Per = Literal["entity", "office", "topic", "municipality", "event"]


class PlanError(Exception):
    """The document cannot be used at all; the message is one Spanish sentence saying why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One activity of the table, literally: cells joined over a page break, inner whitespace folded.

    number         the row's own numbering ("1.1"), or "" where the table has none
    subcomponent   heading of the block the row belongs to, carried down from its first row
    source         where it starts, for people: "línea 23", "hoja 1, fila 4", "página 2, fila 3"
    """

    number: str
    subcomponent: str
    text: str
    target: str
    resources: str
    responsible: str
    schedule: str
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person must decide before the plan can be trusted. `row` is the activity number, 0 = whole plan."""

    row: int
    field: str
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a file literally says. `titles`: the lines outside the table, in order, each once."""

    name: str
    sha256: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One of several things that together make a unit (row 18: presentado, publicado).

    A step with a date of its own is an obligation of its own (row 21); without one it is a part of a unit.
    """

    title: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to count the row. `changes` are Activity fields to replace; the default has none."""

    key: str
    text: str
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """One row as it is counted: `quantity` `unit` for every `every`, per `per`, between `start` and `end`.

    due           the day a single, non-recurring target falls due; None where each period has its own
    days_after    business days from the period's end (row 18: 10) or the event (row 15: 15) to the due date;
                  negative: before the event
    plus_entity   per office, and one more for the entity as a whole (row 15)
    after         numbers of the activities that must be done first (19 and 20 after 12)
    proofs        what each report must show, one evidence for each (row 15: página web, redes sociales)
    confidence    0..1; below 1 something was inferred and `alternatives` or a Problem says what
    alternatives  every reading on offer, the default one first; empty where the row is unambiguous
    fixed         the document writes the day of `due`: it never moves
    label         the row's own numbering where it is not the plain number ("1.1")
    """

    number: int
    subcomponent: int
    subcomponent_title: str
    text: str
    target_text: str
    responsible_text: str
    schedule_text: str
    title: str
    quantity: int | None
    unit: str
    every: Every
    per: Per
    start: date
    end: date
    due: date | None
    steps: tuple[Step, ...] = ()
    lead: str = ""
    support: tuple[str, ...] = ()
    days_after: int | None = None
    plus_entity: bool = False
    after: tuple[int, ...] = ()
    proofs: tuple[str, ...] = ()
    confidence: float = 1.0
    alternatives: tuple[Alternative, ...] = ()
    fixed: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """A secretariat, directorate or committee. Only dependencies count where a row says "todas las dependencias"."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    dependency: bool = True


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a dialogue event asks for beside the event itself. Rows are numbers of activities, None where there is none.

    prior_report  the row of the report that is published `lead_days` business days before
    mechanism, space, hearing  the rows that holding an event helps to fulfil; a hearing only the last
    conclusions   the row of what is published afterwards, within `answer_days` business days like the answers
    """

    prior_report: int | None = None
    mechanism: int | None = None
    space: int | None = None
    hearing: int | None = None
    conclusions: int | None = None
    lead_days: int = 5
    answer_days: int = 15


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, and why."""

    start: date
    end: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One year's plan of one entity, as read; `slug` names it in commands ("narino-2022").

    contact  where people reach the entity about their personal data
    nudges   the steps of the reminders, business days after a deadline (before it where negative)
    cutoffs  the days as of which Internal Control freezes results
    returns  reasons to return a report, offered to whoever reviews it
    dialogue    what dialogue events ask for
    restricted  when nothing is announced to many: elections
    """

    slug: str
    entity: str
    title: str
    year: int
    component: str
    source_name: str
    source_sha256: str
    activities: tuple[Activity, ...]
    offices: tuple[Office, ...] = ()
    topics: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    problems: tuple[Problem, ...] = ()
    contact: str = ""
    nudges: tuple[int, ...] = LADDER
    cutoffs: tuple[date, ...] = ()
    returns: tuple[str, ...] = RETURNS
    dialogue: Checklist = Checklist()
    restricted: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """What one office owes for one activity in one period: a planned obligation, before it is kept.

    code     unique in the plan, and the beginning of its reports' folios: "A04-2022-05", "A06-2022-AGRICULTURA"
    period   "2022-05", "2022-B3" (two months), "2022-T2", "2022-C1" (four months), "2022-S1", "2022", or an event's key
    office   code of the office it counts for, "" = the entity as a whole
    lead     code (or name, where no registry knows it) of the office that closes it; `support` helps
    target   how many reports' worth complete it; `units` what it counts in the plan's total when complete
             (they differ where steps without dates make one unit: target 2 steps, units 1)
    distinct "" | "step" | "municipality": each report names another item; steps lists them where closed
    fixed    the due date stands in the document and never moves; `warn`: the last business day on or before it
    provisional  an undecided reading could change it
    """

    code: str
    activity: int
    period: str
    office: str
    topic: str
    event: str
    starts: date
    due: date
    warn: date
    fixed: bool
    target: int
    unit: str
    units: int
    steps: tuple[str, ...]
    distinct: Literal["", "step", "municipality"]
    lead: str
    support: tuple[str, ...]
    after: tuple[int, ...]
    proofs: tuple[str, ...]
    provisional: bool
