"""An announcement to a hundred thousand people is queued while others are being answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
from sqlalchemy import exists, func, insert, select, text

from benchmarks.figures import Figure, Size, percentile
from benchmarks.officers import Officer, hire
from bot.turn import rendered, turn
from conversation.messages import Reply
from handlers.citizen.event_card import announced
from models import announcements
from models.deliveries import Delivery
from models.people import Consent, Contact, Person
from models.subscriptions import Subscription
from scheduler.announcements import announce
from scheduler.hours import moment
from tests.support.gatherings import CHANNELS, called
from tests.support.world import RULES, START, World, open_world

CHUNK = 10_000
# Why it concerns people.
WANTED = ((("all", ""),), (("municipality", "52227"), ("topic", "agua")), (("topic", "agua@exprovincia_de_obando"),))
MEGABYTE = 1 << 20
# Seconds in which a hundred thousand must be queued; how much longer the slowest answers may take meanwhile.
MOST, SLOWER = 10.0, 2.0
# Seconds between two messages of an officer: some think faster than others, none sends without a pause.
PAUSE = 0.02


def fanout(size: Size, folder: Path) -> Iterator[Figure]:
    """On both databases: an officer reports all the while, first alone, then while the announcement is queued."""
    for kind, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
        (folder / kind).mkdir()
        world = open_world(kind, folder / kind)
        officer = hire(world, 1, ("prensa",))[0]
        called(world, START + timedelta(days=9))
        _people(world, size.recipients)
        asyncio.run(_measured(world, officer, 0.5))
        idle = asyncio.run(_measured(world, officer, min(8.0, size.idle)))
        before = psutil.Process().memory_info().rss
        queued, busy = asyncio.run(_announced(world, officer))
        grown = max(0.1, (psutil.Process().memory_info().rss - before) / MEGABYTE)
        _each_once(world, size.recipients)
        most = MOST if size.recipients <= 100_000 else None
        yield Figure(f"{name}: {size.recipients:,} messages queued", queued, "s", most)
        yield Figure(f"{name}: memory it took", grown, "MB")
        yield Figure(f"{name}: an answer alone, 99 of 100 at most", 1000 * percentile(idle, 99), "ms")
        yield Figure(f"{name}: an answer meanwhile, 99 of 100 at most", 1000 * percentile(busy, 99), "ms")
        times = percentile(busy, 99) / percentile(idle, 99)
        yield Figure(f"{name}: how many times as long", times, "×", SLOWER)
        world.close()


async def _announced(world: World, officer: Officer) -> tuple[float, list[float]]:
    """Seconds until everything is queued, and how long answers took meanwhile."""

    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, RULES)

    with world.database.begin() as connection:
        [one] = announcements.unfinished(connection, START)
    reply = announced(one.kind, one.event, one.details, None, RULES.zone)
    reporting = asyncio.create_task(_measured(world, officer, None))
    began = time.perf_counter()
    await announce(world.database, one, reply, moment(START, RULES.zone), render)
    queued = time.perf_counter() - began
    reporting.cancel()
    return queued, await reporting


async def _measured(world: World, officer: Officer, seconds: float | None) -> list[float]:
    """How long each answer took, until the time is over or nobody wants to know any more."""
    waits: list[float] = []
    until = None if seconds is None else time.perf_counter() + seconds
    try:
        while until is None or time.perf_counter() < until:
            for _step, message in officer.report():
                began = time.perf_counter()
                await asyncio.shield(world.database.write(turn(message, RULES)))
                waits.append(time.perf_counter() - began)
                await asyncio.sleep(PAUSE)
    except asyncio.CancelledError:
        pass
    return waits or [0.001]


def _people(world: World, count: int) -> None:
    """So many citizens on several channels whom it concerns, each for one reason or two, and a tenth more whom not."""
    with world.database.begin() as connection:
        first = connection.execute(select(func.max(Person.id) + 1)).scalar_one()
        last = first + count + count // 10
        for start in range(first, last, CHUNK):
            numbers = range(start, min(start + CHUNK, last))
            consents, held = [], []
            for n in numbers:
                consents.append({"id": n, "person_id": n, "version": "bench", "wording": "sí", "channel": "web",
                                 "given_at": START})  # fmt: skip
                wanted = WANTED[n % len(WANTED)] if n < first + count else (("topic", "salud"),)
                held += [{"person_id": n, "kind": kind, "value": value, "pace": "now", "since": START, "consent_id": n}
                         for kind, value in wanted]  # fmt: skip
            connection.execute(
                insert(Person), [{"id": n, "name": "", "status": "citizen", "created_at": START} for n in numbers]
            )
            connection.execute(insert(Contact), [
                {"person_id": n, "channel": CHANNELS[n % len(CHANNELS)], "address": f"c{n}", "since": START}
                for n in numbers
            ])  # fmt: skip
            connection.execute(insert(Consent), consents)
            connection.execute(insert(Subscription), held)
    if not world.database.sqlite:
        with world.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _each_once(world: World, count: int) -> None:
    """Everybody it concerns has it once, and nobody else has it."""
    counted = select(func.count(), func.count(func.distinct(Delivery.person_id))).where(Delivery.priority == 2)
    held = (Subscription.person_id == Delivery.person_id, Subscription.until.is_(None))
    wanted = exists().where(*held, Subscription.value != "salud")
    with world.database.begin() as connection:
        assert connection.execute(counted).one() == connection.execute(counted.where(wanted)).one() == (count, count)
