"""Whom dialogue reached (activity 14): each value group and each office, and where there is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.paper import BOTH, Cell, Column, Paper, Table, at, on, some
from documents.quarterly import named
from models import cut_off, evaluation
from models.cut_off import Standing, total
from models.evaluation import Held, Spoken
from models.planning import Stored
from models.wanted import Read, Wanted
from plans.dialogue import Entry, catalogue
from plans.readings.words import slug, takes_place

GROUPS = (
    Column("Grupo de valor", 36), Column("Espacios que lo nombran", 14), Column("Dependencias", 60),
    Column("Dónde", 50), Column("¿Incluido?", 24),
)  # fmt: skip
OFFICES = (
    Column("Dependencia", 54), Column("Espacios programados", 16), Column("Reportados (provisional)", 16),
    Column("Verificados (oficial)", 16), Column("Eventos registrados", 16),
)  # fmt: skip
MISSING = "Ninguno lo nombra: verificar o programar"


def coverage(read: Read, wanted: Wanted) -> Paper:
    """From the beginning of the year to the end of `wanted.period`."""
    kept, span = read(wanted.plan_of), wanted.span
    cut = wanted.cut(kept.id)
    standings = read(lambda connection: cut_off.standings(connection, cut))
    told = read(lambda connection: list(evaluation.spoken(connection, cut)))
    start = span.start.replace(month=1, day=1)
    held = read(lambda connection: evaluation.held(connection, kept.id, start, wanted.day, wanted.as_of))
    rows = [_group(one, told, held, kept.plan.entity) for one in catalogue().groups.values()]
    without = [str(row[0]) for row in rows if row[-1] == MISSING]
    return Paper(
        f"Verificación de grupos de valor, {named(wanted)}",
        kept.plan.entity,
        (
            ("Entidad", kept.plan.entity), ("Vigencia", str(kept.plan.year)), ("Fecha", on(wanted.as_of.date())),
            ("Componente", kept.plan.component or kept.plan.title), ("Periodo", named(wanted)),
            ("Grupos sin espacio", some(without, 3) or "ninguno"),
        ),
        (
            Table(
                "Grupos de valor", "Grupos de valor y espacios de diálogo", GROUPS, rows,
                note="Un evento dice para qué grupos es. De lo demás cuenta lo que nombra al grupo en el avance o en "
                "el título: eso lo confirma una persona.",
            ),
            _offices(kept, standings, held),
        ),
        (
            "Espacios son las actividades a las que la gente asiste: diálogos, audiencias, capacitaciones, reuniones.",
            "La lista de grupos de valor, y con qué palabras se nombran, es de la entidad.",
            *BOTH[:2],
            f"Hecho con lo que se sabía el {at(wanted.as_of)}.",
        ),
        wanted.as_of,
    )  # fmt: skip


def _group(
    group: Entry, told: Sequence[Spoken], held: Sequence[Held], entity: str
) -> tuple[str | int, ...]:  # fmt: skip
    """Events say whom they are for; of reports and of other events the words say it."""
    reports = [one for one in told if _names(group, one.account)]
    for_them = [one for one in held if group.code in one.groups]
    events = [*for_them, *(one for one in held if one not in for_them and _names(group, one.title))]
    offices = sorted({one or entity for one in (*(each.office for each in events), *(each.office for each in reports))})
    where = [*(each.key for each in events), *(each.folio for each in reports)]
    included = "Sí" if for_them else "Sí, por confirmar" if where else MISSING
    return group.name, len(where), some(offices), some(where, 3), included


def _names(group: Entry, text: str) -> bool:
    said = f" {slug(text, 4000).replace('-', ' ')} "
    return any(f" {slug(word, 80).replace('-', ' ')} " in said for word in (group.name, *group.words))


def _offices(kept: Stored, standings: Sequence[Standing], held: Sequence[Held]) -> Table:
    place = {one.number for one in kept.plan.activities if takes_place(one.unit)}
    names = sorted({one.known.office for one in standings if one.known.office and one.number in place})
    last = date(kept.plan.year, 12, 31)
    rows: list[Sequence[Cell]] = []
    for name in names:
        counts = total((one for one in standings if one.known.office == name and one.number in place), last)
        rows.append((
            name, counts.units, counts.done, counts.verified, sum(one.office == name for one in held)
        ))  # fmt: skip
    return Table("Dependencias", "Espacios de diálogo de cada dependencia", OFFICES, rows)
