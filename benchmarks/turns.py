"""Whole report conversations through the turn: how many a second, how dear, how long each message waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event

from benchmarks.figures import Figure, Size, medians, percentile
from benchmarks.officers import STEPS, Officer, Shift, hire, work
from tests.support.world import World, open_world

# The most SQL statements a turn may cost.
STATEMENTS = 12
# Of Prensa, which owes some seventy deliverables at once; of an office that owes four; of all 25 offices.
CREWS: dict[str, tuple[int, tuple[str, ...]]] = {
    "Prensa": (1, ("prensa",)), "Agricultura": (1, ("agricultura",)), "50 officers": (50, ()),
}  # fmt: skip


def turns(size: Size, folder: Path) -> Iterator[Figure]:
    """Without HTTP. The CPU is this process's: with PostgreSQL the server's own comes on top."""
    for kind in ("sqlite", "postgres"):
        world = open_world(kind, folder)
        for name, (count, offices) in CREWS.items():
            yield from _crew(world, f"{kind}, {name}:", hire(world, count, offices), size)
        if kind == "sqlite":
            yield from _statements(world)
        world.close()


def _crew(world: World, label: str, crew: list[Officer], size: Size) -> list[Figure]:
    each = max(1, size.conversations // len(crew))
    work(world, crew, 1)  # what is compiled or cached once
    return medians([_figures(label, work(world, crew, each), each * len(crew)) for _round in range(size.rounds)])


def _figures(label: str, shift: Shift, reports: int) -> list[Figure]:
    waits = [wait for some in shift.waits.values() for wait in some]
    cpu = 1000 * shift.cpu / reports
    return [
        Figure(f"{label} reports a second", reports / shift.wall, "/s"),
        Figure(f"{label} CPU a report of {len(STEPS)} turns", cpu, "ms"),
        Figure(f"{label} CPU a turn", cpu / len(STEPS), "ms"),
        Figure(f"{label} normalised CPU a turn", cpu / len(STEPS) / shift.speed.ms, "ms"),
        Figure(f"{label} a message waits, half of them at most", 1000 * percentile(waits, 50), "ms"),
        Figure(f"{label} a message waits, 99 of 100 at most", 1000 * percentile(waits, 99), "ms"),
    ]


def _statements(world: World) -> Iterator[Figure]:
    """How many SQL statements each step of a report costs, for an officer who has reported before."""
    crew = hire(world, 1, ("prensa",))
    work(world, crew, 1)
    costs = [0]
    event.listen(world.database.engine, "before_cursor_execute", lambda *_: costs.append(costs.pop() + 1))
    event.listen(world.database.engine, "commit", lambda _: costs.append(0))
    work(world, crew, 1)
    for (step, _text, _key), cost in zip(STEPS, costs, strict=False):
        yield Figure(f"SQL statements, step {step}", cost, "", STATEMENTS)
