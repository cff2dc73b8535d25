"""What everybody may see of the plan and its dialogue: every query of the public site but those of evidence.

Offices, never people: no statement here reads a name, a contact or a chat. What people wrote comes out of
models.public_evidence, where it is decided what may be shown of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.orm import aliased

from models import surveyed, withholdings
from models.as_of import counted
from models.audit import Entry
from models.closes import Close, Closed
from models.commitments import Commitment
from models.events import PUBLIC, Event
from models.figures import NEWEST, NOTHING, PLAN, Counts, CurrentPlan, units_done
from models.installation import TELEGRAM_NAME, WHATSAPP_NUMBER, Installation
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.plan import Activity, Plan

_led = aliased(Office)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newest entry of the audit, and when it was written: while it stays the same, hardly anything changed.

    withheld  changes whenever evidence is kept from the public, or shown again
    """

    entry: int
    at: datetime | None
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """An activity: what we call it, and the cells of the document, literally."""

    number: int
    title: str
    subcomponent: int
    subcomponent_title: str
    text: str
    target: str
    responsible: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The current plan, its activities by number, the names of the offices by code, and where the bot is reached.

    telegram  its name there; whatsapp: its number, digits only; "" where it is not
    """

    plan: CurrentPlan
    activities: dict[int, Row]
    offices: dict[str, str]
    telegram: str
    whatsapp: str

    @property
    def subcomponents(self) -> dict[int, str]:
        """Their titles by number."""
        return {row.subcomponent: row.subcomponent_title for row in self.activities.values()}


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One obligation. office: whose it counts for, lead: who closes it, both by code, "" is the entity or nobody.

    units, done, verified  as in models.figures.Counts
    """

    code: str
    number: int
    office: str
    lead: str
    period: str
    topic: str
    starts: date
    due: date
    target: int
    unit: str
    units: int
    done: int
    verified: int
    provisional: bool

    def state(self, today: date) -> str:
        """verified, reported, late, begun or coming."""
        if self.verified >= self.units:
            return "verified"
        if self.done >= self.units:
            return "reported"
        if self.due < today:
            return "late"
        return "begun" if self.starts <= today else "coming"


