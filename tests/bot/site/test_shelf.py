"""What is ready is sent, what changed is made anew behind it, and nothing is made twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.site.shelf import Pulse, Ready, Shelf, ready


class Kitchen:
    """Makes answers and counts them."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.clock = 100.0

    def make(self, said: str, missing: bool = False) -> Callable[[], Awaitable[Ready | None]]:
        async def made() -> Ready | None:
            await asyncio.sleep(0)
            self.made.append(said)
            return None if missing else ready(said.encode(), "text/plain")

        return made


@pytest.fixture
def kitchen(monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    kitchen = Kitchen()
    monkeypatch.setattr("bot.site.shelf.time.monotonic", lambda: kitchen.clock)
    return kitchen


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_many_who_ask_at_once_get_the_same(kitchen: Kitchen) -> None:
    shelf = Shelf(5, 30, 1000)
    found = await asyncio.gather(*(shelf.get("/", 1, kitchen.make("a")) for _ in range(20)))
    assert {one.body for one in found if one} == {b"a"}
    assert kitchen.made == ["a"]


async def test_what_changed_is_made_behind_the_old_one(kitchen: Kitchen) -> None:
    shelf = Shelf(5, 30, 1000)
    await shelf.get("/", 1, kitchen.make("old"))
    kitchen.clock += 4
    await shelf.get("/", 2, kitchen.make("too soon"))
    await settled()
    assert kitchen.made == ["old"]
    kitchen.clock += 2
    first = await shelf.get("/", 2, kitchen.make("new"))
    await settled()
    second = await shelf.get("/", 2, kitchen.make("not needed"))
    assert [one.body for one in (first, second) if one] == [b"old", b"new"]
    assert kitchen.made == ["old", "new"]


async def test_nothing_is_sent_after_its_life(kitchen: Kitchen) -> None:
    shelf = Shelf(5, 30, 1000)
    await shelf.get("/", 1, kitchen.make("old"))
    kitchen.clock += 30
    found = await shelf.get("/", 1, kitchen.make("new"))
    assert found
    assert found.body == b"new"


async def test_there_is_only_so_much_room(kitchen: Kitchen) -> None:
    shelf = Shelf(5, 30, 10)
    for name in ("aaaa", "bbbb", "cccc"):
        await shelf.get(name, 1, kitchen.make(name))
    await shelf.get("cccc", 1, kitchen.make("cccc"))
    await shelf.get("aaaa", 1, kitchen.make("aaaa"))
    assert kitchen.made == ["aaaa", "bbbb", "cccc", "aaaa"]


async def test_what_is_not_there_is_not_kept(kitchen: Kitchen) -> None:
    shelf = Shelf(5, 30, 1000)
    for _ in range(2):
        assert await shelf.get("/", 1, kitchen.make("x", missing=True)) is None
    assert len(kitchen.made) == 2


async def test_a_failure_behind_leaves_the_old_one(kitchen: Kitchen, caplog: pytest.LogCaptureFixture) -> None:
    words = "with something personal in it"

    async def broken() -> Ready | None:
        raise OSError(words)

    shelf = Shelf(5, 30, 1000)
    await shelf.get("/", 1, kitchen.make("old"))
    kitchen.clock += 6
    assert await shelf.get("/", 2, broken)
    await settled()
    assert "OSError" in caplog.text
    assert "personal" not in caplog.text
    kitchen.clock += 30
    with pytest.raises(OSError, match="personal"):
        await shelf.get("/", 2, broken)


async def test_a_pulse_is_read_now_and_then(kitchen: Kitchen) -> None:
    count = 0

    async def read() -> int:
        nonlocal count
        count += 1
        return count

    pulse = Pulse(read, 2)
    assert await asyncio.gather(*(pulse.beat() for _ in range(5))) == [1] * 5
    kitchen.clock += 2
    assert await pulse.beat() == 2
