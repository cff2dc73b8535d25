"""A recorded story: who took part, and what they said when; see docs/commands.md for how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import cast as as_type
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from bot.simulation.agenda import Agenda, Span, days
from bot.simulation.cast import Player, enrol, ids_of
from bot.simulation.ledger import Ledger
from bot.simulation.world import Arrived, World, open_world, rules_of
from bot.simulation.year import Lived, one_day
from models.obligations import Obligation
from models.people import Role
from plans.terms import Plan, PlanError

ROLES = {
    "responsable": Role.OFFICER, "jefe": Role.HEAD, "jefa": Role.HEAD, "coordinador": Role.COORDINATOR,
    "coordinadora": Role.COORDINATOR, "auditor": Role.AUDITOR, "auditora": Role.AUDITOR,
}  # fmt: skip
PERSON = re.compile(r"persona (\w+): ([^,]+), *(\w+)(?:, *de)?(?:,? +([\w-]+))?")
LINE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?: (\w+))?: *(.+)")
DOWN = re.compile(r"caído hasta (\d{4}-\d\d-\d\d) (\d\d:\d\d)")
BUTTON = re.compile(r"\[(.+)\]")
# What nobody says: the server stops, the story ends.
SERVER, END = "servidor", "fin"


@dataclass(frozen=True, slots=True)
class Said:
    """One line: when, who and what; "[Enviar]" presses the button that says so on the last message to them."""

    at: datetime
    who: str
    words: str


@dataclass(slots=True)
class Story:
    """only: codes of the obligations it is about, none for all."""

    players: list[Player] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)
    down: list[Span] = field(default_factory=list)
    only: tuple[str, ...] = ()


def read(path: Path, zone: ZoneInfo) -> Story:
    """The story in a text file. Raises PlanError, one Spanish sentence with the line, and OSError."""
    story = Story()
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        try:
            if line and not line.startswith("#"):
                _take(story, line, zone)
        except ValueError as error:
            raise PlanError(f"{path.name}, línea {number}: {error}.") from error
    if not story.lines:
        raise PlanError(
            f"{path.name} no dice qué pasó: falta al menos una línea como «2022-05-16 09:00 ana: pendientes»."
        )
    if not any(player.role == Role.COORDINATOR for player in story.players):
        story.players.insert(0, Player("coordina", "Marta Rosero", Role.COORDINATOR))
    story.players.sort(key=lambda player: player.role != Role.COORDINATOR)  # who admits the others comes first
    story.lines.sort(key=lambda said: said.at)
    return story


async def replay(story: Story, plan: Plan, zone: ZoneInfo, tell: Callable[[str], None]) -> Lived:
    """Live through it. `tell` hears each message, what was said and what was heard, as a line."""
    agenda = Agenda(zone, down=story.down)
    first, last = story.lines[0].at.date() - timedelta(days=1), story.lines[-1].at.date()
    begins = agenda.on(first, "06:00")
    world = open_world(plan, rules_of(zone), _lucky(), begins)
    enrol(world, story.players, begins)
    if story.only:
        world.store.run(partial(_leave_out, codes=story.only, at=begins))
    ledger = Ledger(ids_of(world, story.players))
    ledger.note(world, begins)
    screens: dict[str, Arrived] = {}

    def hear(arrived: Arrived) -> None:
        screens[arrived.address] = arrived
        if arrived.kind != "menu":
            tell(_shown(arrived, zone))

    def happens(said: Said, at: datetime) -> None:
        back = agenda.up_again(at)
        if back:
            agenda.add(back, lambda when: happens(said, when))
            return
        if said.words != END:
            tell(f"{said.at.astimezone(zone):%Y-%m-%d %H:%M} {said.who} > {said.words}")
            _say(world, screens.get(said.who), said, at)
            ledger.note(world, at)

    world.hear = hear
    for said in story.lines:
        agenda.add(said.at, partial(happens, said))
    lived = Lived(world, plan, agenda, ledger, story.players, first, last)
    for day in days(first + timedelta(days=1), last):
        await one_day(lived, day)
    return lived


def _take(story: Story, line: str, zone: ZoneInfo) -> None:
    """One line of the file. Raises ValueError with what is wrong with it."""
    if found := PERSON.fullmatch(line):
        key, name, role, office = found.groups()
        if role not in ROLES:
            raise ValueError(f"«{role}» no es un papel: {', '.join(ROLES)}")
        if (ROLES[role] in (Role.OFFICER, Role.HEAD)) is not bool(office):
            raise ValueError("un responsable o un jefe lleva su dependencia; los demás no")
        story.players.append(Player(key, name.strip(), ROLES[role], office or ""))
    elif line.startswith("solo: "):
        story.only = tuple(line.removeprefix("solo: ").split())
    elif found := LINE.fullmatch(line):
        day, clock, who, words = found.groups()
        at = _moment(day, clock, zone)
        down = DOWN.fullmatch(words)
        if who == SERVER and down:
            story.down.append(Span(at, _moment(*as_type("tuple[str, str]", down.groups()), zone)))
        elif who in {player.address for player in story.players} or (not who and words == END):
            story.lines.append(Said(at, who or "", words))
        else:
            raise ValueError(f"nadie se llama «{who or ''}»: preséntelo antes con «persona»")
    else:
        raise ValueError(f"no se entiende «{line[:40]}»")


def _say(world: World, screen: Arrived | None, said: Said, at: datetime) -> None:
    pressed = BUTTON.fullmatch(said.words)
    if not pressed:
        world.say(said.who, said.words, at, sent=said.at)
        return
    buttons = screen.buttons if screen else []
    tap = next((button["tap"] for button in buttons if button["label"] == pressed[1]), "")
    if not tap:
        there = ", ".join(f"[{button['label']}]" for button in buttons) or "ninguno"
        raise PlanError(f"{at:%Y-%m-%d %H:%M}: {said.who} no ve un botón [{pressed[1]}]; los que hay: {there}.")
    world.say(said.who, "", at, tap=tap, sent=said.at)


def _shown(arrived: Arrived, zone: ZoneInfo) -> str:
    text = "\n    ".join(line for line in arrived.text.splitlines() if line)
    buttons = " ".join(f"[{button['label']}]" for button in arrived.buttons)
    return f"{arrived.at.astimezone(zone):%Y-%m-%d %H:%M} {arrived.address} < {text}" + (buttons and f"\n    {buttons}")


def _leave_out(connection: Connection, codes: tuple[str, ...], at: datetime) -> None:
    connection.execute(update(Obligation).where(Obligation.code.not_in(codes)).values(withdrawn_at=at))


def _moment(day: str, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=zone)


def _lucky() -> Random:
    """Luck with which every message arrives."""

    class Lucky(Random):
        def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
            return (start if stop is None else stop) - 1

    return Lucky()