@dataclass(frozen=True, slots=True)
class Happening:
    """A dialogue event (models.events.Event) of an office, "" for the entity's own. Conclusions are published ones."""

    key: str
    kind: str
    state: str
    title: str
    office: str
    day: date
    starts_at: datetime | None
    ends_at: datetime | None
    municipality: str
    place: str
    lat: float | None
    lng: float | None
    link: str
    transport: str
    prior_report: str
    groups: list[str]
    version: int
    changed: datetime
    change_note: str
    conclusions: str
    conclusions_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of an office, and the event it was made at."""

    key: str
    text: str
    office: str
    due: date
    made_at: datetime
    kept_at: datetime | None
    event: str
    event_title: str
    municipality: str

    def state(self, today: date) -> str:
        """kept, late or open."""
        if self.kept_at:
            return "kept"
        return "late" if self.due < today else "open"


@dataclass(frozen=True, slots=True)
class Frozen:
    """Figures that were closed: `key` is a cut-off ("2022-04-30") or a period, `at` when it was closed."""

    key: str
    day: date
    at: datetime
    counts: Counts


def stamp(connection: Connection) -> Stamp:
    """One look at the end of an index, one at a small table."""
    row = connection.execute(_STAMP).one_or_none()
    return Stamp(*row, withholdings.acts(connection)) if row else Stamp(0, None)


def outline(connection: Connection) -> Outline | None:
    """None where no plan was imported. Four statements."""
    row = connection.execute(select(*PLAN, Plan.document).where(Plan.id == NEWEST)).one_or_none()
    if row is None:
        return None
    literal = {one["number"]: one for one in row.document["activities"]}
    activities = {}
    for one in connection.execute(_ACTIVITIES):
        said = literal.get(one.number, {})
        cells = (said.get(name, "") for name in ("text", "target_text", "responsible_text", "schedule_text"))
        activities[one.number] = Row(*one, *cells)
    offices = dict(connection.execute(select(Office.code, Office.name).order_by(Office.name)).all())
    reached = dict(connection.execute(_REACHED).all())
    return Outline(
        CurrentPlan(*row[: len(PLAN)]), activities, offices,
        reached.get(TELEGRAM_NAME, ""), reached.get(WHATSAPP_NUMBER, ""),
    )  # fmt: skip


def deliverables(connection: Connection, number: int = 0, office: str = "") -> list[Deliverable]:
    """Those of an activity, of an office (what it leads or what counts for it), or all of the current plan."""
    wanted = _DELIVERABLES
    if number:
        wanted = wanted.where(Activity.number == number)
    if office:
        wanted = wanted.where((Office.code == office) | (_led.code == office))
    return [Deliverable(*row) for row in connection.execute(wanted)]


def happenings(connection: Connection, key: str = "", municipality: str = "", office: str = "") -> list[Happening]:
    """The events people may hear of, the first first; of one key, in one place, or of one office."""
    wanted = _with(_HAPPENINGS, (Event.key, key), (Event.municipality, municipality), (Office.code, office))
    return [Happening(*row) for row in connection.execute(wanted)]


def opinion(connection: Connection, key: str) -> surveyed.Result | None:
    """What those who came to an event thought of it; None where too few have said it."""
    number = connection.execute(_shown((Event.id,)).where(Event.key == key)).scalar_one_or_none()
    found = surveyed.result(connection, number) if number else None
    return found if found and found.told else None


def promises(connection: Connection, event: str = "", municipality: str = "", office: str = "") -> list[Promise]:
    """What was promised and not withdrawn, the earliest due first; at one event, in one place, or by one office."""
    wanted = _with(_PROMISES, (Event.key, event), (Event.municipality, municipality), (Office.code, office))
    return [Promise(*row) for row in connection.execute(wanted)]


def _with(every: Select[*tuple[Any, ...]], *wanted: tuple[Any, str]) -> Select[*tuple[Any, ...]]:
    """Those rows whose columns hold these values; an empty one asks for nothing."""
    return every.where(*(column == value for column, value in wanted if value))


def frozen(connection: Connection) -> list[Frozen]:
    """What was closed of the current plan and stands, the newest cut-off first. One statement."""
    found: dict[int, Frozen] = {}
    for row in connection.execute(_FROZEN):
        before = found[row.id].counts if row.id in found else NOTHING
        one = counted(row.units, row.target, row.reported, row.verified, row.due <= row.day, row.provisional)
        found[row.id] = Frozen(row.key, row.day, row.at, before + one)
    return list(found.values())


def _shown(columns: Sequence[Any]) -> Any:
    """Of events people may hear of in the current plan."""
    seen = (Event.plan_id == NEWEST, Event.state.in_(PUBLIC))
    return select(*columns).select_from(Event).where(*seen)


_STAMP = select(Entry.id, Entry.at).order_by(Entry.id.desc()).limit(1)
_REACHED = select(Installation.key, Installation.value).where(Installation.key.in_((TELEGRAM_NAME, WHATSAPP_NUMBER)))
_ACTIVITIES = (
    select(Activity.number, Activity.title, Activity.subcomponent, Activity.subcomponent_title)
    .where(Activity.plan_id == NEWEST)
    .order_by(Activity.number)
)
_DELIVERABLES: Any = (
    select(
        Obligation.code, Activity.number, func.coalesce(Office.code, ""), func.coalesce(_led.code, ""),
        Obligation.period, Obligation.topic, Obligation.starts, Obligation.due, Obligation.target, Obligation.unit,
        Obligation.units, units_done(Obligation.reported), units_done(Obligation.verified), Obligation.provisional,
    )
    .join(Activity, Activity.id == Obligation.activity_id)
    .outerjoin(Office, Office.id == Obligation.office_id)
    .outerjoin(Ownership, (Ownership.obligation_id == Obligation.id) & (Ownership.part == "lead"))
    .outerjoin(_led, _led.id == Ownership.office_id)
    .where(Obligation.plan_id == NEWEST, Obligation.withdrawn_at.is_(None))
    .order_by(Activity.number, Obligation.due, Obligation.code)
)  # fmt: skip
_HAPPENINGS = (
    _shown((
        Event.key, Event.kind, Event.state, Event.title,
        func.coalesce(Office.code, ""), Event.day, Event.starts_at, Event.ends_at,
        Event.municipality, Event.place, Event.lat, Event.lng, Event.link,
        Event.transport, Event.prior_report, Event.groups, Event.version,
        func.coalesce(Event.cancelled_at, Event.announced_at, Event.recorded_at),
        Event.change_note, case((Event.conclusions_at.is_not(None), Event.conclusions), else_=""),
        Event.conclusions_at,
    ))
    .outerjoin(Office, Office.id == Event.office_id)
    .order_by(Event.day, Event.starts_at, Event.id)
)  # fmt: skip
_PROMISES = (
    _shown((
        Commitment.key, Commitment.text, Office.code, Commitment.due, Commitment.made_at, Commitment.kept_at,
        Event.key, Event.title, Event.municipality,
    ))
    .join(Commitment, (Commitment.event_id == Event.id) & Commitment.withdrawn_at.is_(None))
    .join(Office, Office.id == Commitment.office_id)
    .order_by(Commitment.due, Commitment.id)
)  # fmt: skip
_FROZEN = (
    select(
        Close.id, Close.key, Close.day, Close.at, Closed.units, Closed.target, Closed.due, Closed.reported,
        Closed.verified, Closed.provisional,
    )
    .join(Closed, Closed.close_id == Close.id)
    .where(Close.plan_id == NEWEST, Close.reopened_at.is_(None))
    .order_by(Close.day.desc(), Close.id.desc())
)  # fmt: skip
