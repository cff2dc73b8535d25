"""Who is to answer what citizens asked hears of it before it is late, in working hours, once for each day and step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from conversation.messages import Choice, Reply
from conversation.texts import _
from handlers.wording import due_in_words
from models import deliveries, plan, reachability, unanswered
from models.gathering import Moment
from models.preferences import CLOSES
from models.unanswered import Owing
from plans.calendar import Calendar
from scheduler import hours
from scheduler.nudges import Pairs, Render, Store


async def remind(store: Store, at: Moment, render: Render) -> Pairs:
    """Tell them; what is answered before it leaves is not told (models.unanswered.moot)."""
    plans = await store.read(plan.timetables)
    if not plans or not hours.working(at, plans):
        return set()
    calendar = plans[-1].calendar
    until = calendar.add_business_days(at.today, max(unanswered.STEPS))
    owing = await store.read(partial(unanswered.owing, at=at, until=until))
    if not owing:
        return set()
    return await store.write(partial(_tell, owing=owing, calendar=calendar, at=at, render=render))


def _tell(connection: Any, owing: Sequence[Owing], calendar: Calendar, at: Moment, render: Render) -> Pairs:
    reached = reachability.last_used(connection, sorted({one.person_id for one in owing}))
    rows = []
    for one in owing:
        if (to := reached.get(one.person_id)) is None:
            continue
        step = min(step for step in unanswered.STEPS if one.due <= calendar.add_business_days(at.today, step))
        rows.append({
            "dedupe_key": unanswered.key(one.due, step, one.person_id), "person_id": to.person_id,
            "channel": to.channel, "address": to.address, "kind": "notice", "created_at": at.now,
            "expires_at": _end(one.due, at), "priority": 1, **render(_due(one.due, at.today), to.language),
        })  # fmt: skip
    told = {person for _number, person in deliveries.queue(connection, rows)} if rows else set()
    return {(reached[person].channel, reached[person].address) for person in told}


def _end(due: date, at: Moment) -> datetime:
    """When people stop working on the day."""
    return at.day + timedelta(days=(due - at.today).days, hours=CLOSES)


def _due(due: date, today: date) -> Reply:
    text = _("Hay preguntas de la gente por responder. La respuesta {due}.", due=due_in_words(due, today))
    return Reply(text, links=(Choice("/preguntas", _("Ver las preguntas")),))
