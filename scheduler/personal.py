"""What time does for people's data: what is over goes, who is to be forgotten is, and no request is answered late."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Reply
from conversation.texts import _
from models import deliveries, forgetting, people, plan, requests, retention
from models.gathering import Moment
from models.people import RUN
from scheduler import hours
from scheduler.nudges import Pairs, Render, Store

# Who answers is reminded so many business days before, and on the day.
STEPS = (2, 0)
# A reminder that did not leave for so long says nothing new.
STANDS = timedelta(days=1)


async def retention_tick(store: Store, now: datetime) -> int:
    """Drop what is over, batch after batch; how many rows were looked at."""
    count = 0
    while dropped := await store.write(partial(retention.sweep, now=now)):
        count += dropped
    return count


async def forget_tick(store: Store, now: datetime) -> int:
    """Go on with those who are to be forgotten, one in each transaction; how many there were."""
    waiting = await store.read(forgetting.begun)
    for one in waiting:
        await store.write(partial(forgetting.forget_the_rest, begun=one, now=now))
    return len(waiting)


async def requests_tick(store: Store, now: datetime, zone: ZoneInfo, render: Render) -> Pairs:
    """Tell who runs the plan what must be answered soon, in working hours."""
    at = hours.moment(now, zone)
    if not hours.working(at, await store.read(plan.timetables)):
        return set()
    return await store.write(partial(_remind, at=at, render=render))


def _remind(connection: Any, at: Moment, render: Render) -> Pairs:
    near = {number: (day, step) for step in STEPS for number, day in requests.due(connection, at.today, step)}
    reached = people.reached(connection, RUN) if near else []
    rows = [
        {
            "dedupe_key": f"request:{number}:{day}:{step}:{to.person_id}", "person_id": to.person_id,
            "channel": to.channel, "address": to.address, "kind": "notice", "created_at": at.now,
            "expires_at": at.now + STANDS, "priority": 1, **render(_due(number, day), to.language),
        }
        for number, (day, step) in near.items() for to in reached
    ]  # fmt: skip
    told = {person for _number, person in deliveries.queue(connection, rows)} if rows else set()
    return {(to.channel, to.address) for to in reached if to.person_id in told}


def _due(number: int, day: object) -> Reply:
    text = _("La solicitud {number} sobre datos personales se responde a más tardar el {day}.", number=number, day=day)
    return Reply(text, links=(Choice(f"/solicitudes_datos {number}", _("Atender la solicitud")),))
