"""Ticks for tests: what the clock does to a world at a moment of Pasto's wall clock."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text, update

from bot.turn import rendered
from conversation.messages import Reply
from models.database import Database
from models.deliveries import Delivery
from models.nudges import Nudge
from models.obligations import Obligation
from models.people import Person
from models.plan import Plan
from models.vault import Vault
from scheduler import announcements, nudges, readings, taking_part
from scheduler.press import Press
from tests.support.world import RULES, World

ZONE = RULES.zone
ANA, JAIRO = "Ana Lucía Ortega", "Jairo Benavides"
MAY = "A04-2022-05"  # due on Tuesday 31 May 2022


def render(reply: Reply, language: str) -> dict[str, object]:
    return rendered(reply, "", language, RULES)


def at(day: str, clock: str = "08:05") -> datetime:
    """A moment by the entity's clocks."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)


def tick(world: World | Database, day: str, clock: str = "08:05") -> set[str]:
    """One tick; the addresses that have something to read."""
    database = world.database if isinstance(world, World) else world
    return {address for _channel, address in asyncio.run(nudges.tick(database, at(day, clock), ZONE, render))}


def tick_now(world: World) -> None:
    """One tick at the world's moment; everybody reads what it wrote."""
    asyncio.run(nudges.tick(world.database, world.now, ZONE, render))
    asyncio.run(taking_part.tick(world.database, world.now, ZONE, render))
    asyncio.run(readings.tick(world.database, world.now, ZONE, render))
    announce(world)
    read(world)


def announce(world: World | Database, now: datetime | None = None) -> set[tuple[str, str]]:
    """What the clock does for announcements, at the world's moment unless another is given; who has them to read."""
    database = world.database if isinstance(world, World) else world
    at = now or (world.now if isinstance(world, World) else None)
    assert at is not None
    ticked = announcements.tick(database, at, ZONE, render, Press(_handed()))
    return asyncio.run(ticked)


@cache
def _handed() -> Vault:
    return Vault(Path(tempfile.mkdtemp(prefix="chasqui-handed-")))


def days(first: str, last: str) -> Iterator[str]:
    """Every day, both included."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)


def person_id(connection: Connection, name: str = ANA) -> int:
    return connection.execute(select(Person.id).where(Person.name == name)).scalar_one()


def obligation_id(connection: Connection, code: str = MAY) -> int:
    return connection.execute(select(Obligation.id).where(Obligation.code == code)).scalar_one()


def only(world: World, *codes: str, reported: int | None = None) -> None:
    """Take every other obligation for done and leave out the cut-offs, so that a test sees its own."""
    document = world.rows(select(Plan.document))[0][0]
    with world.database.begin() as connection:
        connection.execute(update(Plan).values(document={**document, "cutoffs": []}))
        connection.execute(update(Obligation).where(Obligation.code.not_in(codes)).values(reported=Obligation.target))
        if reported is not None:
            connection.execute(update(Obligation).where(Obligation.code.in_(codes)).values(reported=reported))


def read(world: World) -> None:
    """Everybody has got what was queued for them."""
    world.settle()


def told(world: World) -> list[tuple[str, str, int, str, str]]:
    """(obligation, person, step, state, reason) of every nudge, in order of planning."""
    return [
        tuple(row)
        for row in world.rows(
            select(Obligation.code, Person.name, Nudge.step, Nudge.state, Nudge.reason)
            .join(Obligation, Obligation.id == Nudge.obligation_id)
            .join(Person, Person.id == Nudge.person_id)
            .order_by(Nudge.id)
        )
    ]


def messages(world: World, person: str) -> list[tuple[datetime, str, str]]:
    """(when, state, text) of every nudge message made for whom this address is, oldest first."""
    wanted = select(Delivery.created_at, Delivery.state, Delivery.text).where(
        Delivery.kind == "nudge", Delivery.address == person
    )
    return [(row.created_at.astimezone(ZONE), row.state, row.text) for row in world.rows(wanted.order_by(Delivery.id))]


def count(world: World, sql: str, values: Mapping[str, Any] | None = None) -> int:
    """The number a query gives."""
    return int(world.rows(text(sql).bindparams(**(values or {})))[0][0])
