"""Reminders for everyone who coordinates: each once for each thing and step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, exists, select

from models.deliveries import Delivery, queue
from models.gathering import Moment
from models.leaves import away
from models.people import Membership, Person, Role
from models.preferences import awake
from models.reachability import last_used


def remind(
    connection: Connection, moment: Moment, expires_at: datetime, about: str, days: Sequence[date],
    compose: Callable[[str], dict[str, object]],
) -> set[tuple[str, str]]:  # fmt: skip
    """Write to the coordinators who may be written to now, but not to those who were on one of the `days`.

    `about` names the thing and its step. A message that expired is made again on another day, so its key has the day;
    today is the last of `days`. Returns the (channel, address) pairs that have a message now.
    """
    asked = {"hour": moment.hour, "weekday": 1 << moment.today.weekday(), "today": moment.today}
    people = list(connection.execute(_COORDINATORS, asked).scalars())
    keys = [f"{about}:{person_id}:{day}" for person_id in people for day in days]
    told = set(connection.execute(_TOLD, {"keys": keys}).scalars())
    rows = [
        {
            "dedupe_key": f"{about}:{to.person_id}:{moment.today}", "person_id": to.person_id, "channel": to.channel,
            "address": to.address, "kind": "notice", "created_at": moment.now, "priority": 1,
            "expires_at": expires_at, **compose(to.language),
        }
        for to in last_used(connection, people).values()
        if to.person_id not in told
    ]  # fmt: skip
    if not rows:
        return set()
    made = {person_id for _id, person_id in queue(connection, rows)}
    return {(str(row["channel"]), str(row["address"])) for row in rows if row["person_id"] in made}


_COORDINATORS = select(Person.id).where(
    exists().where(
        Membership.person_id == Person.id, Membership.role == Role.COORDINATOR, Membership.until.is_(None)
    ),
    awake(),
    ~away(Person.id),
)  # fmt: skip
_TOLD = select(Delivery.person_id).where(
    Delivery.dedupe_key.in_(bindparam("keys", expanding=True)), Delivery.state != "skipped"
)
