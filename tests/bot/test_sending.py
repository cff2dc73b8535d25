"""What leaves: in order, once, settled; and after a death exactly what had not begun to leave goes out again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from bot import journal
from bot.journal import Journal
from bot.pacing import Pacer
from bot.sending import Failed, Later, Result, Sender, Sent, Unknown
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

    async def carry(self, parcel: Parcel, begun: Callable[[], None]) -> Result:
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


def sender(database: Database, platform: Platform, folder: Path, lost: list[str] | None = None) -> Sender:
    def unreachable(connection: Connection, parcel: Parcel) -> None:
        (lost if lost is not None else []).append(parcel.address)

    pacer = Pacer(database, "bot", 0, 0)
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


async def test_the_pace_is_shared_and_kept(database) -> None:
    """Two processes together never have more than the rate allows in any second."""
    loop = asyncio.get_running_loop()
    pacers = [Pacer(database, "bot", 100, 0) for _ in range(2)]
    times: list[float] = []

    async def leave(number: int) -> None:
        await pacers[number % 2].slot(f"c{number}", 0)
        times.append(loop.time())

    await asyncio.gather(*(leave(number) for number in range(120)))
    times.sort()
    assert all(later - earlier > 0.9 for earlier, later in zip(times, times[100:], strict=False))
