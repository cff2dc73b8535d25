"""Officers who file one report after another, each message as soon as the one before it is answered."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select, update

from benchmarks.figures import Speed
from bot.channels.web.sessions import address_of
from bot.turn import turn
from conversation.messages import Attachment, Inbound
from models.obligations import Obligation
from models.offices import Office
from tests.support.world import RULES, START, World, person, photo

# A report in five messages: what it answers, the text typed, the key of the button tapped.
STEPS = (
    ("report", "/reportar", ""),
    ("duty", "", "{duty}"),
    ("account", "Publicamos el informe de gestión de la dependencia antes del diálogo.", ""),
    ("proof", "", ""),
    ("review", "", "no"),
)
# Row 6 has a deliverable for each office; with this target it never fills up.
ENDLESS = 1_000_000


@dataclass(slots=True)
class Officer:
    """Somebody who reports on one obligation of their office; `token` is in their cookie, `said` counts messages."""

    token: str
    duty: int
    said: int = 0

    @property
    def address(self) -> str:
        """Where the web channel knows them."""
        return address_of(self.token)

    def report(self) -> Iterator[tuple[str, Inbound]]:
        """The messages of one report, each with the name of its step."""
        for step, text, key in STEPS:
            # Every message moves the conversation one revision on. The review was asked before the photo came.
            asked = self.said - (step == "review")
            tap = f"report|{step}|{asked}|{key.format(duty=self.duty)}" if key else ""
            files: tuple[Attachment, ...] = (photo(f"{self.address}-{self.said}.jpg"),) if step == "proof" else ()
            self.said += 1
            now = START + timedelta(seconds=20 * self.said)
            yield step, Inbound("web", self.address, f"b{self.said}", now - timedelta(seconds=2), now, text, tap, files)


@dataclass(slots=True)
class Shift:
    """What came of some reports: seconds each message waited, by step; seconds in all; of CPU, in this process."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    wall: float = 0.0
    cpu: float = 0.0
    speed: Speed = field(default_factory=Speed)


def hire(world: World, count: int, offices: tuple[str, ...] = ()) -> list[Officer]:
    """Officers of these offices, or of all of them, in turn."""
    with world.database.begin() as connection:
        connection.execute(update(Obligation).where(Obligation.code.startswith("A06-")).values(target=ENDLESS))
        found = connection.execute(
            select(Office.code, Obligation.id)
            .join(Office, Office.id == Obligation.office_id)
            .where(Obligation.code.startswith("A06-"))
        )
        duties = {code: duty for code, duty in found if not offices or code in offices}
        hired = []
        for number in range(count):
            office, duty = list(duties.items())[number % len(duties)]
            world.count += 1
            hired.append(Officer(f"officer-{world.count}".ljust(43, "-"), duty))
            person(connection, hired[-1].address, "Ana Lucía Ortega", "officer", office)
        return hired


def work(world: World, officers: list[Officer], reports: int) -> Shift:
    """Have the officers file so many reports each, all of them at once."""
    shift = Shift()

    async def busy(officer: Officer) -> None:
        for _report in range(reports):
            for step, message in officer.report():
                began = time.perf_counter()
                await world.database.write(turn(message, RULES))
                shift.waits.setdefault(step, []).append(time.perf_counter() - began)
            shift.speed.sample()

    async def everyone() -> None:
        await asyncio.gather(*map(busy, officers))

    gc.collect()
    gc.freeze()  # as the server does
    began, before = time.perf_counter(), time.process_time()
    asyncio.run(everyone())
    shift.wall = time.perf_counter() - began - shift.speed.spent
    shift.cpu = time.process_time() - before - shift.speed.spent
    return shift
