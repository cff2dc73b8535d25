"""What time does for who takes part: a free place goes to who waits for it, who came is asked how it was, who is
to answer a question is reminded, a promise is kept once what was reported of it is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Reply
from handlers.citizen.come import freed
from handlers.citizen.survey import asking
from models import attending, commitments, deliveries, event_calls, event_cards, people, surveyed
from models.event_cards import Card
from models.figures import current_plan
from models.gathering import Moment
from scheduler import hours, questions
from scheduler.nudges import Pairs, Render, Store

# People written to in one transaction.
PAGE = 200
AWAKE = range(8, 20)
# So long it is worth asking how it was.
ASKED = timedelta(days=5)


async def tick(store: Store, now: datetime, zone: ZoneInfo, render: Render) -> Pairs:
    """All of it, in short transactions; nobody is told twice."""
    at = hours.moment(now, zone)
    pairs = await store.write(partial(_move_up, at=at, render=render))
    await store.write(partial(_follow, at=at))
    pairs |= await questions.remind(store, at, render)
    if at.hour in AWAKE:
        while asked := await store.read(partial(surveyed.unasked, today=at.today, most=PAGE)):
            told = await store.write(partial(_ask, asked=asked, at=at, render=render))
            pairs |= told
            if len(asked) < PAGE or not told:
                break
    return pairs


def _follow(connection: Any, at: Moment) -> None:
    if current_plan(connection):
        commitments.follow(connection, at.now, tell=event_calls.restricted(connection, at.today) is None)


def _move_up(connection: Any, at: Moment, render: Render) -> Pairs:
    moved = attending.move_up(connection, at.now)
    events = event_cards.cards(connection, sorted({event for event, _person in moved})) if moved else {}
    told: Pairs = set()
    for event, person in moved:
        card = events[event]
        # Once for each time they wait: who left and came back waits anew.
        about = f"place:{event}:{person}:{at.now.isoformat()}"
        told |= _tell(connection, [(about, person)], freed(card), at, card.ends_at or at.now + ASKED, render)
    return told


def _ask(connection: Any, asked: Sequence[tuple[int, int]], at: Moment, render: Render) -> Pairs:
    events: dict[int, Card] = event_cards.cards(connection, sorted({event for event, _person in asked}))
    told: Pairs = set()
    for number, event in events.items():
        whom = [(surveyed.key(number, person), person) for one, person in asked if one == number]
        told |= _tell(connection, whom, asking(event.key, event.title), at, at.now + ASKED, render)
    return told


def _tell(
    connection: Any, whom: Sequence[tuple[str, int]], reply: Reply, at: Moment, expires_at: datetime,
    render: Render,
) -> Pairs:  # fmt: skip
    """Queue it for each, once under its key, where they can be written to."""
    keys = {person: key for key, person in whom}
    reached = people.reached(connection, people=list(keys))
    said = {language: render(reply, language) for language in {to.language for to in reached}}
    rows = [
        {
            "dedupe_key": keys[to.person_id], "person_id": to.person_id, "channel": to.channel, "address": to.address,
            "kind": "notice", "created_at": at.now, "expires_at": expires_at, "priority": 1, **said[to.language],
        }
        for to in reached
    ]  # fmt: skip
    added = {person for _number, person in deliveries.queue(connection, rows)} if rows else set()
    return {(to.channel, to.address) for to in reached if to.person_id in added}
