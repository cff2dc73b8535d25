"""What Meta tells of messages afterwards: in any order, many times, late, and of failures that must be made good."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.channels.whatsapp.inbound import Pricing, Status
from bot.channels.whatsapp.statuses import settle
from models import outbox, templates
from models.charges import Charge
from models.deliveries import Delivery
from models.outbox import Settled
from models.people import Contact
from tests.bot.channels.leaving import (
    ANA,
    MARTA,
    ROUTER,
    also_on,
    approve,
    at,
    heard,
    kept,
    queue,
    settle_on_whatsapp,
)
from tests.support.world import RULES, START, World, open_world

SERVICE = Pricing("service", True)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    settle_on_whatsapp(one)
    heard(one, ANA)
    yield one
    one.close()


def leave(world: World, state: Any = "sent", message: str = "w1", now: datetime = START) -> None:
    """All that waits is claimed, and leaves; while it is "sending" nothing more is known."""
    with world.database.begin() as connection:
        parcels = outbox.claim(connection, "whatsapp", "test", 100, now)
        ours = ROUTER.look(connection, parcels, now)
        if state != "sending":
            called = message if state == "sent" else ""
            outbox.settle(connection, [Settled(parcel.id, state, called) for parcel in ours], now)


def told(
    world: World, number: int, *states: str, message: str = "w1", seconds: float = 1, part: int = 0, code: int = 0,
    pricing: Pricing | None = None, now: datetime = START,
) -> set[tuple[str, str]]:  # fmt: skip
    """Meta says this of a message, `seconds` after it was made."""
    moment, errors = START + timedelta(seconds=seconds), ((code, "No."),) if code else ()
    statuses = [
        Status(message, f"{number}.{part}", state, moment, ANA, errors, pricing)  # type: ignore[arg-type]
        for state in states
    ]
    with world.database.begin() as connection:
        return settle(connection, statuses, now, RULES)


def test_a_message_arrives_and_is_read(world: World) -> None:
    number = queue(world, ANA)
    leave(world)
    told(world, number, "delivered", seconds=2)
    assert (kept(world, number).state, kept(world, number).delivered_at) == ("delivered", START + timedelta(seconds=2))
    told(world, number, "read", seconds=9)
    row = kept(world, number)
    assert (row.state, row.read_at) == ("read", START + timedelta(seconds=9))
    assert (row.sent_at, row.delivered_at) == (START, START + timedelta(seconds=2))


@pytest.mark.parametrize("state", ["sent", "sending", "unknown"])
@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])))
def test_in_any_order_and_twice_it_only_goes_forwards(world: World, state: str, order: tuple[str, ...]) -> None:
    number = queue(world, ANA)
    leave(world, state)
    moments = {"sent": 1, "delivered": 2, "read": 3}
    for each in (*order, *order):
        told(world, number, each, seconds=moments[each], pricing=SERVICE)
    row = kept(world, number)
    assert (row.state, row.platform_id, row.reason) == ("read", "w1", "")
    assert (row.delivered_at, row.read_at) == (START + timedelta(seconds=2), START + timedelta(seconds=3))
    assert row.sent_at is not None
    assert len(world.rows(select(Charge))) == 1


def test_an_answer_that_comes_after_its_status_changes_nothing(world: World) -> None:
    number = queue(world, ANA)
    leave(world, "sending")
    told(world, number, "delivered")
    with world.database.begin() as connection:
        outbox.settle(connection, [Settled(number, "sent", "w1")], START)
    assert kept(world, number).state == "delivered"


def test_many_at_once_are_three_statements(world: World) -> None:
    numbers = [queue(world, ANA, text=str(n)) for n in range(50)]
    with world.database.begin() as connection:
        outbox.claim(connection, "whatsapp", "test", 50, START, of_one_chat=50)
        outbox.settle(connection, [Settled(n, "sent", f"w{n}") for n in numbers], START)
        told = [Status(f"w{n}", f"{n}.0", "delivered", START, ANA, (), SERVICE) for n in numbers]
        counted: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
        settle(connection, told * 3, START, RULES)
    assert len(counted) == 3, counted
    assert {kept(world, n).state for n in numbers} == {"delivered"}


@pytest.mark.parametrize("callback", ["", "x", "0.0", "99999.0", "1", "-1.0", "1.0.0", "٣.0", "9" * 30 + ".0"])
def test_what_is_about_nothing_of_ours_is_left(world: World, callback: str) -> None:
    queue(world, ANA)
    leave(world)
    before = world.rows(select(Delivery.__table__))
    with world.database.begin() as connection:
        for state in ("sent", "delivered", "read", "failed"):
            told = Status("w1", callback, state, START, ANA, (), SERVICE)  # type: ignore[arg-type]
            assert settle(connection, [told], START, RULES) == set()
    assert world.rows(select(Delivery.__table__)) == before
    assert world.rows(select(Charge)) == []


@pytest.mark.parametrize("state", ["sent", "sending", "unknown"])
def test_a_window_that_was_closed(world: World, state: str) -> None:
    """The message waits again, is knocked with instead, and what was said of the first one counts no more."""
    approve(world, "chasqui_novedad")
    number = queue(world, ANA)
    leave(world, state)
    assert told(world, number, "failed", code=131047) == {("whatsapp", ANA)}
    assert (kept(world, number).state, kept(world, number).sent_at) == ("queued", None)
    assert world.rows(select(Contact.heard_at).where(Contact.address == ANA)) == [(None,)]
    if state == "sending":  # its answer comes only now
        with world.database.begin() as connection:
            outbox.settle(connection, [Settled(number, "sent", "w1")], START)
        assert kept(world, number).state == "queued"
    leave(world, "sending", now=at(0.1))
    told(world, number, "failed", code=131047)
    with world.database.begin() as connection:
        outbox.settle(connection, [Settled(number, "sent", "w1")], START)
    assert (kept(world, number).state, kept(world, number).template) == ("sending", "chasqui_novedad")
    told(world, number, "delivered", message="w2")
    told(world, number, "failed", code=131047)
    assert (kept(world, number).state, kept(world, number).platform_id) == ("delivered", "w2")


def test_who_has_written_since_may_be_answered(world: World) -> None:
    number = queue(world, ANA)
    leave(world)
    heard(world, ANA, timedelta(seconds=-5))
    told(world, number, "failed", code=131047, seconds=1)
    leave(world, message="w2", now=START + timedelta(seconds=9))
    assert (kept(world, number).state, kept(world, number).template) == ("sent", "")


@pytest.mark.parametrize("code", [130429, 131000, 131056, 131042])
def test_a_passing_failure_is_tried_again_for_a_day(world: World, code: int) -> None:
    number = queue(world, ANA)
    now, waits = START, []
    for attempt in range(40):
        heard(world, ANA, START - now)
        leave(world, message=f"w{attempt}", now=now)
        told(world, number, "failed", code=code, message=f"w{attempt}", seconds=1e6, now=now)
        if kept(world, number).state == "failed":
            break
        waits.append((kept(world, number).not_before - now).total_seconds() / 60)
        now = kept(world, number).not_before
    assert waits[:5] == [1, 1, 2, 4, 8]
    assert timedelta(days=1) <= now - START < timedelta(days=2)
    assert kept(world, number).reason


def test_of_a_message_in_parts_nothing_is_sent_twice(world: World) -> None:
    number = queue(world, ANA)
    leave(world, message="w2")  # of two parts the last
    told(world, number, "failed", code=131000, message="w1", part=0)
    assert kept(world, number).state == "sent"
    told(world, number, "failed", code=131000, message="w2", part=1)
    assert (kept(world, number).state, kept(world, number).reason) == ("failed", "131000: No.")


@pytest.mark.parametrize(("code", "status"), [(132001, "MISSING"), (132015, "PAUSED"), (132016, "DISABLED")])
def test_a_template_that_cannot_be_sent_is_sent_to_nobody(world: World, code: int, status: str) -> None:
    approve(world, "chasqui_novedad")
    approve(world, "chasqui_novedad", language="en")
    also_on(world, ANA, "telegram", "1001")
    heard(world, ANA, timedelta(days=2))
    number = queue(world, ANA)
    leave(world)
    told(world, number, "failed", code=code)
    found = world.rows(select(templates.Template.language, templates.Template.status).order_by("language"))
    assert found == [("en", "APPROVED"), ("es", status)]
    leave(world, now=at(0.1))
    assert (kept(world, number).channel, kept(world, number).state) == ("telegram", "queued")


@pytest.mark.parametrize("code", [131049, 131050, 130472])
def test_who_gets_no_template_is_reached_elsewhere(world: World, code: int) -> None:
    approve(world, "chasqui_novedad")
    also_on(world, ANA, "telegram", "1001")
    heard(world, ANA, timedelta(days=2))
    number = queue(world, ANA)
    leave(world)
    assert told(world, number, "failed", code=code) == {("telegram", "1001")}
    row = kept(world, number)
    assert (row.channel, row.state, row.template, row.platform_id) == ("telegram", "queued", "", "")
    assert world.rows(select(templates.Template.status)) == [("APPROVED",)]
    told(world, number, "read")
    assert kept(world, number).state == "queued"


def test_who_is_not_on_whatsapp_is_written_to_no_more(world: World) -> None:
    heard(world, MARTA)
    number, later = queue(world, ANA), queue(world, ANA, text="later", not_before=at(5))
    leave(world)
    assert told(world, number, "failed", code=131026) == {("whatsapp", MARTA)}
    assert (kept(world, number).state, kept(world, later).state) == ("failed", "skipped")
    assert world.rows(select(Contact.blocked_at).where(Contact.address == ANA)) == [(START,)]
    assert told(world, number, "failed", code=131026) == set()


@pytest.mark.parametrize("code", [100, 131009, 131051, 987654, 0])
def test_what_can_never_be_sent_has_failed(world: World, code: int) -> None:
    number = queue(world, ANA)
    leave(world)
    assert told(world, number, "failed", code=code) == set()
    assert kept(world, number).state == "failed"


def test_what_arrived_has_not_failed(world: World) -> None:
    number = queue(world, ANA)
    leave(world)
    told(world, number, "delivered")
    told(world, number, "failed", code=131000)
    assert kept(world, number).state == "delivered"


def test_each_message_has_one_price_and_what_failed_has_none(world: World) -> None:
    one, two = queue(world, ANA, text="one"), queue(world, ANA, text="two")
    leave(world, "sending")
    told(world, one, "sent", message="a", pricing=SERVICE)
    told(world, one, "delivered", message="a", pricing=Pricing("utility", False))
    told(world, one, "sent", message="b", part=1, pricing=SERVICE)  # of two parts the other
    told(world, two, "sent", message="c", pricing=SERVICE)
    told(world, two, "failed", message="c", code=131000)
    rows = world.rows(select(Charge.message, Charge.delivery_id, Charge.category, Charge.billable))
    assert sorted(rows) == [("a", one, "service", True), ("b", one, "service", True)]
