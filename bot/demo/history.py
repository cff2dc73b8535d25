"""What happened before the demonstration begins: people, dialogue events and reports, February to May of 2022."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

import locales
from bot import clock
from bot.channels.web import CHANNEL
from bot.channels.web.sessions import address_of, demo_token
from bot.demo import gathering, pictures
from bot.demo.people import ANA, CARLOS, FIRST, MARTA, SINCE_FEBRUARY, Part, enrol
from bot.demo.stage import Stage
from bot.settings import Settings
from bot.turn import Rules, rendered
from conversation.messages import Attachment, Reply
from models import deliveries, events, installation, offices, planning
from models.database import Database
from models.vault import Vault
from plans import bundled
from plans.terms import Plan
from scheduler import nudges, summaries

ZONE = ZoneInfo("America/Bogota")
BEGINS = datetime(2022, 5, 24, 9, 0, tzinfo=ZONE)
IMPORTED = datetime(2022, 2, 1, 8, 0, tzinfo=ZONE)
HERE = Path(__file__).parent
PLAN = HERE.parents[1] / "plans" / "narino-2022.yaml"
# Later than any message there is: only what is queued remains.
AFTER_ALL = 2**62
EVENTS = (
    ("2022-03-18 18:00", "educacion", "Foro educativo departamental"),
    ("2022-05-05 18:00", "genero", "Feria de servicios para las mujeres"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One report: who filed it when, for which obligation, and with what evidence (words of `proof`)."""

    when: datetime
    office: str
    code: str
    done: date
    item: str
    place: str
    proof: tuple[str, ...]
    account: str


def begun(connection: Connection) -> bool:
    """Whether the demonstration was seeded here."""
    return installation.get(connection, clock.OFFSET) is not None


def seed(database: Database, settings: Settings, progress: Callable[[int, int], None]) -> None:
    """Fill an empty, migrated database with the plan and its history, and set its clock; all or nothing.

    `progress` hears (steps done, steps in all).
    """
    plan, rules = bundled.load(PLAN), Rules(settings.timezone, locales.load())
    with database.begin() as connection:
        stage = Stage(connection, rules, Vault(settings.evidence_dir), IMPORTED)
        plan_id = planning.import_plan(connection, plan, stage.now)
        secret = installation.secret(connection)
        addresses = {part.key: _address(part, secret) for part in (FIRST, *SINCE_FEBRUARY, MARTA, ANA)}
        steps = _steps(stage, plan, plan_id, addresses)
        for done, (when, step) in enumerate(steps, 1):
            stage.now = when
            step()
            progress(done, len(steps))
        for address in deliveries.waiting(connection, CHANNEL):
            _read(stage, address)
        clock.set_to(connection, BEGINS)


def told() -> Iterator[Told]:
    """The reports, oldest first."""
    with (HERE / "history.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield Told(
                _moment(row["when"]), row["office"], row["code"], date.fromisoformat(row["done"]), row["item"],
                row["place"], tuple(row["proof"].split()), row["account"],
            )  # fmt: skip


def _steps(
    stage: Stage, plan: Plan, plan_id: int, addresses: dict[str, str]
) -> list[tuple[datetime, Callable[[], None]]]:
    """Everything that happened, in order."""
    ids = offices.register(stage.connection, ())

    def comes(part: Part, coordinator: Part = FIRST) -> Callable[[], None]:
        return lambda: enrol(stage, part, addresses[part.key], ids.get(part.office), addresses[coordinator.key])

    def reports(told: Told) -> Callable[[], None]:
        return lambda: _report(stage, told, addresses[told.office])

    def takes_place(office: str, title: str) -> Callable[[], None]:
        def step() -> None:
            events.add(stage.connection, plan_id, ids[office], title, stage.now.date(), stage.now)
            planning.resync(stage.connection, plan.slug, stage.now)

        return step

    def says(part: Part, text: str) -> Callable[[], None]:
        return lambda: stage.talk(addresses[part.key], text, {"sure": ("sí",)})

    def reminds() -> None:
        asyncio.run(_tick(stage))

    steps = [(IMPORTED.replace(hour=9), comes(FIRST))]
    steps += [(IMPORTED.replace(hour=10, minute=5 * at), comes(part)) for at, part in enumerate(SINCE_FEBRUARY)]
    steps += [(one.when, reports(one)) for one in told()]
    steps += [(_moment(when), takes_place(office, title)) for when, office, title in EVENTS]
    steps += gathering.steps(stage, plan.slug, addresses, _moment)
    steps += [
        (_moment("2022-05-18 08:30"), comes(MARTA)),
        (_moment("2022-05-19 17:30"), says(FIRST, "/retiro")),
        (_moment("2022-05-20 17:00"), says(CARLOS, "/retiro")),
        (_moment("2022-05-23 08:40"), comes(ANA, MARTA)),
        (_moment("2022-05-23 16:30"), says(ANA, "/pendientes")),
        (_moment("2022-05-23 09:05"), says(MARTA, "/estado")),
        # What had to be told that morning has been, or the phones would fill up as they open.
        (_moment("2022-05-24 08:05"), reminds),
    ]
    return sorted(steps, key=lambda step: step[0])


async def _tick(stage: Stage) -> None:
    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, stage.rules)

    for one in (nudges.tick, summaries.tick):
        await one(stage, stage.now, ZONE, render)


def _report(stage: Stage, told: Told, address: str) -> None:
    places = iter(told.proof)
    kinds = [kind for kind in places if kind not in ("link", "minors")]
    files = [_file(stage, told, kind, number) for number, kind in enumerate(kinds, 1)]
    links = [f"https://www.narino.example/{told.code.lower()}/{at}" for at in range(told.proof.count("link"))]
    files += [Attachment("link", link) for link in links]
    # Where nobody can be seen, the last question is whether to send it.
    shown = any(item.kind == "photo" for item in files)
    answers = {
        "item": (told.item,), "account": (told.account,), "place": (told.place,),
        "review": (told.done.isoformat(), "no" if shown and "minors" not in told.proof else "sí"),
    }  # fmt: skip
    stage.talk(address, f"/reportar {told.code}", answers, files)


def _file(stage: Stage, told: Told, kind: str, number: int) -> Attachment:
    seed = f"{told.code} {told.when:%m%d} {number}"
    if kind == "document":
        return stage.keep(pictures.document(seed, told.when), f"informe-{told.done:%Y-%m-%d}.pdf")
    return stage.keep(pictures.photo(kind, seed), f"foto-{told.done:%Y-%m-%d}-{number}.jpg")


def _read(stage: Stage, address: str) -> None:
    """Everything written to the address has been read."""
    while queued := deliveries.pending(stage.connection, CHANNEL, address, AFTER_ALL):
        deliveries.confirm(stage.connection, CHANNEL, address, [message.id for message in queued], stage.now)


def _address(part: Part, secret: str) -> str:
    return address_of(demo_token(secret, part.phone)) if part.phone else f"demo-{part.key}"


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
