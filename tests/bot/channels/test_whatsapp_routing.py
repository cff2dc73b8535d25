"""Who may be written to freely, who is knocked at, and what becomes of what may not leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from models import outbox, routing
from models.deliveries import Delivery
from models.outbox import Parcel
from models.people import Person
from tests.bot.channels.leaving import (
    ANA,
    MARTA,
    ROUTER,
    also_on,
    approve,
    at,
    change,
    heard,
    kept,
    person_at,
    queue,
    settle_on_whatsapp,
)
from tests.support.world import START, World, open_world, person

DAY = timedelta(hours=24)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    settle_on_whatsapp(one)
    yield one
    one.close()


def looked(world: World, now: datetime = START, most: int = 100) -> list[Parcel]:
    """What leaves of that which waits."""
    with world.database.begin() as connection:
        parcels = outbox.claim(connection, "whatsapp", "test", most, now, of_one_chat=most)
        return ROUTER.look(connection, parcels, now)


def texts(world: World, channel: str = "whatsapp") -> list[str]:
    waiting = select(Delivery.text).where(Delivery.channel == channel, Delivery.state == "queued")
    return [row.text for row in world.rows(waiting.order_by(Delivery.id))]


def test_who_wrote_within_a_day_is_written_to_freely(world: World) -> None:
    heard(world, ANA, DAY - timedelta(minutes=6))
    heard(world, MARTA)
    queue(world, ANA)
    queue(world, MARTA)
    ours = [(parcel.address, parcel.to or parcel.address, parcel.template) for parcel in looked(world)]
    assert ours == [(ANA, "573001000000", ""), (MARTA, MARTA, "")]


def test_who_hides_the_phone_is_called_by_the_name_the_platform_gives(world: World) -> None:
    change(world, ANA, phone="", heard_at=START)
    queue(world, ANA)
    assert [parcel.to or parcel.address for parcel in looked(world)] == [ANA]


def test_whom_all_may_be_written_to_costs_one_statement(world: World) -> None:
    heard(world, ANA)
    heard(world, MARTA)
    for n in range(20):
        queue(world, (ANA, MARTA)[n % 2], text=str(n))
    with world.database.begin() as connection:
        parcels = outbox.claim(connection, "whatsapp", "test", 20, START, of_one_chat=20)
        counted: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
        assert len(ROUTER.look(connection, parcels, START)) == 20
    assert len(counted) == 1, counted


@pytest.mark.parametrize("ago", [None, DAY - timedelta(minutes=4), timedelta(days=30)])
def test_after_a_day_a_template_knocks(world: World, ago: timedelta | None) -> None:
    if ago:
        heard(world, ANA, ago)
    approve(world, "chasqui_recordatorio", "chasqui_novedad", "chasqui_anuncio")
    numbers = [queue(world, ANA, "nudge"), queue(world, ANA, "notice"), queue(world, ANA, "notice", "x", priority=2)]
    names = ["chasqui_recordatorio", "chasqui_novedad", "chasqui_anuncio"]
    assert [(parcel.id, parcel.template, parcel.to) for parcel in looked(world)] == [
        (number, name, "573001000000") for number, name in zip(numbers, names, strict=True)
    ]
    assert [(kept(world, n).template, kept(world, n).state) for n in numbers] == [(name, "sending") for name in names]


@pytest.mark.parametrize(("spoken", "there", "expected"), [("en", "en", "en"), ("en", "es", "es"), ("es", "es", "es")])
def test_a_template_in_the_readers_language_or_else_in_spanish(
    world: World, spoken: str, there: str, expected: str
) -> None:
    with world.database.begin() as connection:
        connection.execute(update(Person).values(language=spoken))
    approve(world, "chasqui_novedad", language=there)
    queue(world, ANA)
    assert [parcel.language for parcel in looked(world)] == [expected]


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "PAUSED"])
def test_without_a_template_it_goes_to_another_chat(world: World, status: str) -> None:
    approve(world, "chasqui_novedad", status=status)
    also_on(world, ANA, "web", "ana-at-the-page", since=START + DAY)
    also_on(world, ANA, "telegram", "1001")
    number = queue(world, ANA)
    assert looked(world) == []
    row = kept(world, number)
    assert (row.channel, row.address, row.state, row.claimed_by) == ("telegram", "1001", "queued", "")


@pytest.mark.parametrize("gone", ["until", "blocked_at", "muted_at"])
def test_a_chat_that_is_no_use_is_not_another(world: World, gone: str) -> None:
    also_on(world, ANA, "telegram", "1001", **{gone: START})
    number = queue(world, ANA)
    looked(world)
    assert (kept(world, number).channel, kept(world, number).state) == ("whatsapp", "failed")


def test_who_cannot_be_reached_at_all_is_called(world: World) -> None:
    heard(world, MARTA)
    numbers = [queue(world, ANA, text="one"), queue(world, ANA, text="two")]
    assert looked(world) == []
    assert [(kept(world, n).state, kept(world, n).reason) for n in numbers] == [("failed", routing.NOWHERE)] * 2
    assert texts(world) == ["Llame a Ana Lucía Ortega: no le llegan mis mensajes por WhatsApp."]
    queue(world, ANA, text="three")
    assert [parcel.address for parcel in looked(world, at(1))] == [MARTA]
    assert texts(world) == []  # once a day
    queue(world, ANA, text="four")
    looked(world, at(24))
    assert len(texts(world)) == 1


def test_who_runs_the_plan_is_not_told_of_themselves(world: World) -> None:
    with world.database.begin() as connection:
        person(connection, "hugo", "Hugo Paz", "coordinator", None)
    queue(world, MARTA)
    looked(world)
    assert (texts(world), len(texts(world, "web"))) == ([], 1)


def test_nobody_calls_a_citizen(world: World) -> None:
    change(world, "citizen", channel="whatsapp", address="CO.9")
    queue(world, "CO.9")
    looked(world)
    assert world.rows(select(Delivery.state, Delivery.kind)) == [("failed", "notice")]


def test_who_wants_no_notices_is_not_knocked_at(world: World) -> None:
    approve(world, "chasqui_novedad")
    change(world, ANA, muted_at=START)
    late, asked = queue(world, ANA), queue(world, ANA, "answer")
    assert [(parcel.id, parcel.template) for parcel in looked(world)] == [(asked, "chasqui_novedad")]
    assert kept(world, late).state == "failed"


def test_a_contact_that_has_ended_is_not_knocked_at(world: World) -> None:
    approve(world, "chasqui_novedad")
    number = queue(world, ANA)
    change(world, ANA, until=START, heard_at=START)
    assert looked(world) == []
    assert kept(world, number).state == "failed"


def test_only_so_many_people_are_knocked_at_in_a_day(world: World) -> None:
    approve(world, "chasqui_novedad")
    for n in range(4):
        with world.database.begin() as connection:
            person(connection, f"p{n}", f"P{n}", "officer", "prensa")
        change(world, f"p{n}", channel="whatsapp", address=f"CO.{n}")
    with world.database.begin() as connection:
        routing.keep_tier(connection, 2)
    numbers = [queue(world, f"CO.{n}") for n in (0, 1, 2, 0, 3)[:3]] + [queue(world, "CO.0", text="again")]
    assert [parcel.id for parcel in looked(world)] == [numbers[0], numbers[1], numbers[3]]
    assert (kept(world, numbers[2]).state, kept(world, numbers[2]).not_before) == ("queued", at(1))
    with world.database.begin() as connection:
        sent = [outbox.Settled(n, "sent", f"w{n}") for n in numbers]
        outbox.settle(connection, sent, at(0.1))
    assert looked(world, at(2)) == []
    assert [parcel.address for parcel in looked(world, at(24.2))] == ["CO.2"]
    queue(world, "CO.3")
    with world.database.begin() as connection:
        routing.keep_tier(connection, -1)
    assert [parcel.address for parcel in looked(world, at(24.3))] == ["CO.3"]


def test_what_was_knocked_with_may_leave_as_it_is_later(world: World) -> None:
    approve(world, "chasqui_novedad")
    number = queue(world, ANA)
    looked(world)
    with world.database.begin() as connection:
        outbox.settle(connection, [outbox.Settled(number, "queued")], START)
    heard(world, ANA)
    assert [parcel.template for parcel in looked(world)] == [""]
    assert kept(world, number).template == ""


def test_the_tier_of_who_has_only_begun(world: World) -> None:
    with world.database.begin() as connection:
        assert routing.tier(connection) == 250
    assert person_at(world, ANA)
