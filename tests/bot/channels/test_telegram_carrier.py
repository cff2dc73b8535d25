"""A delivery becomes calls: each part once, each in its turn."""

from __future__ import annotations

from bot.carrying import Later, Result, Sent, Unknown
from bot.channels.telegram.carrier import Carrier
from bot.channels.telegram.client import Client
from models.outbox import Parcel
from tests.emulators.bot_api.faults import Fault
from tests.emulators.telegram import TelegramEmulator, faults


class Turns:
    """What is waited for before each part after the first, and what then goes wrong."""

    def __init__(self, telegram: TelegramEmulator, *faults: Fault | None) -> None:
        self.telegram, self.faults = telegram, list(faults)
        self.waited: list[Later | None] = []
        self.arrived: list[int] = []

    async def __call__(self, later: Later | None, arrived: int) -> None:
        self.waited.append(later)
        self.arrived.append(arrived)
        if self.faults and (fault := self.faults.pop(0)):
            self.telegram.faults.plan(fault, "sendMessage")


async def carried(client: Client, text: str, turns: Turns, parts: int = 0) -> Result:
    async def moved(address: str, chat: int) -> None:
        raise AssertionError((address, chat))

    parcel = Parcel(1, 1, "1001", text, [], None, 0, parts=parts)
    return await Carrier(client, lambda picture: b"", moved).carry(parcel, lambda: None, turns)


async def test_each_part_waits_for_its_turn_and_none_comes_twice(telegram: TelegramEmulator, client: Client) -> None:
    turns = Turns(telegram, faults.server_error(502), faults.too_many(7), None)
    result = await carried(client, "a" * 4096 + "b" * 4096 + "c", turns)
    told = telegram.person(1001).messages
    assert [message.text[0] for message in told] == ["a", "b", "c"]
    assert result == Sent(str(told[-1].id))
    assert turns.waited == [None, Later(1.0), Later(7.0, everybody=True), None]
    assert turns.arrived == [1, 1, 1, 2]


async def test_what_has_arrived_of_it_does_not_leave_again(telegram: TelegramEmulator, client: Client) -> None:
    turns = Turns(telegram)
    assert isinstance(await carried(client, "a" * 4096 + "b" * 4096 + "c", turns, 1), Sent)
    assert ([message.text[0] for message in telegram.person(1001).messages], turns.arrived) == (["b", "c"], [2])
    assert await carried(client, "a", turns, 1) == Sent("")
    assert len(telegram.person(1001).messages) == 2


async def test_a_part_that_may_have_arrived_ends_the_message(telegram: TelegramEmulator, client: Client) -> None:
    turns = Turns(telegram, faults.lost_answer())
    assert isinstance(await carried(client, "a" * 4096 + "b" * 4096 + "c", turns), Unknown)
    assert (len(telegram.person(1001).messages), turns.waited) == (2, [None])
