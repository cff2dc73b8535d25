"""What leaves: in order, once, settled; and after a death exactly what had not begun to leave goes out again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from bot import journal
from bot.carrying import Back, Failed, Later, Result, Sent, Turn, Unknown
from bot.journal import Journal
from bot.pacing import Pacer
from bot.sending import Sender
from models import deliveries, migrations
from models.database import Database
from models.deliveries import Delivery
from models.outbox import Parcel
from models.people import Person

NOW = datetime(2022, 5, 24, 14, tzinfo=UTC)


class Platform:
    """A carrier that notes what it is given and answers as it is told to."""

    name = "telegram"

    def __init__(self) -> None:
        self.arrived: dict[str, list[str]] = defaultdict(list)
        self.answers: list[Result] = []
        self.news = asyncio.Event()

    async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: Turn) -> Result:
        begun()
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else Sent(f"p{parcel.id}")
        if isinstance(answer, Sent):
            self.arrived[parcel.address].append(parcel.text)
        self.news.set()
        return answer


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    one = Database(database_url)
    migrations.upgrade(one.engine)
    with one.begin() as connection:
        connection.execute(insert(Person).values(id=1, created_at=NOW))
    yield one
    await asyncio.to_thread(one.close)


@pytest.fixture
def platform() -> Platform:
    return Platform()


def sender(
    database: Database, platform: Platform, folder: Path, lost: list[str] | None = None,
    per_second: float = 0, per_chat: float = 0,
) -> Sender:  # fmt: skip
    def unreachable(connection: Connection, parcel: Parcel) -> None:
        (lost if lost is not None else []).append(parcel.address)

    pacer = Pacer(database, "bot", per_second, per_chat)
    return Sender(database, platform, pacer, folder, lambda: NOW, unreachable)


def queue(database: Database, *messages: tuple[str, str, int]) -> None:
    with database.begin() as connection:
        deliveries.add(
            connection,
            [
                {"dedupe_key": f"{chat}:{text}", "person_id": 1, "channel": "telegram", "address": chat,
                 "kind": "answer", "text": text, "buttons": [], "picture": None, "wants": "",
                 "created_at": NOW, "priority": priority}
                for chat, text, priority in messages
            ],
        )  # fmt: skip


def states(database: Database) -> dict[str, str]:
    with database.begin() as connection:
        return dict(connection.execute(select(Delivery.text, Delivery.state)).all())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 – what is waited for happens in the database
            await asyncio.sleep(0.005)


async def test_each_chat_hears_everything_once_and_in_order(database, platform, tmp_path) -> None:
    queue(database, *[(f"c{n % 7}", f"{n:03}", 0) for n in range(200)])
    sending = sender(database, platform, tmp_path)
    await sending.start()
    await until(lambda: sum(map(len, platform.arrived.values())) == 200)
    await sending.stop()
    assert all(heard == sorted(heard) for heard in platform.arrived.values())
    assert set(states(database).values()) == {"sent"}
    assert list(tmp_path.glob("*.journal")) == []


async def test_what_may_have_arrived_is_not_repeated_and_what_did_not_is(database, platform, tmp_path) -> None:
    lost: list[str] = []
    platform.answers = [Later(0.01, everybody=True), Sent("1"), Unknown("cut"), Failed("blocked", gone=True)]
    queue(database, ("c", "first", 0), ("c", "second", 0), ("c", "third", 0))
    sending = sender(database, platform, tmp_path, lost)
    await sending.start()
    await until(lambda: "third" in states(database) and states(database)["third"] == "failed")
    await sending.stop()
    assert states(database) == {"first": "sent", "second": "unknown", "third": "failed"}
    assert platform.arrived == {"c": ["first"]}
    assert lost == ["c"]


async def test_answers_go_before_announcements(database, platform, tmp_path) -> None:
    queue(database, ("c", "announcement", 2), ("c", "answer", 0))
    sending = sender(database, platform, tmp_path)
    await sending.start()
    await until(lambda: len(platform.arrived["c"]) == 2)
    await sending.stop()
    assert platform.arrived["c"] == ["answer", "announcement"]


@pytest.mark.parametrize(("boot", "second"), [("same", "sent"), ("other", "unknown")])
async def test_after_a_death(database, platform, tmp_path, boot: str, second: str) -> None:
    """The first message had begun to leave, the second had not; after a power cut nobody can say."""
    queue(database, ("c", "first", 0), ("c", "second", 0))
    name = journal.new_name() if boot == "same" else "00000000-1-abc"
    with database.begin() as connection:
        ids = dict(connection.execute(select(Delivery.text, Delivery.id)).all())
        connection.execute(Delivery.__table__.update().values(state="sending", claimed_by=name))
    Journal(tmp_path, name).begin(ids["first"])
    sending = sender(database, platform, tmp_path)
    await sending.start()
    await until(lambda: states(database)["second"] == second)
    await sending.stop()
    assert states(database) == {"first": "unknown", "second": second}


async def test_one_flooded_chat_holds_up_nobody_else(database, platform, tmp_path) -> None:
    """Three hundred answers wait for a chat that takes one an hour."""
    queue(database, *[("flooded", f"{n:03}", 0) for n in range(300)], ("other", "answer", 0))
    sending = sender(database, platform, tmp_path, per_second=1000, per_chat=3600)
    await sending.start()
    await until(lambda: bool(platform.arrived["other"]))
    assert platform.arrived["flooded"] == ["000"]
    await sending.stop()
    assert sorted(states(database).values()) == ["queued"] * 299 + ["sent"] * 2


async def test_a_chat_that_was_flooded_hears_all_in_order(database, platform, tmp_path) -> None:
    queue(database, *[("flooded", f"{n:03}", 0) for n in range(100)])
    sending = sender(database, platform, tmp_path)
    await sending.start()
    await until(lambda: len(platform.arrived["flooded"]) == 100)
    await sending.stop()
    assert platform.arrived["flooded"] == [f"{n:03}" for n in range(100)]


async def test_an_answer_leaves_in_the_middle_of_an_announcement(database, platform, tmp_path) -> None:
    """Few of the many announcements are claimed at a time, and the answer goes before those."""
    queue(database, *[(f"c{n}", f"{n:04}", 2) for n in range(2000)])
    sending = sender(database, platform, tmp_path, per_second=60)
    await sending.start()
    await until(lambda: len(platform.arrived) >= 10)
    claimed = list(states(database).values()).count("sending")
    queue(database, ("c1999", "answer", 0))
    sending.wake()
    await until(lambda: bool(platform.arrived.get("c1999")))
    assert (claimed <= 120, len(platform.arrived) < 60) == (True, True)
    await sending.stop()
    found = list(states(database).values())
    assert (found.count("queued") + found.count("sent"), found.count("sent")) == (2001, len(platform.arrived))


async def test_a_pause_the_platform_asks_for_is_everybodys(database, platform, tmp_path) -> None:
    platform.answers = [Later(1.5, everybody=True)]
    queue(database, *[(f"c{n}", "answer", 0) for n in range(3)])
    # The next takes its turn after half a second: the pause is known by then on a slow machine too.
    sending = sender(database, platform, tmp_path, per_second=2)
    began = asyncio.get_running_loop().time()
    await sending.start()
    await until(lambda: bool(platform.arrived))
    assert asyncio.get_running_loop().time() - began >= 1.5
    await until(lambda: len(platform.arrived) == 3)
    await sending.stop()


class Stuck(Platform):
    """Never answers; what goes to "unbegun" does not even begin."""

    async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: Turn) -> Result:
        if parcel.address != "unbegun":
            begun()
        self.news.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


async def test_it_stops_although_the_platform_is_silent(database, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("bot.sending.PATIENCE", 0.1)
    stuck = Stuck()
    queue(database, ("begun", "one", 0), ("begun", "two", 0), ("unbegun", "three", 0))
    sending = sender(database, stuck, tmp_path)
    await sending.start()
    await stuck.news.wait()
    async with asyncio.timeout(5):
        await sending.stop()
    assert states(database) == {"one": "unknown", "two": "queued", "three": "queued"}
    assert list(tmp_path.glob("*.journal")) == []


async def test_a_message_in_parts_takes_a_turn_for_each(database, tmp_path) -> None:
    class Parts(Platform):
        async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: Turn) -> Result:
            begun()
            for arrived, later in enumerate((Later(0.1, everybody=True), None), 1):
                await turn(later, arrived)
            return await super().carry(parcel, begun, turn)

    parts = Parts()
    queue(database, ("c", "long", 0))
    sending = sender(database, parts, tmp_path, per_second=10, per_chat=0.2)
    began = asyncio.get_running_loop().time()
    await sending.start()
    await until(lambda: bool(parts.arrived))
    assert asyncio.get_running_loop().time() - began >= 0.4
    await sending.stop()


async def test_who_stops_between_two_parts_leaves_the_rest(database, tmp_path) -> None:
    class Parts(Platform):
        async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: Turn) -> Result:
            begun()
            for part in range(parcel.parts, 3):
                if part > parcel.parts:
                    await turn(Later(60 if part == 2 else 0), part)
                self.arrived[parcel.address].append(f"{parcel.text} {part}")
            return Sent("p")

    parts = Parts()
    queue(database, ("c", "long", 0))
    sending = sender(database, parts, tmp_path)
    await sending.start()
    await until(lambda: len(parts.arrived["c"]) == 2)
    await sending.stop()
    assert states(database) == {"long": "queued"}
    await (sending := sender(database, parts, tmp_path)).start()
    await until(lambda: states(database) == {"long": "sent"})
    await sending.stop()
    assert parts.arrived["c"] == ["long 0", "long 1", "long 2"]


async def test_what_cannot_leave_as_it_is_is_looked_at_anew(database, platform, tmp_path) -> None:
    """What was learnt is written first; what is not to leave at all does not."""
    told: list[str] = []

    def look(_connection: Connection, parcels: list[Parcel], _now: datetime) -> list[Parcel]:
        return [replace(parcel, text=f"{parcel.text}, {told}") for parcel in parcels if parcel.text != "not this"]

    platform.answers = [Back("closed", lambda _connection: told.append("noted"))]
    queue(database, ("a", "not this", 0), ("b", "one", 0), ("b", "two", 0))
    pacer = Pacer(database, "bot", 0, 0)
    sending = Sender(database, platform, pacer, tmp_path, lambda: NOW, lambda _connection, _parcel: None, look)
    await sending.start()
    await until(lambda: len(platform.arrived["b"]) == 2)
    await sending.stop()
    assert sorted(platform.arrived["b"]) == ["one, ['noted']", "two, []"]
    assert states(database) == {"not this": "sending", "one": "sent", "two": "sent"}
