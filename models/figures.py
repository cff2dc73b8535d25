"""How far the plan is: figures summed over what is owed, office level at most. No report is read for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from operator import add
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, case, func, select
from sqlalchemy.orm import aliased

from conversation.texts import Text, _
from conversation.understanding import fold
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity, Plan

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
    verified     units that a second person has verified
    provisional  units that an undecided reading could change
    """

    units: int
    done: int
    verified: int
    due: int
    done_due: int
    provisional: int

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
    """What is asked for: the whole plan, a subcomponent or activity by `number`, an office by `code`."""

    kind: Kind = "plan"
    number: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what was asked for: a numbered subcomponent or activity, an office, or a period.

    name    its title or the office's name; "" is the entity as a whole
    short   what the office is called every day
    period  where the piece is a period: "2022-05"
    """

    number: int
    name: str
    short: str
    period: str
    counts: Counts


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


_NEWEST = select(Plan.id).order_by(Plan.year.desc(), Plan.id.desc()).limit(1).scalar_subquery()
_PLAN = (Plan.id, Plan.slug, Plan.entity, Plan.contact, Plan.title, Plan.year)


def current_plan(connection: Connection) -> CurrentPlan | None:
    """The plan of the newest year."""
    row = connection.execute(select(*_PLAN).where(Plan.id == _NEWEST)).one_or_none()
    return CurrentPlan(*row) if row else None


def figures(connection: Connection, scope: Scope, today: date) -> Figures | None:
    """The figures of the current plan; None where it has no such part. One statement.

    The plan is parted by subcomponent; a subcomponent and an office by activity; an activity by office where
    it is counted per office, else by period. An office's figures hold what it leads and what counts for it.
    """
    title, columns, where = _asked(scope)
    rows = connection.execute(
        select(*_PLAN, func.max(title), *_sums(today), *columns)
        .select_from(Activity)
        .join(Plan, Plan.id == Activity.plan_id)
        .outerjoin(Obligation, (Obligation.activity_id == Activity.id) & Obligation.withdrawn_at.is_(None))
        .outerjoin(Office, Office.id == Obligation.office_id)
        .where(Plan.id == _NEWEST, *where)
        .group_by(*_PLAN, *columns)
        .order_by(*columns)
    ).all()
    if not rows:
        return None
    counted = [(Counts(*map(int, row[7:13])), row[13:]) for row in rows]
    if scope.kind == "activity":
        parts = _by_office_or_period(counted)
    else:
        parts = [Part(number, name, name, "", counts) for counts, (number, name) in counted]
    name = rows[0][6] if scope.kind in ("subcomponent", "activity") else ""
    return Figures(CurrentPlan(*rows[0][:6]), name, tuple(parts))


def _asked(scope: Scope) -> tuple[Any, tuple[Any, ...], tuple[ColumnElement[bool], ...]]:
    """The title of what is asked for, what its parts are told apart by, and the rows it holds."""
    activities = (Activity.number, Activity.title)
    if scope.kind == "subcomponent":
        return Activity.subcomponent_title, activities, (Activity.subcomponent == scope.number,)
    if scope.kind == "activity":
        columns = (Office.name, Office.aliases, Obligation.period)
        return Activity.title, columns, (Activity.number == scope.number,)
    if scope.kind == "office":
        owned = (
            select(Ownership.obligation_id)
            .join(_owner, _owner.id == Ownership.office_id)
            .where(_owner.code == scope.code, Ownership.part != "support")
        )
        return Activity.title, activities, (Obligation.id.in_(owned),)
    return Activity.title, (Activity.subcomponent, Activity.subcomponent_title), ()


def _sums(today: date) -> list[ColumnElement[int]]:
    done = Obligation.units * _within_target(Obligation.reported) // Obligation.target
    verified = Obligation.units * _within_target(Obligation.verified) // Obligation.target
    due, open_reading = Obligation.due <= today, Obligation.provisional
    wanted = (
        Obligation.units, done, verified, case((due, Obligation.units), else_=0), case((due, done), else_=0),
        case((open_reading, Obligation.units), else_=0),
    )  # fmt: skip
    return [func.coalesce(func.sum(column), 0) for column in wanted]


def _within_target(count: Any) -> ColumnElement[int]:
    """Never more than is owed: a later reading may ask for less than was reported under an earlier one."""
    return case((count > Obligation.target, Obligation.target), else_=count)


def _by_office_or_period(counted: Sequence[tuple[Counts, Sequence[Any]]]) -> list[Part]:
    """By period where everything is the entity's; else by office, the entity first and its periods in one."""
    if not any(office for _counts, (office, _aliases, _period) in counted):
        return [Part(0, "", "", period, counts) for counts, (_office, _aliases, period) in counted if period]
    parts: dict[str, Part] = {}
    for counts, (office, aliases, _period) in counted:
        name = office or ""
        before = parts[name].counts if name in parts else NOTHING
        parts[name] = Part(0, name, aliases[0] if aliases else name, "", before + counts)
    return [parts[name] for name in sorted(parts, key=fold)]
