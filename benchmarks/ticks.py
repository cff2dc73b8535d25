"""The minute of the clock over more and more open obligations: all of them to be told at once, and nothing to tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import Connection, insert, select, text, update

from benchmarks.figures import Figure, Size, seconds
from bot.turn import rendered
from conversation.messages import Reply
from models.obligations import Obligation, Ownership
from models.offices import Office
from models.people import Contact, Membership, Person
from plans.calendar import Calendar
from scheduler import nudges
from tests.support.world import RULES, World, open_world

# Obligations of an office, as the plan of Nariño has them. One in so many is so late that it is escalated.
OF_ONE_OFFICE, ESCALATED = 12, 50
NOW = datetime(2022, 5, 16, 8, 5, tzinfo=RULES.zone)
CHUNK = 10_000
MEGABYTE = 1 << 20
# Seconds a minute may take with so many obligations: what was promised.
MOST = {300: 0.2, 30_000: 2.0, 300_000: 20.0}


def ticks(size: Size, folder: Path) -> Iterator[Figure]:
    """On both databases. An officer for each twelve obligations; one coordinator."""
    for kind, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
        for count in size.obligations:
            (folder / f"{kind}{count}").mkdir()
            world = open_world(kind, folder / f"{kind}{count}")
            fill(world, count)
            process = psutil.Process()
            before = process.memory_info().rss
            backlog = seconds(lambda world=world: tick(world, NOW))  # type: ignore[misc]
            grown = max(0.1, (process.memory_info().rss - before) / MEGABYTE)
            with world.database.begin() as connection:
                connection.execute(text("UPDATE deliveries SET state = 'delivered' WHERE state = 'queued'"))
            idle = seconds(lambda world=world: tick(world, NOW + timedelta(minutes=1)))  # type: ignore[misc]
            yield Figure(f"{name}, {count:,} open: a minute that tells them all", backlog, "s", MOST.get(count))
            yield Figure(f"{name}, {count:,} open: the next minute", idle, "s", MOST.get(count))
            yield Figure(f"{name}, {count:,} open: memory the first one took", grown, "MB")
            world.close()


def tick(world: World, now: datetime) -> None:
    """What the clock does at a moment."""

    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, RULES)

    asyncio.run(nudges.tick(world.database, now, RULES.zone, render))


def fill(world: World, count: int) -> None:
    """So many open obligations about to fall due, with an office, an officer and a chat for each twelve."""
    with world.database.begin() as connection:
        like = connection.execute(select(Obligation.__table__).where(Obligation.code == "A04-2022-05")).one()._asdict()
        connection.execute(update(Obligation).values(reported=Obligation.target))
        offices = _staffed(connection, -(-count // OF_ONE_OFFICE))
        calendar = Calendar()
        days = [calendar.add_business_days(NOW.date(), n) for n in range(1, 10)]
        late = calendar.add_business_days(NOW.date(), -5)
        first = connection.execute(text("SELECT max(id) + 1 FROM obligations")).scalar_one()
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            due = {n: days[n % len(days)] if n % ESCALATED else late for n in numbers}
            connection.execute(insert(Obligation), [
                {**like, "id": first + n, "code": f"X{n}", "due": due[n], "warn": due[n], "reported": 0}
                for n in numbers
            ])  # fmt: skip
            connection.execute(insert(Ownership), [
                {"office_id": offices[n % len(offices)], "obligation_id": first + n, "part": "lead"} for n in numbers
            ])  # fmt: skip
    if not world.database.sqlite:
        with world.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _staffed(connection: Connection, count: int) -> list[int]:
    """So many offices with an officer each."""
    first = connection.execute(text("SELECT max(id) + 1 FROM offices")).scalar_one()
    person = connection.execute(text("SELECT max(id) + 1 FROM people")).scalar_one()
    offices = list(range(first, first + count))
    blank = {"aliases": [], "dependency": False}
    connection.execute(
        insert(Office), [{"id": n, "code": f"x{n}", "name": f"Dependencia {n}", **blank} for n in offices]
    )
    people = list(range(person, person + count))
    since = NOW - timedelta(days=100)
    connection.execute(
        insert(Person), [{"id": n, "name": f"Persona {n}", "status": "member", "created_at": since} for n in people]
    )
    reached = [{"person_id": n, "channel": "telegram", "address": f"x{n}", "since": since} for n in people]
    connection.execute(insert(Contact), reached)
    held = zip(people, offices, strict=True)
    connection.execute(
        insert(Membership),
        [{"person_id": who, "role": "officer", "office_id": office, "since": since} for who, office in held],
    )
    return offices
