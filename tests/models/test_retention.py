"""How long things are kept: what the clock drops, what it leaves, and that the page for people says the same."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta

from sqlalchemy import insert, select

from bot.turn import DRAFT
from models.deliveries import Delivery
from models.events import Event
from models.hand_outs import READY_FOR
from models.linking import LinkCode
from models.participation import Attendance
from models.people import Person
from models.plan import Plan
from models.questions import Question
from models.retention import BATCH, RULES, kept
from scheduler import personal, ticks
from tests.support.tree import ROOT
from tests.support.world import World


def sweep(world: World) -> int:
    return asyncio.run(personal.retention_tick(world.database, world.now))


def test_the_page_says_what_the_clock_does() -> None:
    page = (ROOT / "docs" / "datos-personales.md").read_text("utf-8").partition("## Cuánto se guarda")[2]
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(rule.what, str(rule.days), rule.since) for rule in RULES.values()]


def test_the_clock_counts_as_the_rules_say() -> None:
    assert (kept("inbox"), kept("visitors")) == (ticks.KEYS, ticks.VISITORS)
    assert kept("downloads") == kept("strays") == ticks.KEYS  # one tick for the three
    assert (kept("drafts"), kept("hand_outs")) == (DRAFT, READY_FOR)
    assert {"retention", "forgotten", "requests"} <= set(ticks.MINUTES)


def test_texts_of_citizens_go_in_batches_and_those_of_officers_stay(world: World) -> None:
    world.say("officer", "/pendientes")
    world.say("citizen", "/estado")
    with world.database.begin() as connection:
        citizen = connection.execute(select(Person.id).where(Person.name == "")).scalar_one()
        rows = [
            {"dedupe_key": f"t{n}", "person_id": citizen, "channel": "web", "address": "citizen", "kind": "notice",
             "text": "Hola", "buttons": [], "wants": "", "created_at": world.now, "state": "sent"}
            for n in range(BATCH + 1)
        ]  # fmt: skip
        connection.execute(insert(Delivery), rows)
    texts = select(Delivery.id).where(Delivery.person_id == citizen, Delivery.text != "")
    world.now += kept("deliveries")
    sweep(world)
    assert len(world.rows(texts)) == BATCH + 1  # those of this very moment are not older
    world.now += timedelta(minutes=1)
    assert sweep(world) > 0
    assert world.rows(texts) == []
    assert world.rows(select(Delivery.id).where(Delivery.person_id == citizen)) != []
    assert world.last("officer").text
    assert sweep(world) == 0


def test_attendances_codes_and_last_questions_go_in_their_time(world: World) -> None:
    day = date(2022, 5, 2)
    with world.database.begin() as connection:
        plan = connection.execute(select(Plan.id)).scalar_one()
        values = {"plan_id": plan, "key": "E9001", "title": "Foro", "day": day, "recorded_at": world.now}
        event = connection.execute(insert(Event).values(values).returning(Event.id)).scalar_one()
        ids = list(connection.execute(select(Person.id).order_by(Person.id)).scalars())
        for person, state in zip(ids, ("came", "left"), strict=False):
            connection.execute(insert(Attendance).values(event_id=event, person_id=person, state=state, at=world.now))
        code = {"person_id": ids[0], "code_hash": "x", "made_at": world.now, "expires_at": world.now}
        connection.execute(insert(LinkCode).values(code))
        connection.execute(insert(Question).values(person_id=ids[0], asked="/estado 6", at=world.now))
    left = [len(world.rows(select(noun))) for noun in (LinkCode, Question)]
    sweep(world)
    assert [len(world.rows(select(noun))) for noun in (LinkCode, Question)] == left == [1, 1]
    world.now += timedelta(days=1, minutes=1)
    sweep(world)
    assert [len(world.rows(select(noun))) for noun in (LinkCode, Question)] == [0, 0]
    for days, states in ((kept("places").days, ["came", "left"]), (kept("attendances").days, ["came"])):
        world.now += day - world.now.date() + timedelta(days=days)
        sweep(world)
        assert sorted(row.state for row in world.rows(select(Attendance.state))) == states
    world.now += timedelta(days=1)
    sweep(world)
    assert world.rows(select(Attendance.id)) == []
