"""The world people write to: the plan, a database in memory, a clock that is set, a platform that has bad days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Connection, select

import locales
from bot.reach import lost
from bot.turn import Rules, rendered, turn
from conversation.messages import Inbound, Reply
from models import conversations, migrations, outbox, people, planning, reachability
from models.base import Conflict
from models.database import Database, begin_at_once
from models.deliveries import Delivery
from models.outbox import Parcel, Settled
from plans.terms import Plan
from scheduler import nudges, summaries

T = TypeVar("T")

CHANNEL = "telegram"
TRIES = 3
# Of a thousand messages so many may or may not have arrived, are refused for good, or must be tried again later.
UNKNOWN, FAILED, LATER = 8, 4, 12
PAUSE = timedelta(minutes=5)
GONE = "bot was blocked by the user"


class Single:
    """Transactions one after another on one connection, as scheduler.nudges.Store wants them; nothing waits."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.connect()

    def run(self, work: Callable[[Connection], T]) -> T:
        """In a transaction; again where somebody was faster, which here is the same person a moment ago."""
        for left in reversed(range(TRIES)):
            try:
                with self._connection.begin():
                    begin_at_once(self._connection)
                    return work(self._connection)
            except Conflict:
                if not left:
                    raise
        raise AssertionError("unreachable")

    async def write(self, work: Callable[[Any], T]) -> T:
        return self.run(work)

    async def read(self, work: Callable[[Any], T]) -> T:
        return self.run(work)

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that reached a phone, or may have: of which kind, about what."""

    id: int
    at: datetime
    address: str
    text: str
    buttons: list[dict[str, str]]
    kind: str
    key: str


@dataclass(slots=True)
class World:
    """One message is one turn; what it or the clock queues leaves at once, as far as the platform lets it.

    left     when each delivery left, also those nobody knows of whether they arrived
    trouble  (person, day) on which the platform did not take something
    blocked  addresses whose owner has shut the chat
    said     different messages people have written, by address
    """

    database: Database
    rules: Rules
    chance: Random
    hear: Callable[[Arrived], None] = lambda _arrived: None
    left: dict[int, datetime] = field(default_factory=dict)
    trouble: set[tuple[int, str]] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    said: dict[str, int] = field(default_factory=dict)
    ticks: int = 0
    store: Single = field(init=False)

    def __post_init__(self) -> None:
        self.store = Single(self.database)

    def say(self, address: str, text: str, at: datetime, *, tap: str = "", sent: datetime | None = None,
            times: int = 1) -> None:  # fmt: skip
        """One message, taken as often as the platform hands it over."""
        self.said[address] = self.said.get(address, 0) + 1
        message = Inbound(CHANNEL, address, f"m{self.said[address]}", sent or at, at, text, tap)
        for repeated in range(times):
            again = at + timedelta(seconds=repeated)
            self.store.run(turn(replace(message, received_at=again), self.rules))
            self.carry(again)

    async def tick(self, at: datetime) -> None:
        """What the clock does at this moment."""
        self.ticks += 1
        for one in (nudges.tick, summaries.tick):
            await one(self.store, at, self.rules.zone, self._render)
        self.carry(at)

    def carry(self, at: datetime) -> None:
        """Hand what waits over to the platform."""
        while parcels := self.store.run(partial(outbox.claim, channel=CHANNEL, by="simulation", most=200, now=at)):
            kinds = self.store.run(partial(_kinds, parcels=parcels))
            results = [self._sent(parcel, kinds[parcel.id][0], at) for parcel in parcels]
            self.store.run(partial(outbox.settle, results=results, now=at))
            for parcel, result in zip(parcels, results, strict=True):
                if result.reason == GONE:
                    self.store.run(
                        partial(lost, channel=CHANNEL, address=parcel.address, now=at, rules=self.rules)
                    )  # fmt: skip
                elif result.state != "queued":
                    self.left[parcel.id] = at
                if result.state in ("sent", "unknown"):
                    self.hear(Arrived(parcel.id, at, parcel.address, parcel.text, parcel.buttons, *kinds[parcel.id]))

    def unblock(self, address: str) -> None:
        """The chat is open again, and the platform says so."""
        self.blocked.discard(address)
        self.store.run(partial(reachability.find, channel=CHANNEL, address=address))

    def question(self, address: str, at: datetime) -> str:
        """The name of the question that waits for the person at an address, "" where none does."""
        kept = self.store.run(partial(_kept, address=address, at=at))
        return next((item.state.waiting_for for item in kept.values() if item.status == "open"), "")

    def close(self) -> None:
        self.store.close()
        self.database.close()

    def _sent(self, parcel: Parcel, kind: str, at: datetime) -> Settled:
        if parcel.address in self.blocked:
            return Settled(parcel.id, "failed", reason=GONE)
        luck = 1000 if kind == "answer" else self.chance.randrange(1000)
        if luck < UNKNOWN:
            return Settled(parcel.id, "unknown", reason="read timeout")
        if luck < UNKNOWN + FAILED:
            return Settled(parcel.id, "failed", reason="refused")
        if luck < UNKNOWN + FAILED + LATER:
            self.trouble.add((parcel.person_id, str(at.astimezone(self.rules.zone).date())))
            return Settled(parcel.id, "queued", reason="not taken yet", before=at + PAUSE)
        return Settled(parcel.id, "sent", f"p{parcel.id}")

    def _render(self, reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, self.rules)


def open_world(plan: Plan, rules: Rules, chance: Random, at: datetime) -> World:
    """A fresh world in memory that has nothing but the plan."""
    database = Database("sqlite://")
    migrations.upgrade(database.engine)
    world = World(database, rules, chance)
    world.store.run(partial(planning.import_plan, plan=plan, now=at))
    return world


def rules_of(zone: Any) -> Rules:
    """What turns need to know."""
    return Rules(zone, locales.load())


def _kinds(connection: Connection, parcels: Sequence[Parcel]) -> dict[int, tuple[str, str]]:
    """(kind, dedupe_key) by id."""
    wanted = select(Delivery.id, Delivery.kind, Delivery.dedupe_key)
    rows = connection.execute(wanted.where(Delivery.id.in_([parcel.id for parcel in parcels])))
    return {row.id: (row.kind, row.dedupe_key) for row in rows}


def _kept(connection: Connection, address: str, at: datetime) -> dict[str, conversations.Kept]:
    who = people.who(connection, CHANNEL, address, at, "es")
    return conversations.all_of(connection, who.id, at)
