"""`chasqui simulate`: a whole year of people and reminders in less than a minute, and whether every rule was kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.output import say, show_table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.simulation.year import Lived
    from plans.terms import Plan

ZONE = "America/Bogota"
# More breaches than these need not be read one by one.
SHOWN = 20

FromFile = Annotated[
    Path | None,
    typer.Option("--from-file", help="Repetir una historia escrita en un archivo de texto.", metavar="ARCHIVO"),
]


def simulate(
    year: Annotated[int, typer.Option("--year", help="El año del plan incluido.")] = 2022,
    offices: Annotated[int, typer.Option("--offices", min=1, max=500, help="Cuántas dependencias.")] = 25,
    topics: Annotated[int, typer.Option("--topics", min=1, max=50, help="Temas de diálogo cada mes.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="El mismo número da siempre el mismo año.")] = 7,
    from_file: FromFile = None,
) -> None:
    """Vive un año del plan con personas inventadas, en memoria, y cuenta qué se avisó y si se faltó a alguna regla."""
    from zoneinfo import ZoneInfo

    from bot.simulation.cast import bundled_plan
    from bot.simulation.inspection import inspect
    from bot.simulation.tally import tally

    zone, plan = ZoneInfo(ZONE), bundled_plan(year, offices, topics)
    lived = _replay(from_file, plan, zone) if from_file else _live(plan, seed, zone)
    try:
        breaches = inspect(lived)
        show_table(f"Del {lived.first} al {lived.last}", ("Qué", "Cuánto"), tally(lived, breaches))
    finally:
        lived.world.close()
    found = list(breaches.all())
    for one in found[:SHOWN]:
        say(one)
    if found:
        raise typer.Exit(1)


def _live(plan: Plan, seed: int, zone: ZoneInfo) -> Lived:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from bot.simulation.year import live

    columns = (TextColumn("Días"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("")

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        return asyncio.run(live(plan, seed, zone, progress))


def _replay(path: Path, plan: Plan, zone: ZoneInfo) -> Lived:
    from bot.simulation.story import read, replay

    return asyncio.run(replay(read(path, zone), plan, zone, say))
