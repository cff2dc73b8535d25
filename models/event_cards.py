"""Dialogue events as people see them: announced ones everybody, others those who call, approve or audit them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, true

from models.events import PUBLIC, Event
from models.figures import NEWEST
from models.offices import Office
from models.people import RUN, Role, Who
from models.plan import Plan
from plans.dialogue import concerned

# Who may call an event; officers and heads for their offices only.
CALLERS = RUN | {Role.OFFICER, Role.HEAD}
_SEEING = RUN | {Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Card:
    """One event (models.events.Event). `office`: its code, "" for the entity's own; `office_id` with it."""

    id: int
    plan_id: int
    plan: str
    entity: str
    key: str
    kind: str
    state: str
    title: str
    office_id: int | None
    office: str
    office_name: str
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
    capacity: int | None
    version: int
    proposed_by: int | None
    proposed_change: dict[str, Any] | None
    approved_at: datetime | None
    announced_at: datetime | None
    change_note: str
    conclusions: str
    conclusions_at: datetime | None
    proposed_conclusions: dict[str, Any] | None = None

    @property
    def concerns(self) -> list[str]:
        """The subscriptions it concerns."""
        return concerned(self.kind, self.office, self.municipality, self.title, self.groups)

    @property
    def waits(self) -> bool:
        """Whether something about it waits for a second person."""
        return self.state == "proposed" or self.proposed_change is not None

    def called_by(self, who: Who) -> bool:
        """Whether somebody may change it or call it off."""
        return who.may(RUN) or (who.may(CALLERS) and self.office_id in who.offices)


def find(connection: Connection, key: str, who: Who) -> Card | None:
    """The event of this key in the newest plan, None where there is none this person may see."""
    row = connection.execute(_FIND, {"key": key.upper()}).first()
    card = Card(*row) if row else None
    seen = card and (card.state in PUBLIC or who.may(_SEEING) or card.proposed_by == who.id or card.called_by(who))
    return card if seen else None


def coming(connection: Connection, now: datetime, most: int) -> list[Card]:
    """What is announced and not over, the next first."""
    return [Card(*row) for row in connection.execute(_COMING, {"now": now, "most": most})]


def waiting(connection: Connection) -> list[Card]:
    """What waits for a second person, the oldest first."""
    undecided = or_(Event.state == "proposed", Event.proposed_change.is_not(None))
    return [Card(*row) for row in connection.execute(_cards(undecided).order_by(Event.id))]


def past(connection: Connection, *where: ColumnElement[bool]) -> list[Card]:
    """Events of the newest plan of which this is so, the newest first."""
    rows = connection.execute(_cards(and_(*where)).order_by(Event.day.desc(), Event.id.desc()))
    return [Card(*row) for row in rows]


def cards(connection: Connection, ids: list[int]) -> dict[int, Card]:
    """Events by their number, for the clock."""
    rows = connection.execute(_ALL.where(Event.id.in_(ids)))
    return {row.id: Card(*row) for row in rows}


_ALL: Any = (
    select(
        Event.id, Event.plan_id, Plan.slug.label("plan"), Plan.entity, Event.key, Event.kind, Event.state, Event.title,
        Event.office_id, Office.code, Office.name, Event.day, Event.starts_at, Event.ends_at, Event.municipality,
        Event.place, Event.lat, Event.lng, Event.link, Event.transport, Event.prior_report, Event.groups,
        Event.capacity, Event.version, Event.proposed_by, Event.proposed_change, Event.approved_at,
        Event.announced_at, Event.change_note, Event.conclusions, Event.conclusions_at,
        Event.proposed_conclusions,
    )
    .join(Plan, Plan.id == Event.plan_id)
    .outerjoin(Office, Office.id == Event.office_id)
)  # fmt: skip


def _cards(where: ColumnElement[bool] = true()) -> Any:  # noqa: B008 – a constant of the language
    return _ALL.where(Event.plan_id == NEWEST, where)


# Not prepared: the driver's own types are needed to read degrees.
_FIND = _cards(Event.key == bindparam("key"))
_COMING = (
    _cards(Event.state.in_(("announced", "changed")))
    .where(Event.ends_at > bindparam("now", type_=Event.ends_at.type))
    .order_by(Event.starts_at, Event.id)
    .limit(bindparam("most"))
)
