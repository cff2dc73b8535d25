"""The pace that a platform allows is shared by all processes, and kept whatever the machine does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.pacing import Pacer
from models import migrations
from models.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = Database(database_url)
    migrations.upgrade(one.engine)
    yield one
    await asyncio.to_thread(one.close)


async def left(pacers: list[Pacer], count: int, stall: float = 0.0) -> list[float]:
    """When `count` messages of as many askers left; once in the middle nothing runs for a while."""
    loop = asyncio.get_running_loop()
    times: list[float] = []

    async def leave(number: int) -> None:
        await pacers[number % len(pacers)].slot(count - number)
        times.append(loop.time())
        if number == count // 2:
            time.sleep(stall)  # noqa: ASYNC251 – as a process that is not given the processor

    await asyncio.gather(*(leave(number) for number in range(count)))
    return sorted(times)


async def test_the_pace_is_shared_and_kept(database) -> None:
    """Two processes together never have more than the rate allows in any second."""
    times = await left([Pacer(database, "bot", 100, 0) for _ in range(2)], 120)
    assert all(later - earlier > 0.9 for earlier, later in zip(times, times[100:], strict=False))


async def test_slots_that_were_missed_are_not_made_up_for_in_a_rush(database) -> None:
    times = await left([Pacer(database, "bot", 50, 0)], 120, stall=0.5)
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[50:], strict=False))


async def test_a_message_that_was_long_on_its_way_counts_as_late(database, monkeypatch) -> None:
    """Of 20 allowed in a second the twenty-first waits for the second after the first can have arrived."""
    monkeypatch.setattr("bot.pacing.USED", 1.0)
    loop, pacer = asyncio.get_running_loop(), Pacer(database, "bot", 20, 0)
    pacer.answered(await pacer.slot(21))
    first = await pacer.slot(21)
    began = loop.time()
    await asyncio.sleep(0.04)
    pacer.answered(first)
    for number in range(20):
        await pacer.slot(20 - number)
    assert loop.time() - began >= 1.01 + 0.03
