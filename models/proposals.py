"""Topics that people propose: kept, and decided on once by who runs the plan. Whose they are nobody is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from models.base import Conflict
from models.participation import Proposal
from models.people import RUN
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Proposed:
    """A topic as it was proposed, which nobody has decided on."""

    id: int
    text: str


def propose(connection: Connection, person_id: int, text: str, now: datetime) -> None:
    """Keep a topic somebody wants to talk about."""
    connection.execute(insert(Proposal).values(person_id=person_id, text=text, state="new", at=now))


def waiting(connection: Connection, most: int) -> list[Proposed]:
    """The newest that nobody has decided on."""
    return [Proposed(*row) for row in connection.execute(_NEW.order_by(Proposal.id.desc()).limit(most))]


def find(connection: Connection, number: int) -> Proposed | None:
    """One of them."""
    row = connection.execute(_NEW.where(Proposal.id == number)).one_or_none()
    return Proposed(*row) if row else None


def decide(visit: Visit, number: int, state: Literal["taken", "declined"], reason: str) -> int:
    """It becomes a topic or not; the number of who proposed it. Conflict where somebody was faster."""
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan decides on proposals")
    decided: dict[str, Any] = {
        "state": state, "reason": reason, "decided_by": visit.who.id, "decided_at": visit.now,
    }  # fmt: skip
    same = (Proposal.id == number, Proposal.state == "new")
    row = visit.connection.execute(update(Proposal).where(*same).values(decided).returning(Proposal.person_id)).first()
    if row is None:
        raise Conflict(f"proposal {number} was decided on meanwhile")
    return int(row.person_id)


_NEW = select(Proposal.id, Proposal.text).where(Proposal.state == "new")
