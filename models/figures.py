"""How far the plan is: figures summed over what is owed, office level at most. No report is read for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from operator import add
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, ScalarSelect, case, func, select
from sqlalchemy.orm import aliased

from conversation.texts import Text, _
from conversation.understanding import fold
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity, Plan
from plans.calendar import periods
from plans.terms import Every

_owner = aliased(Office)

Kind = Literal["plan", "subcomponent", "activity", "office"]


@dataclass(frozen=True, slots=True)
class Band:
    """A class of compliance; `least` is the per cent it begins at."""

    key: str
    least: int
    word: Text


# The bands of Internal Control's follow-up, the highest first. Unverified outside one real report.
BANDS = (Band("high", 80, _("alta")), Band("medium", 60, _("media")), Band("low", 0, _("baja")))


@dataclass(frozen=True, slots=True)
class Counts:
    """Deliverables: `units` of the year, `due` those whose day has come (today included).

    done         units reported, verified ones included; done_due: of those due
    verified     units that a second person has verified; verified_due: of those due
    provisional  units that an undecided reading could change
    """

    units: int
    done: int
    verified: int
    due: int
    done_due: int
    provisional: int
    verified_due: int = 0

    @property
    def official(self) -> Counts:
        """The same, where only what was verified counts as done."""
        return replace(self, done=self.verified, done_due=self.verified_due)

    @property
    def of_year(self) -> int:
        """Per cent of the year's deliverables that are done, floored."""
        return 100 * self.done // self.units if self.units else 0

    @property
    def to_date(self) -> int | None:
        """Per cent done of what is due, floored; None while nothing is."""
        return 100 * self.done_due // self.due if self.due else None

    @property
    def band(self) -> Band | None:
        """The class of the unrounded per cent to date; None while nothing is due."""
        if not self.due:
            return None
        return next(band for band in BANDS if 100 * self.done_due >= band.least * self.due)

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(add, astuple(self), astuple(other)))


