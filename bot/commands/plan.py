"""`chasqui plan read` and `chasqui plan import`: from a document to a plan and what is owed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opening import opened
from bot.commands.output import counted, say, show_difference, show_plan, sure
from bot.commands.spanish import Command, Group

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="El plan: leerlo, importarlo, decidir cómo se cuenta, registrar eventos."
)

File = Annotated[Path, typer.Argument(help="El plan: .txt, .tsv, .csv, .docx, .xlsx, .pdf o .yaml.", metavar="ARCHIVO")]


@app.command(cls=Command)
def read(
    file: File, as_json: Annotated[bool, typer.Option("--json", help="Para máquinas: todo lo leído, en JSON.")] = False
) -> None:
    """Lee un plan y muestra cómo se entendió. No guarda nada ni necesita base de datos."""
    from plans.bundled import load
    from plans.output import as_json as plain

    plan = load(file)
    if as_json:
        say(json.dumps(plain(plan), ensure_ascii=False, indent=2))
    else:
        show_plan(plan)


@app.command("import", cls=Command)
def import_(file: File, yes: Annotated[bool, typer.Option("--yes", help="Aceptar sin preguntar.")] = False) -> None:
    """Guarda un plan, o pone al día el que ya estaba. Muestra las diferencias y pregunta; ningún avance se borra."""
    from models import audit, planning
    from plans.bundled import load

    plan = load(file)
    show_plan(plan)
    with opened(migrate=True) as office:
        with office.database.begin() as connection:
            before = planning.stored(connection, plan.slug)
            same = before is not None and before.plan == planning.complete(connection, plan)
            effect = planning.compare(connection, plan)
        if same:
            say(f"El plan «{plan.slug}» ya está importado y no cambia.")
            return
        if before:
            say(f"El plan «{plan.slug}» ya estaba importado. Importarlo de nuevo:")
            show_difference(effect)
            say("Ningún avance se borra.")
        else:
            say(f"Se crean {counted(len(effect.added))}.")
        sure("¿Importar el plan?", yes)
        with office.database.begin() as connection:
            planning.import_plan(connection, plan, office.now)
            audit.record(
                connection, office.now, None, "plan.imported", plan.slug, sha256=plan.source_sha256,
                added=len(effect.added), changed=len(effect.changed), removed=len(effect.removed),
            )  # fmt: skip
        say(f"Listo: el plan «{plan.slug}» quedó importado.")
