"""Who takes part: officers of every temper in each office, heads, one who coordinates; and the plan they live in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal

import plans
from bot.simulation.world import CHANNEL, World
from models import invitations, offices, people, preferences
from models.people import Role
from plans import bundled
from plans.terms import Office, Plan, PlanError

Temper = Literal["prompt", "late", "silent"]
TEMPERS: tuple[Temper, ...] = ("prompt", "prompt", "late", "prompt", "late", "silent")
FIRST = ("Ana", "Luis", "Rosa", "Jairo", "Nancy", "Segundo", "Yaneth", "Carlos", "Gloria", "Álvaro", "Doris", "Hernán")
LAST = ("Erazo", "Pantoja", "Bastidas", "Tupaz", "Quiñones", "Delgado", "Chaves", "Insuasty", "Rosero", "Guerrero")
COORDINATOR = "coordina"
# From which hour on people want to be written to, and on which weekday (0 is Monday) never; most chose nothing.
HOURS: tuple[tuple[int, tuple[int, ...]], ...] = ((8, ()), (8, ()), (8, ()), (10, ()), (14, ()), (8, (4,)))


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who takes part. `twice`: their platform hands everything over twice."""

    address: str
    name: str
    role: Role
    office: str = ""
    temper: Temper = "prompt"
    twice: bool = False
    hour: int = preferences.OPENS
    quiet: tuple[int, ...] = ()


def bundled_plan(year: int, count: int, topics: int) -> Plan:
    """The plan of the year that comes with the project, with so many dependencies and topics a month.

    Raises PlanError where there is none for the year.
    """
    found = sorted(Path(plans.__file__).parent.glob(f"*-{year}.yaml"))
    if not found:
        raise PlanError(f"No hay un plan de {year} en este programa: pruebe con --year 2022.")
    plan = bundled.load(found[0])
    places = iter(range(1, len(plan.offices) + 1))
    kept = [replace(one, dependency=next(places) <= count) if one.dependency else one for one in plan.offices]
    more = count - sum(one.dependency for one in kept)
    kept += [Office(f"d{n:03}", f"Dependencia {n:03}") for n in range(1, more + 1)]
    named = (*plan.topics, *(f"Tema {n}" for n in range(len(plan.topics) + 1, topics + 1)))
    return replace(plan, offices=tuple(kept), topics=named[:topics])


def cast(plan: Plan, chance: Random) -> list[Player]:
    """An officer for each office that owes something, a colleague in every other one, a head in each, a coordinator."""
    leads = {activity.lead for activity in plan.activities}
    working = [office.code for office in plan.offices if office.dependency or office.code in leads]
    chance.shuffle(working)
    players = [Player(COORDINATOR, "Marta Rosero", Role.COORDINATOR)]
    for place, office in enumerate(working):
        for colleague in range(1 + place % 2):
            wish, twice = chance.choice(HOURS), chance.random() < 0.15
            temper = "prompt" if colleague else TEMPERS[place % len(TEMPERS)]
            address, name = f"{office}{colleague or ''}", _name(len(players))
            players.append(Player(address, name, Role.OFFICER, office, temper, twice, *wish))
        players.append(Player(f"{office}-jefe", _name(len(players)), Role.HEAD, office))
    return players


def enrol(world: World, players: list[Player], at: datetime) -> datetime:
    """Let them in as people really come: invited, consenting, admitted by the first, who coordinates.

    Returns when all are in.
    """
    ids = world.store.run(partial(offices.register, offices=()))
    for player in players:
        token = world.store.run(
            partial(
                invitations.create, name=player.name, role=player.role, office_id=ids.get(player.office), now=at
            )
        )  # fmt: skip
        for text in (f"/start {token}", "acepto", "sí"):
            at += timedelta(seconds=5)
            world.say(player.address, text, at)
        (invited,) = world.store.run(invitations.waiting)
        if player is players[0]:
            world.store.run(partial(invitations.decide, invited=invited, accept=True, by=None, now=at))
        else:
            world.say(players[0].address, f"/admitir {invited.id}", at)
        if player.hour > preferences.OPENS or player.quiet:
            world.store.run(
                partial(preferences.keep, person_id=invited.person_id, hour=player.hour, quiet=player.quiet)
            )  # fmt: skip
    return at


def ids_of(world: World, players: list[Player]) -> dict[str, int]:
    """The people's numbers by address."""
    return {player.address: world.store.run(_id(player.address)) for player in players}


def _id(address: str) -> Callable[..., int]:
    def read(connection: object) -> int:
        who = people.at(connection, CHANNEL, address)  # type: ignore[arg-type]
        assert who
        return who.id

    return read


def _name(place: int) -> str:
    return f"{FIRST[place % len(FIRST)]} {LAST[place // len(FIRST) % len(LAST)]} {LAST[place * 7 % len(LAST)]}"


def of_temper(players: list[Player], temper: Temper) -> Iterator[Player]:
    """The officers of a temper."""
    return (player for player in players if player.role == Role.OFFICER and player.temper == temper)
