"""What came of a dialogue event: told by one person with all that was promised, approved by another, then announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, true, update

from models.base import Conflict
from models.commitments import Commitment
from models.digests import Announcement
from models.event_cards import CALLERS, Card, past
from models.events import COUNTING, Event
from models.people import RUN, Who

# So long people are told of it.
TOLD = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment before it is kept. `office`: its name."""

    text: str
    office_id: int
    office: str
    due: date


@dataclass(frozen=True, slots=True)
class Proposed:
    """Conclusions that wait for a second person; `stored`: as they are kept, to know them again."""

    event: Card
    conclusions: str
    promises: tuple[Promised, ...]
    by: int
    stored: dict[str, Any]


def lacking(connection: Connection, who: Who, now: datetime, today: date) -> list[Card]:
    """Events that are over and have no conclusions yet, that this person may tell about; the newest first."""
    over = or_(Event.ends_at <= now, and_(Event.ends_at.is_(None), Event.day <= today))
    open_ = (Event.state.in_(COUNTING), over, Event.conclusions_at.is_(None), Event.proposed_conclusions.is_(None))
    offices = list(who.offices) if who.may(CALLERS) else []
    return past(connection, *open_, true() if who.may(RUN) else Event.office_id.in_(offices))


def waiting(connection: Connection) -> list[Proposed]:
    """What waits for a second person, of the newest event first."""
    return [_proposed(event) for event in past(connection, Event.proposed_conclusions.is_not(None))]


def propose(
    connection: Connection, event: Card, who: Who, conclusions: str, promises: Sequence[Promised], now: datetime
) -> None:  # fmt: skip
    """Keep what is to be approved. Raises PermissionError; Conflict where somebody was faster."""
    if not event.called_by(who):
        raise PermissionError(f"person {who.id} may not tell what came of {event.key}")
    made = [{**asdict(one), "due": one.due.isoformat()} for one in promises]
    told = {"conclusions": conclusions, "promises": made, "by": who.id, "at": now.isoformat()}
    seen = update(Event).where(
        Event.id == event.id, Event.state.in_(COUNTING), Event.conclusions_at.is_(None),
        Event.proposed_conclusions.is_(None),
    )  # fmt: skip
    if connection.execute(seen.values(proposed_conclusions=told)).rowcount != 1:
        raise Conflict("somebody else told what came of it")


def approve(connection: Connection, proposed: Proposed, who: Who, today: date, now: datetime) -> None:
    """Announce it to who came, who asked and whom the event concerns. Raises as `propose` does."""
    event = proposed.event
    last = _decide(connection, proposed, who, today, conclusions=proposed.conclusions, conclusions_at=now, state="held")
    first = int(last.rpartition("-")[2]) + 1 if last else 1
    rows = [
        {
            "key": f"C-{today.year}-{number:03}", "event_id": event.id, "office_id": one.office_id, "text": one.text,
            "due": one.due, "made_at": now,
        }
        for number, one in enumerate(proposed.promises, first)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(Commitment), rows)
    told = [
        {"key": row["key"], "text": one.text, "office": one.office, "due": one.due.isoformat()}
        for row, one in zip(rows, proposed.promises, strict=True)
    ]
    connection.execute(
        insert(Announcement).values(
            event_id=event.id, kind="conclusions", version=event.version, at=now, expires_at=now + TOLD,
            details={"conclusions": proposed.conclusions, "promises": told},
        )
    )  # fmt: skip


def decline(connection: Connection, proposed: Proposed, who: Who, today: date) -> None:
    """Do not announce it: it is to be told anew. Raises as `propose` does."""
    _decide(connection, proposed, who, today)


def _decide(connection: Connection, proposed: Proposed, who: Who, today: date, **values: Any) -> str | None:
    """Write what was decided of it as it was seen; the key of the year's last promise."""
    if not who.may(RUN) or who.id == proposed.by:
        raise PermissionError(f"person {who.id} may not decide on it")
    last = select(Commitment.key).where(Commitment.key.like(f"C-{today.year}-%")).order_by(Commitment.id.desc())
    seen = (
        update(Event)
        .where(
            Event.id == proposed.event.id, Event.conclusions_at.is_(None),
            Event.proposed_conclusions == proposed.stored,
        )
        .values(proposed_conclusions=None, **values)
        .returning(last.limit(1).scalar_subquery().label("last"))
    )  # fmt: skip
    row = connection.execute(seen).first()
    if row is None:
        raise Conflict("it was decided meanwhile")
    return None if row.last is None else str(row.last)


def _proposed(event: Card) -> Proposed:
    stored = event.proposed_conclusions
    assert stored is not None
    made = (Promised(**{**one, "due": date.fromisoformat(one["due"])}) for one in stored["promises"])
    return Proposed(event, stored["conclusions"], tuple(made), stored["by"], stored)
