"""Statuses of many posts go together, and what is wrong with one post is not the others' fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.channels.whatsapp.inbound import Status
from bot.channels.whatsapp.settling import TOGETHER, Settler
from models.database import Database
from tests.support.world import START


class Books:
    """What was settled, in how many transactions; one message may be wrong."""

    def __init__(self) -> None:
        self.written: list[list[str]] = []
        self.told: list[set[tuple[str, str]]] = []

    def work(self, _connection: Connection, told: list[Status], _now: datetime) -> set[tuple[str, str]]:
        if any(status.message == "wrong" for status in told):
            raise ValueError("wrong")
        self.written.append([status.message for status in told])
        return {("whatsapp", told[0].message)}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    one = Database(f"sqlite:///{tmp_path / 'chasqui.db'}")
    yield one
    await asyncio.to_thread(one.close)


def status(message: str) -> Status:
    return Status(message, "1.0", "delivered", START, "")


async def test_what_is_posted_meanwhile_goes_together(database: Database) -> None:
    books = Books()
    settler = Settler(database, lambda: START, books.told.append, books.work)
    numbers = [f"{n:04}" for n in range(1000)]
    await asyncio.gather(*(settler.settle([status(number)]) for number in numbers))
    assert [number for batch in books.written for number in batch] == numbers
    assert max(map(len, books.written)) == TOGETHER
    assert len(books.written) <= 6
    assert len(books.told) == len(books.written)
    await settler.settle([status("later")])
    assert books.written[-1] == ["later"]


async def test_only_who_posted_what_is_wrong_hears_of_it(database: Database) -> None:
    books = Books()
    settler = Settler(database, lambda: START, books.told.append, books.work)
    posts = [settler.settle([status(message)]) for message in ("first", "a", "wrong", "b")]
    outcomes = await asyncio.gather(*posts, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), ValueError, type(None)]
    assert sorted(message for batch in books.written for message in batch) == ["a", "b", "first"]


async def test_who_has_gone_holds_up_nobody(database: Database) -> None:
    books = Books()
    settler = Settler(database, lambda: START, books.told.append, books.work)
    gone = asyncio.create_task(settler.settle([status("gone")]))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait_for(settler.settle([status("here")]), 5)
    assert [message for batch in books.written for message in batch] == ["gone", "here"]
