"""What was decided on the plan moves what is owed, behind the turn that decided it; then those concerned hear of it.

Each decision is one transaction: what a crash leaves undone waits for the next tick, and nothing is done twice.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Reply
from handlers.coordinator import reading, topics
from handlers.coordinator.effect import counts
from models import audit, deliveries, following, people
from models.base import Conflict
from models.following import Applied
from models.people import RUN, Role
from scheduler.nudges import Pairs, Render, Store


async def tick(store: Store, now: datetime, _zone: ZoneInfo, render: Render) -> Pairs:
    """All decisions that wait, in the order they were taken; who has something to read."""
    pairs: Pairs = set()
    while await store.read(following.waits):
        told = await store.write(partial(_apply, now=now, render=render))
        if told is None:
            break
        pairs |= told
    return pairs


def _apply(connection: Any, now: datetime, render: Render) -> Pairs | None:
    """The first one; None where another process was faster."""
    try:
        done = following.apply_next(connection, now)
    except Conflict:
        return None
    if done is None:
        return None
    audit.record(connection, now, None, f"{done.kind}.applied", f"{done.slug}:{done.about}", **counts(done.effect))
    reached = people.reached(connection, RUN | {Role.AUDITOR})
    said = {language: render(_told(done), language) for language in {to.language for to in reached}}
    rows = [
        {
            "dedupe_key": f"{done.kind}:{done.id}:{to.person_id}", "person_id": to.person_id, "channel": to.channel,
            "address": to.address, "kind": "notice", "created_at": now, "priority": 1, **said[to.language],
        }
        for to in reached
    ]  # fmt: skip
    if rows:
        deliveries.queue(connection, rows)
    return {(to.channel, to.address) for to in reached}


def _told(done: Applied) -> Reply:
    return Reply((reading.told if done.kind == "reading" else topics.told)(done))
