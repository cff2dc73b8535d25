"""How the command line shows things: tables, differences, questions that must be answered yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from plans.obligations import Difference
    from plans.terms import Activity, Owed, Plan

EVERY = {
    "once": "una vez", "month": "cada mes", "two_months": "cada bimestre", "quarter": "cada trimestre",
    "four_months": "cada cuatrimestre", "half_year": "cada semestre", "year": "cada año", "event": "por cada evento",
    "continuous": "de forma permanente",
}  # fmt: skip
PER = {
    "entity": "", "office": "por dependencia", "topic": "por tema", "municipality": "por municipio", "event": ""
}  # fmt: skip
SOME = 6


def say(text: str = "") -> None:
    """One line on stdout, as it is."""
    typer.echo(text)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal; a number is set right, and what people wrote is never markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left")
    for column in columns:
        table.add_column(
            column,
            overflow="fold",
            no_wrap=column == "Opción",
            justify="right" if column == "N.º" else "left",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def sure(question: str, yes: bool) -> None:
    """Go on only after a yes. Raises Refusal where nobody can be asked, Abort on a no."""
    if yes:
        return
    try:
        answer = typer.prompt(f"{question} [s/N]", default="", show_default=False)
    except typer.Abort:
        raise Refusal("No se hizo nada: nadie respondió; con --yes no se pregunta.") from None
    if answer.strip().lower() not in ("s", "si", "sí", "y", "yes"):
        raise typer.Abort


def show_plan(plan: Plan) -> None:
    """A plan as it was read, and what somebody must still decide."""
    say(f"{plan.entity} · {plan.title} · {plan.year}" + (f" · {plan.component}" if plan.component else ""))
    names = {office.code: office.name for office in plan.offices}
    rows = [
        (
            a.label or str(a.number), a.title, _target(a), names.get(a.lead, a.lead) or "todas",
            f"{a.start.isoformat()} {a.end.isoformat()}",
        )
        for a in plan.activities
    ]  # fmt: skip
    show_table("", ("N.º", "Actividad", "Meta", "Responde", "Desde y hasta"), rows)
    blocks = len({a.subcomponent for a in plan.activities})
    say(f"{len(plan.activities)} actividades en {blocks} subcomponentes.")
    if plan.problems:
        say(f"Por decidir ({len(plan.problems)}):")
    for problem in plan.problems:
        say(f"  {f'fila {problem.row}' if problem.row else 'todo el plan'}: {problem.message}")


def show_difference(effect: Difference) -> None:
    """What a change adds, changes and removes: counts and some codes."""
    for word, owed in (
        ("Agrega", effect.added), ("Cambia", [now for _, now in effect.changed]), ("Retira", effect.removed)
    ):  # fmt: skip
        say(f"{word} {counted(len(owed))}{_codes(owed)}.")


def counted(number: int) -> str:
    """ "1 entregable", "12 entregables"."""
    return f"{number} entregable" + ("" if number == 1 else "s")


def _target(activity: Activity) -> str:
    """ "2 publicaciones, cada trimestre"; how many readings there are, where there are several."""
    amount = f"{activity.quantity or '¿?'} {activity.unit}"
    parts = [part for part in (amount, EVERY[activity.every], PER[activity.per]) if part]
    readings = f" ({len(activity.alternatives)} lecturas)" if activity.alternatives else ""
    return ", ".join(parts) + readings


def _codes(owed: Sequence[Owed]) -> str:
    codes = ", ".join(duty.code for duty in owed[:SOME])
    return f": {codes}{'…' if len(owed) > SOME else ''}" if codes else ""
