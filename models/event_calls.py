"""Calling a dialogue event: one person proposes it, another approves it; so it is with every change of it.

What was approved stands in `announcements`, from which the clock tells people and works out what is owed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from models.base import Conflict
from models.deliveries import Delivery
from models.digests import Announcement
from models.event_cards import CALLERS, Card
from models.events import Event
from models.figures import NEWEST
from models.people import RUN, Who
from models.plan import Plan
from models.prepared import Prepared
from models.subscriptions import HOW_MANY
from plans.terms import Span

MOMENTS = ("starts_at", "ends_at")
STALE = "el evento cambió"


def restricted(connection: Connection, day: date) -> Span | None:
    """The days around `day` on which nothing may be announced to many, None on all others."""
    return _restricted(connection.execute(_DOCUMENT).scalar_one(), day)


def outlook(connection: Connection, event: Card, day: date) -> tuple[int, Span | None]:
    """How many subscribers an event concerns, and the days around `day` on which nothing may be announced to them."""
    row = _OUTLOOK.first(connection, {"wanted": event.concerns})
    return row.people, _restricted(row.document, day)


def propose(connection: Connection, who: Who, values: Mapping[str, Any], now: datetime) -> str:
    """Keep an event that waits for approval; its key. Raises PermissionError; two at once collide and one runs again.

    `values`: columns of models.events.Event, of an office unless somebody who runs the plan calls the entity's own.
    """
    if not (who.may(RUN) or (who.may(CALLERS) and values["office_id"] in who.offices)):
        raise PermissionError(f"person {who.id} may not call this event")
    plan_id, count = connection.execute(_COUNT).one()
    key = f"E{count + 1:04}"
    connection.execute(
        insert(Event).values(plan_id=plan_id, key=key, state="proposed", proposed_by=who.id, recorded_at=now, **values)
    )
    return key


def approve(connection: Connection, card: Card, who: Who, now: datetime) -> None:
    """Announce an event to those it concerns. Raises PermissionError; Conflict where it was decided meanwhile."""
    if not who.may(RUN) or who.id == card.proposed_by:
        raise PermissionError(f"person {who.id} may not approve this event")
    _decided(
        connection, card, state="announced", version=1, approved_by=who.id, approved_at=now, announced_at=now,
        checkin_code=f"{secrets.randbelow(10**6):06}",
    )  # fmt: skip
    _announce(connection, card, "call", 1, now, {})


def decline(connection: Connection, card: Card, who: Who) -> None:
    """Do not announce it, or leave it as it was announced. Raises as `approve` does."""
    if not who.may(RUN) or who.id == proposer(card):
        raise PermissionError(f"person {who.id} may not decline this event")
    _decided(connection, card, **({"proposed_change": None} if card.proposed_change else {"state": "declined"}))


def propose_change(
    connection: Connection, card: Card, who: Who, values: Mapping[str, Any], note: str, now: datetime
) -> None:
    """Ask for other values of an announced event, or to call it off where there are none."""
    if not card.called_by(who) or card.state not in ("announced", "changed"):
        raise PermissionError(f"person {who.id} may not change this event")
    kind = "change" if values else "cancellation"
    change = {"kind": kind, "values": _json(values), "note": note, "by": who.id, "at": now.isoformat()}
    _decided(connection, card, proposed_change=change)


def approve_change(connection: Connection, card: Card, who: Who, now: datetime) -> None:
    """Announce a change: what was to be said of the event before is moot. Raises as `approve` does."""
    change = card.proposed_change
    if change is None or not who.may(RUN) or who.id == change["by"]:
        raise PermissionError(f"person {who.id} may not approve this change")
    values = {name: _value(name, value) for name, value in change["values"].items()}
    before = _json({name: getattr(card, name) for name in values})
    if change["kind"] == "cancellation":
        values |= {"state": "cancelled", "cancelled_at": now}
    else:
        values |= {"state": "changed"}
    _decided(connection, card, **values, version=card.version + 1, proposed_change=None, change_note=change["note"])
    moot(connection, card.id)
    _announce(connection, card, change["kind"], card.version + 1, now, {"before": before}, values.get("ends_at"))


def proposer(card: Card) -> int | None:
    """Who asked for what waits."""
    return card.proposed_change["by"] if card.proposed_change else card.proposed_by


def moot(connection: Connection, event_id: int) -> None:
    """Do not send what is still queued about an event."""
    connection.execute(_MOOT, {"about": f"event:{event_id}:%"})


def follow(connection: Connection, now: datetime, today: date) -> None:
    """What time does to events: those that are over have been held, those of tomorrow are reminded of, once."""
    connection.execute(_HELD, {"now": now})
    for row in connection.execute(_TOMORROW, {"tomorrow": today + timedelta(days=1), "now": now}).all():
        if row.at is None or row.at.astimezone(now.tzinfo).date() < today:  # else they have just heard of it
            connection.execute(_REMIND, {"event_id": row.id, "version": row.version, "at": now, "ends": row.ends_at})


def _restricted(document: Mapping[str, Any], day: date) -> Span | None:
    spans = document.get("restricted", ())
    found = (Span(date.fromisoformat(one["start"]), date.fromisoformat(one["end"]), one["reason"]) for one in spans)
    return next((span for span in found if span.start <= day <= span.end), None)


def _decided(connection: Connection, card: Card, **values: Any) -> None:
    """Write what was decided of the event as it was seen."""
    seen = update(Event).where(
        Event.id == card.id, Event.state == card.state, Event.version == card.version,
        Event.proposed_change.is_(None) if card.proposed_change is None else Event.proposed_change.is_not(None),
    )  # fmt: skip
    if connection.execute(seen.values(values)).rowcount != 1:
        raise Conflict("the event was decided meanwhile")


def _announce(
    connection: Connection, card: Card, kind: str, version: int, now: datetime, details: dict[str, Any],
    ends: datetime | None = None,
) -> None:  # fmt: skip
    over = ends or card.ends_at
    connection.execute(
        insert(Announcement).values(
            event_id=card.id, kind=kind, version=version, at=now, expires_at=over, details=details
        )
    )


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _value(name: str, stored: Any) -> Any:
    if name in MOMENTS and stored:
        return datetime.fromisoformat(stored)
    return date.fromisoformat(stored) if name == "day" else stored


_DOCUMENT = select(Plan.document).where(Plan.id == NEWEST)
_OUTLOOK = Prepared(select(Plan.document, HOW_MANY.label("people")).where(Plan.id == NEWEST))
_COUNT = select(Plan.id, func.count(Event.id)).outerjoin(Event, Event.plan_id == Plan.id).where(
    Plan.id == NEWEST
).group_by(Plan.id)  # fmt: skip
_MOOT = (
    update(Delivery)
    # Announcements only: few are queued, and an index knows them.
    .where(Delivery.state == "queued", Delivery.priority == 2, Delivery.dedupe_key.like(bindparam("about")))
    .values(state="skipped", reason=STALE)
)
_HELD = (
    update(Event)
    .where(Event.state.in_(("announced", "changed")), Event.ends_at <= bindparam("now", type_=Event.ends_at.type))
    .values(state="held")
)
_TOMORROW = (
    select(Event.id, Event.version, Event.ends_at, func.max(Announcement.at).label("at"))
    .outerjoin(Announcement, Announcement.event_id == Event.id)
    .where(
        Event.state.in_(("announced", "changed")),
        Event.day == bindparam("tomorrow"),
        Event.ends_at > bindparam("now", type_=Event.ends_at.type),
        ~exists().where(
            Announcement.event_id == Event.id, Announcement.kind == "reminder", Announcement.version == Event.version
        ).correlate(Event),
    )
    .group_by(Event.id, Event.version, Event.ends_at)
)  # fmt: skip
_REMIND = insert(Announcement).values(
    event_id=bindparam("event_id"), kind="reminder", version=bindparam("version"), at=bindparam("at"),
    expires_at=bindparam("ends"), details={},
)  # fmt: skip