NOTHING = Counts(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: the whole plan, a subcomponent or activity by `number`, an office by `code`.

    code  with a subcomponent or activity: what of it is this office's
    days  the first and the last: only what ends in them, or falls due in them where it has no period
    """

    kind: Kind = "plan"
    number: int = 0
    code: str = ""
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what was asked for: a numbered subcomponent or activity, an office, or a period.

    name    its title or the office's name; "" is the entity as a whole
    short   what the office is called every day
    period  where the piece is a period: "2022-05"
    code    the office's
    """

    number: int
    name: str
    short: str
    period: str
    counts: Counts
    code: str = ""


@dataclass(frozen=True, slots=True)
class CurrentPlan:
    """The plan that counts today."""

    id: int
    slug: str
    entity: str
    contact: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The plan, the title of the subcomponent or activity asked for (else ""), and its parts in order."""

    plan: CurrentPlan
    title: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> Counts:
        """All parts together."""
        return sum((part.counts for part in self.parts), NOTHING)


NEWEST = select(Plan.id).order_by(Plan.year.desc(), Plan.id.desc()).limit(1).scalar_subquery()
PLAN = (Plan.id, Plan.slug, Plan.entity, Plan.contact, Plan.title, Plan.year)
# What divides a year, and so can be the period of an obligation.
CADENCES: tuple[Every, ...] = ("month", "two_months", "quarter", "four_months", "half_year")


def current_plan(connection: Connection) -> CurrentPlan | None:
    """The plan of the newest year."""
    row = connection.execute(select(*PLAN).where(Plan.id == NEWEST)).one_or_none()
    return CurrentPlan(*row) if row else None


def plan_of(year: int) -> ScalarSelect[int]:
    """The id of a year's plan; where it has none, of the newest before it, or else of the first after it."""
    later, apart = case((Plan.year > year, 1), else_=0), func.abs(Plan.year - year)
    return select(Plan.id).order_by(later, apart, Plan.id.desc()).limit(1).scalar_subquery()


def figures(connection: Connection, scope: Scope, today: date, year: int | None = None) -> Figures | None:
    """The figures of the current plan, or of a year's; None where it has no such part. One statement.

    The plan is parted by subcomponent; a subcomponent and an office by activity; an activity by office where it counts
    for several, else by period. An office's figures hold what it leads and what counts for it.
    """
    title, columns = _parted(scope)
    rows = connection.execute(
        select(*PLAN, func.max(title), *_sums(today), *columns)
        .select_from(Activity)
        .join(Plan, Plan.id == Activity.plan_id)
        .outerjoin(Obligation, (Obligation.activity_id == Activity.id) & Obligation.withdrawn_at.is_(None))
        .outerjoin(Office, Office.id == Obligation.office_id)
        .where(Plan.id == (plan_of(year) if year else NEWEST), *narrowed(scope))
        .group_by(*PLAN, *columns)
        .order_by(*columns)
    ).all()
    if not rows:
        return None
    counted = [(Counts(*map(int, row[7:14])), row[14:]) for row in rows]
    if scope.kind == "activity":
        parts = _by_office_or_period(counted)
    else:
        parts = [Part(number, name, name, "", counts) for counts, (number, name) in counted]
    name = rows[0][6] if scope.kind in ("subcomponent", "activity") else ""
    return Figures(CurrentPlan(*rows[0][:6]), name, tuple(parts))


def _parted(scope: Scope) -> tuple[Any, tuple[Any, ...]]:
    """The title of what is asked for, and what its parts are told apart by."""
    if scope.kind == "plan":
        return Activity.title, (Activity.subcomponent, Activity.subcomponent_title)
    if scope.kind == "activity":
        return Activity.title, (Office.name, Office.aliases, Office.code, Obligation.period)
    title = Activity.subcomponent_title if scope.kind == "subcomponent" else Activity.title
    return title, (Activity.number, Activity.title)


def narrowed(scope: Scope) -> list[ColumnElement[bool]]:
    """The rows of Activity and Obligation that a scope holds."""
    where: list[ColumnElement[bool]] = []
    if scope.kind == "subcomponent":
        where.append(Activity.subcomponent == scope.number)
    if scope.kind == "activity":
        where.append(Activity.number == scope.number)
    if scope.code:
        where.append(_owned_by(scope.code))
    if scope.days:
        where.append(_of_days(*scope.days))
    return where


def _of_days(first: date, last: date) -> ColumnElement[bool]:
    known = [part for every in CADENCES for part in periods(every, date(first.year, 1, 1), date(last.year, 12, 31))]
    ending = [part.key for part in known if first <= part.end <= last]
    other = Obligation.due.between(first, last) & Obligation.period.not_in([part.key for part in known])
    return Obligation.period.in_(ending) | other


def _owned_by(code: str) -> ColumnElement[bool]:
    """Whether an obligation is led by the office of this code, or counts for it."""
    owned = (
        select(Ownership.obligation_id)
        .join(_owner, _owner.id == Ownership.office_id)
        .where(_owner.code == code, Ownership.part != "support")
    )
    return Obligation.id.in_(owned)


def _sums(today: date) -> list[ColumnElement[int]]:
    done, verified = units_done(Obligation.reported), units_done(Obligation.verified)
    due, open_reading = Obligation.due <= today, Obligation.provisional
    wanted = (
        Obligation.units, done, verified, case((due, Obligation.units), else_=0), case((due, done), else_=0),
        case((open_reading, Obligation.units), else_=0), case((due, verified), else_=0),
    )  # fmt: skip
    return [func.coalesce(func.sum(column), 0) for column in wanted]


def units_done(count: Any) -> ColumnElement[int]:
    """Units that are done when `count` of the target is reported, or verified.

    Never more than is owed: a later reading may ask for less than was reported under an earlier one.
    """
    return Obligation.units * case((count > Obligation.target, Obligation.target), else_=count) // Obligation.target


def _by_office_or_period(counted: Sequence[tuple[Counts, Sequence[Any]]]) -> list[Part]:
    """By period where everything is one office's or the entity's; else by office, the entity first, periods in one."""
    if len({office for _counts, (office, *_) in counted}) == 1:
        return [Part(0, "", "", period, counts) for counts, (*_, period) in counted if period]
    parts: dict[str, Part] = {}
    for counts, (office, aliases, code, _period) in counted:
        name = office or ""
        before = parts[name].counts if name in parts else NOTHING
        parts[name] = Part(0, name, aliases[0] if aliases else name, "", before + counts, code or "")
    return [parts[name] for name in sorted(parts, key=fold)]
