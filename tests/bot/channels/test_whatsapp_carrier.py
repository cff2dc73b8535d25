"""A delivery becomes calls: each part once, each in its turn, to one person not too many at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.carrying import Back, Failed, Later, Result, Sent, Unknown
from bot.channels.whatsapp import number
from bot.channels.whatsapp.carrier import Carrier
from bot.channels.whatsapp.pairs import AHEAD, BURST, EVERY, Pairs
from models import outbox
from models.outbox import Parcel, Settled
from tests.bot.channels.leaving import (
    ANA,
    ROUTER,
    also_on,
    approve,
    heard,
    kept,
    open_client,
    person_at,
    queue,
    settle_on_whatsapp,
)
from tests.emulators.graph_api.faults import Fault
from tests.emulators.whatsapp import Person, WhatsAppEmulator, faults
from tests.support.world import START, World, open_world

PHONE, USER = "573001000000", "CO.1001"
PICTURE = {"drawing": "summary", "figures": {}, "alt": "x", "language": "es"}


class Turns:
    """What is waited for before each part after the first, and what then goes wrong."""

    def __init__(self, whatsapp: WhatsAppEmulator, clock: list[float], *faults: Fault | None) -> None:
        self.whatsapp, self.clock, self.faults = whatsapp, clock, list(faults)
        self.waited: list[Later | None] = []
        self.arrived: list[int] = []

    async def __call__(self, later: Later | None, arrived: int) -> None:
        self.waited.append(later)
        self.arrived.append(arrived)
        self.clock[0] += later.seconds if later else 0
        if self.faults and (fault := self.faults.pop(0)):
            self.whatsapp.faults.plan(fault, "messages")


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator() as whatsapp:
        yield whatsapp


@pytest.fixture
async def ana(whatsapp: WhatsAppEmulator) -> Person:
    ana = whatsapp.person(PHONE, "Ana", USER)
    await ana.says("Hola")
    return ana


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


Draw = Callable[[Mapping[str, Any]], bytes]


def drawn(picture: Mapping[str, Any]) -> bytes:
    return b"\x89PNG" + bytes(picture["figures"].get("n", 0))


@pytest.fixture
async def carrier(whatsapp: WhatsAppEmulator, clock: list[float]) -> AsyncIterator[Carrier]:
    async with open_client(whatsapp.url) as client:
        yield Carrier(client, ROUTER, drawn, lambda: START, pairs=Pairs(lambda: clock[0]))


def parcel(text: str = "Hola", **more: Any) -> Parcel:
    return Parcel(**{"id": 7, "person_id": 1, "address": USER, "text": text, "buttons": [], "picture": None,
                     "priority": 0, "to": PHONE} | more)  # fmt: skip


async def carried(carrier: Carrier, one: Parcel, turns: Turns) -> Result:
    begun: list[int] = []
    result = await carrier.carry(one, lambda: begun.append(1), turns)
    assert len(begun) <= 1
    return result


async def test_each_part_waits_for_its_turn_and_none_comes_twice(whatsapp, ana, carrier, clock) -> None:
    turns = Turns(whatsapp, clock, faults.server_error(), faults.too_many(), faults.pair_limited(), None)
    result = await carried(carrier, parcel("a" * 4096 + "b" * 4096 + "c"), turns)
    assert [message.text[0] for message in ana.messages] == ["a", "b", "c"]
    assert result == Sent(number(ana.messages[-1].id))
    assert turns.waited == [None, Later(1.0), Later(2.0, everybody=True), Later(4.0), Later(6.0)]
    sent = [call.params["biz_opaque_callback_data"] for call in whatsapp.calls if call.method == "messages"]
    assert list(dict.fromkeys(sent)) == ["7.0", "7.1", "7.2"]
    assert turns.arrived == [1, 1, 1, 1, 2]


async def test_what_has_arrived_of_it_does_not_leave_again(whatsapp, ana, carrier, clock) -> None:
    turns = Turns(whatsapp, clock)
    long = parcel("a" * 4096 + "b" * 4096 + "c", parts=1)
    assert isinstance(await carried(carrier, long, turns), Sent)
    assert ([message.text[0] for message in ana.messages], turns.arrived) == (["b", "c"], [2])
    sent = [call.params["biz_opaque_callback_data"] for call in whatsapp.calls if call.method == "messages"]
    assert sent == ["7.1", "7.2"]
    assert await carried(carrier, parcel("a", parts=1), turns) == Sent("")
    assert len(ana.messages) == 2


async def test_a_part_that_may_have_arrived_ends_the_message(whatsapp, ana, carrier, clock) -> None:
    turns = Turns(whatsapp, clock, faults.lost_answer())
    assert isinstance(await carried(carrier, parcel("a" * 4096 + "b" * 4096 + "c"), turns), Unknown)
    assert (len(ana.messages), turns.waited) == (2, [None])


async def test_who_hides_the_phone_is_called_by_name(whatsapp, carrier, clock) -> None:
    luis = whatsapp.person("573009", "Luis", "CO.9", hides_phone=True)
    await luis.says("Hola")
    assert isinstance(await carried(carrier, parcel(address="CO.9", to="CO.9"), Turns(whatsapp, clock)), Sent)
    assert [message.text for message in luis.messages] == ["Hola"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (faults.too_many(), Later(2.0, everybody=True)),
        (faults.pair_limited(), Later(4.0)),
        (faults.server_error(), Later(1.0)),
        (faults.lost_call(), Unknown("disconnected")),
        (faults.bad_token(), Later(60.0, everybody=True)),
        (faults.not_on_whatsapp(), Failed("131026: Unable to deliver message.", gone=True)),
        (faults.refused(131009, "odd"), Failed("131009: odd")),
        (faults.opted_out(), Failed("131050: The recipient chose not to receive marketing messages.")),
    ],
)
async def test_what_becomes_of_it(whatsapp, ana, carrier, clock, fault: Fault, expected: Result) -> None:
    whatsapp.faults.plan(fault, "messages")
    assert await carried(carrier, parcel(), Turns(whatsapp, clock)) == expected


async def test_a_picture_is_left_once_for_all_who_see_it(whatsapp, ana, carrier, clock) -> None:
    whatsapp.faults.plan(faults.server_error(), "messages")
    one, turns = parcel(picture=PICTURE), Turns(whatsapp, clock)
    assert await carried(carrier, one, turns) == Later(1.0)
    assert isinstance(await carried(carrier, one, turns), Sent)
    assert isinstance(await carried(carrier, parcel(id=8, picture=PICTURE), turns), Sent)
    assert [ana.received(message) for message in ana.messages] == [b"\x89PNG"] * 2
    assert len([call for call in whatsapp.calls if call.method == "upload"]) == 1


async def test_of_many_pictures_only_some_are_remembered(whatsapp, ana, carrier, clock, monkeypatch) -> None:
    monkeypatch.setattr("bot.channels.whatsapp.carrier.PICTURES", 2)
    for n in range(4):
        await carried(carrier, parcel(picture={**PICTURE, "figures": {"n": n}}), Turns(whatsapp, clock))
    assert (len(carrier.uploads), len(ana.messages)) == (2, 4)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(faults.server_error(), Later(1.0)), (faults.lost_answer(), Later(1.0)), (faults.bad_token(), Later(60.0, True))],
)
async def test_a_picture_that_is_not_taken(whatsapp, ana, carrier, clock, fault: Fault, expected: Later) -> None:
    """Nothing of the message has left, so all of it may be tried again."""
    whatsapp.faults.plan(fault, "upload")
    assert await carried(carrier, parcel(picture=PICTURE), Turns(whatsapp, clock)) == expected
    assert ana.messages == []


async def test_a_burst_to_one_person_then_one_each_six_seconds(whatsapp, ana, carrier, clock) -> None:
    turns = Turns(whatsapp, clock)
    for _message in range(BURST + 2):
        assert isinstance(await carried(carrier, parcel(), turns), Sent)
    assert turns.waited == [Later(EVERY)] * 2
    assert carrier.pairs.wait("CO.another") == 0
    clock[0] += EVERY * BURST
    assert carrier.pairs.wait(USER) == 0


async def test_who_hears_too_much_is_left_in_peace_for_longer_each_time(whatsapp, ana, carrier, clock) -> None:
    whatsapp.faults.plan(faults.pair_limited(), "messages", times=3)
    turns, found = Turns(whatsapp, clock), []
    for _attempt in range(5):
        found.append(await carried(carrier, parcel(), turns))
        clock[0] += found[-1].seconds if isinstance(found[-1], Later) else 0
    assert found[:3] == [Later(4.0), Later(16.0), Later(64.0)]
    assert all(isinstance(result, Sent) for result in found[3:])
    assert turns.waited == [Later(6.0)]  # after the pause one each six seconds


def test_nobody_is_remembered_longer_than_it_matters() -> None:
    now = [0.0]
    pairs = Pairs(lambda: now[0])
    for n in range(10_000):
        pairs.left(f"CO.{n}")
        now[0] += 0.1
    assert len(pairs.paces) <= EVERY / 0.1 + 1
    for _refusal in range(20):
        pairs.refused("CO.1")
    assert pairs.wait("CO.1") == pytest.approx(4**6)
    now[0] += AHEAD + 4**6
    pairs.left("CO.2")
    assert list(pairs.paces) == ["CO.2"]


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    settle_on_whatsapp(one)
    heard(one, ANA)
    yield one
    one.close()


@pytest.fixture
def template(world: World, whatsapp: WhatsAppEmulator) -> None:
    """It is approved, here and there."""
    approve(world, "chasqui_novedad")
    wording = ROUTER.wording("chasqui_novedad", "es")
    whatsapp.templates.add("chasqui_novedad", "es", wording.body, replies=[wording.button])


async def test_a_window_that_was_closed_is_knocked_at(world, whatsapp, ana, carrier, clock, template) -> None:
    """Then the template does not exist, and the message goes to another chat."""
    also_on(world, ANA, "telegram", "1001")
    ana.silent_for(25)
    delivery = queue(world, ANA)
    seen = []
    for fault in (None, faults.template_missing()):
        if fault:
            whatsapp.faults.plan(fault, "messages")
        with world.database.begin() as connection:
            [one] = carrier.look(connection, outbox.claim(connection, "whatsapp", "test", 1, START), START)
        result = await carried(carrier, one, Turns(whatsapp, clock))
        assert isinstance(result, Back)
        with world.database.begin() as connection:
            outbox.settle(connection, [Settled(delivery, "queued", reason=result.reason)], START)
            result.note(connection)
        seen.append((one.template, result.reason[:6]))
    assert seen == [("", "131047"), ("chasqui_novedad", "132001")]
    with world.database.begin() as connection:
        assert carrier.look(connection, outbox.claim(connection, "whatsapp", "test", 1, START), START) == []
    assert (kept(world, delivery).channel, kept(world, delivery).state) == ("telegram", "queued")


async def test_a_template_knocks_and_its_button_brings_the_message(whatsapp, ana, carrier, clock, template) -> None:
    ana.silent_for(25)
    knock = parcel("Su avance volvió.\nFalta una foto.", kind="notice", template="chasqui_novedad")
    assert isinstance(await carried(carrier, knock, Turns(whatsapp, clock)), Sent)
    [message] = ana.messages
    assert "Su avance volvió. · Falta una foto." in message.text
    assert [(option.label, option.id) for option in message.options] == [("Ver el mensaje", "#7")]


async def test_who_gets_no_template_is_reached_elsewhere(world, whatsapp, ana, carrier, clock, template) -> None:
    also_on(world, ANA, "telegram", "1001")
    one = parcel(id=queue(world, ANA), person_id=person_at(world, ANA), template="chasqui_novedad")
    whatsapp.faults.plan(faults.opted_out(), "messages")
    result = await carried(carrier, one, Turns(whatsapp, clock))
    assert isinstance(result, Back)
    with world.database.begin() as connection:
        result.note(connection)
    assert (kept(world, one.id).channel, kept(world, one.id).state) == ("telegram", "queued")
