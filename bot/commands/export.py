"""`chasqui export`: the formats, the statistics and the dossiers, made here and now."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.commands.opening import opened, plan_of
from bot.commands.output import say
from bot.commands.readings import Slug
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from plans.terms import Plan

T = TypeVar("T")


class What(StrEnum):
    """What can be made."""

    FOLLOW_UP = "follow-up"
    QUARTERLY = "quarterly"
    INTERACTIONS = "interactions"
    COVERAGE = "coverage"
    EVALUATION = "evaluation"
    DOSSIER = "dossier"


def export(
    what: Annotated[What, typer.Argument(help="Qué: el seguimiento de Control Interno, el informe trimestral, las "
                                              "estadísticas de interacciones, los grupos de valor, la evaluación del "
                                              "año o el expediente con soportes.", metavar="QUÉ")],
    plan: Slug = "",
    cutoff: Annotated[str, typer.Option("--cutoff", help="El corte del seguimiento: 2022-04-30.")] = "",
    period: Annotated[str, typer.Option("--period", help="El periodo: 2022, 2022-S1, 2022-T2 o 2022-04.")] = "",
    activity: Annotated[int, typer.Option("--activity", help="Del expediente, solo una actividad.")] = 0,
    office: Annotated[str, typer.Option("--office", help="Del expediente, solo una dependencia, por su código.")] = "",
    minors: Annotated[bool, typer.Option("--minors", help="En el expediente, también lo que puede mostrar menores de "
                                                          "edad. Solo para control.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="Con lo que se sabía al final de ese día: 2022-05-13.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Archivo o carpeta donde queda; la terminación .xlsx o "
                                                           ".pdf dice el formato.", metavar="ARCHIVO")] = None,
) -> None:  # fmt: skip
    """Hace un informe o un expediente y lo deja en un archivo. Con los mismos datos salen los mismos bytes."""
    from documents.making import make
    from models.vault import Vault
    from models.wanted import Wanted

    with opened() as opening:
        zone = opening.settings.timezone
        with opening.database.begin() as connection:
            kept = plan_of(connection, plan).plan
        moment = _known(as_of, opening.now, zone)
        key = _key(what, cutoff, period, kept, moment)
        form: Any = "zip" if what == What.DOSSIER else "pdf" if out and out.suffix == ".pdf" else "xlsx"
        wanted = Wanted(what.value, form, kept.slug, key, moment, activity, office, 0, minors)

        def read(work: Callable[[Any], T]) -> T:
            with opening.database.engine.connect() as connection:
                return work(connection)

        made = make(read, wanted, Vault(opening.settings.evidence_dir))
        path = out / made.name if out and out.is_dir() else out or Path(made.name)
        with path.open("wb") as file, closing(made.chunks):
            for chunk in made.chunks:
                file.write(chunk)
    say(f"Listo: {path}")


def _known(as_of: str, now: datetime, zone: ZoneInfo) -> datetime:
    if not as_of:
        return now.astimezone(zone)
    return min(datetime.combine(_day(as_of), time.max, zone), now.astimezone(zone))


def _key(what: What, cutoff: str, period: str, plan: Plan, moment: datetime) -> str:
    """The cut-off or the period, the newest that has begun where none is named. Raises Refusal."""
    from models.wanted import period as days

    if what == What.FOLLOW_UP:
        past = [day for day in plan.cutoffs if day <= moment.date()]
        return _day(cutoff).isoformat() if cutoff else (past[-1] if past else moment.date()).isoformat()
    key = period or f"{plan.year}"
    if days(key) is None:
        raise Refusal(f"«{key}» no es un periodo: escriba por ejemplo 2022, 2022-S1, 2022-T2 o 2022-04.")
    return key


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"«{text}» no es una fecha: escríbala como 2022-05-20.") from None
