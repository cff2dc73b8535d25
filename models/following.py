"""What is owed follows the decisions that were taken in a chat, one after another, in the order they were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, literal, select, union_all, update

from models import planning
from models.base import Conflict
from models.people import Person
from models.plan import Decision, Plan
from models.topics import Topics
from plans.obligations import Difference, difference


@dataclass(frozen=True, slots=True)
class Applied:
    """A decision that what is owed now follows.

    about  the number of the row, or the period the topics are of; said: how the row is counted, or the topics
    """

    kind: Literal["reading", "topics"]
    id: int
    slug: str
    about: str
    said: tuple[str, ...]
    by: str
    reason: str
    effect: Difference


def waits(connection: Connection) -> bool:
    """Whether there is a decision that what is owed does not follow yet."""
    return connection.execute(_WAITING).first() is not None


def apply_next(connection: Connection, now: datetime) -> Applied | None:
    """Have the obligations follow the oldest decision that waits; None where none does. Conflict: somebody just did."""
    row = connection.execute(_WAITING).first()
    if row is None:
        return None
    before = planning.stored(connection, row.slug, held=True, settled=True)
    if connection.execute(_APPLY[row.kind], {"key": row.key, "now": now}).rowcount != 1:
        raise Conflict
    after = planning.stored(connection, row.slug, settled=True)
    assert before is not None
    assert after is not None  # plans are never deleted
    effect = difference(before.owed, after.owed)
    planning.sync(connection, after.id, after.plan, after.owed, now, row.kind)
    if row.kind == "topics":
        kept = connection.execute(_NAMED, {"key": row.key}).one()
        return Applied("topics", row.key, row.slug, kept.period, tuple(kept.topics), kept.name, kept.reason, effect)
    taken = connection.execute(_TAKEN, {"key": row.key}).one()
    connection.execute(_EFFECT, {"key": row.key, "plus": len(effect.added), "minus": len(effect.removed)})
    offers = next((one.alternatives for one in after.plan.activities if one.number == taken.number), ())
    text = next((offer.text for offer in offers if offer.key == taken.choice), taken.choice)
    return Applied("reading", row.key, row.slug, str(taken.number), (text,), taken.decided_by, taken.reason, effect)


_WAITING = (
    union_all(
        select(literal("reading").label("kind"), Decision.id.label("key"), Plan.slug, Decision.decided_at.label("at"))
        .join(Plan, Plan.id == Decision.plan_id)
        .where(Decision.applied_at.is_(None)),
        select(literal("topics").label("kind"), Topics.id.label("key"), Plan.slug, Topics.at.label("at"))
        .join(Plan, Plan.id == Topics.plan_id)
        .where(Topics.applied_at.is_(None)),
    )
    .order_by("at", "key")
    .limit(1)
)
_APPLY: dict[str, Any] = {
    kind: update(noun).where(noun.id == bindparam("key"), noun.applied_at.is_(None)).values(applied_at=bindparam("now"))
    for kind, noun in (("reading", Decision), ("topics", Topics))
}
_TAKEN = select(Decision.number, Decision.choice, Decision.decided_by, Decision.reason).where(
    Decision.id == bindparam("key")
)
_NAMED = (
    select(Topics.period, Topics.topics, Topics.reason, Person.name)
    .join(Person, Person.id == Topics.by_id)
    .where(Topics.id == bindparam("key"))
)
_EFFECT = (
    update(Decision).where(Decision.id == bindparam("key")).values(added=bindparam("plus"), removed=bindparam("minus"))
)
