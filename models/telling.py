"""Who may be told now what is planned for them, and the one message a day that tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, func, select, text, update

from models import deliveries, gathering
from models.base import Utc
from models.blockers import resting
from models.deliveries import Delivery
from models.gathering import WAITING, Gathered, Moment
from models.leaves import away
from models.nudges import PLANNED, Nudge
from models.people import Person
from models.preferences import awake
from models.prepared import Prepared, among
from models.reachability import last_used

# The columns of a delivery that say something, in a language: {"text", "buttons", "picture", "wants"}.
Compose = Callable[[Gathered, str], dict[str, object]]


def ready(connection: Connection, moment: Moment) -> list[int]:
    """For whom something is planned, and who may be written to now. Reads only."""
    return list(connection.execute(_READY, _asked(moment)).scalars())


def write_to(
    connection: Connection, people: Sequence[int], moment: Moment, expires_at: datetime, compose: Compose
) -> set[tuple[str, str]]:
    """One message each to those of the people who are still ready; the (channel, address) pairs that have one now.

    What no longer holds of what is planned is skipped with its reason, what an officer asked to wait with stays
    planned. Conflict where somebody else has just written to one of them, or one of their obligations has changed.
    """
    if connection.dialect.name == "postgresql":
        # What is read, said and ticked off must be the same rows, whatever others plan meanwhile.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    made = {row.id: row.made for row in _STILL.rows(connection, {**_asked(moment), "people": list(people)})}
    if not made:
        return set()
    contacts = last_used(connection, list(made))
    whole = gathering.gather(connection, list(made), moment)
    if lost := [person_id for person_id in made if person_id not in contacts]:
        gathering.drop(connection, lost, moment.now)
    rows = [
        {
            "dedupe_key": f"nudge:{to.person_id}:{moment.today}:{made[to.person_id]}",
            "person_id": to.person_id, "channel": to.channel, "address": to.address, "kind": "nudge",
            "created_at": moment.now, "priority": 1, "expires_at": expires_at,
            **compose(told, to.language),
        }
        for person_id, told in whole.items()
        if (to := contacts.get(person_id))
    ]  # fmt: skip
    if rows:
        deliveries.add(connection, rows)
        told_to = {"people": [row["person_id"] for row in rows], "keys": [row["dedupe_key"] for row in rows]}
        _TIE.run(connection, {**told_to, "today": moment.today, "now": moment.now})
    return {(str(row["channel"]), str(row["address"])) for row in rows}


def _asked(moment: Moment) -> dict[str, Any]:
    return {
        "hour": moment.hour, "weekday": 1 << moment.today.weekday(), "today": moment.today,
        "day": moment.day,
    }  # fmt: skip


_TODAYS = (Delivery.person_id == Person.id, text("deliveries.kind = 'nudge'"), Delivery.created_at >= bindparam("day"))
# Counted for each person: as EXISTS it may be answered by reading what everybody was told today.
_HEARD = select(func.count()).where(*_TODAYS, Delivery.state != "skipped").correlate(Person).scalar_subquery()
_FREE = (awake(), ~away(Person.id), _HEARD == 0)
_READY = select(Person.id).where(Person.id.in_(select(Nudge.person_id).where(PLANNED)), *_FREE).order_by(Person.id)
_STILL = Prepared(
    select(Person.id, select(func.count()).where(*_TODAYS).correlate(Person).scalar_subquery().label("made"))
    .where(among(Person.id, "people"), Person.id.in_(select(Nudge.person_id).where(WAITING)), *_FREE)
    .order_by(Person.id)
    .with_for_update(skip_locked=True, key_share=True, of=Person)
)
_TIE = Prepared(
    update(Nudge)
    .where(
        among(Delivery.dedupe_key, "keys", String), Nudge.person_id == Delivery.person_id, WAITING,
        ~resting(Nudge.obligation_id, Nudge.person_id),
    )
    .values(state="told", delivery_id=Delivery.id, decided_at=bindparam("now", type_=Utc))
)  # fmt: skip
