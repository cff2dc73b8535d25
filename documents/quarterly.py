"""The quarterly report to Internal Control (activity 18): what was due, what was done, what is late and whose."""

from __future__ import annotations

from collections.abc import Sequence

from documents.follow_up import bars, shares, summary
from documents.paper import BOTH, Cell, Column, Paper, Share, Table, at, on, some
from models import cut_off, evaluation
from models.cut_off import Standing, total
from models.wanted import Read, Wanted, published_by
from plans.terms import Plan

ACTIVITIES = (
    Column("N.º", 6), Column("Actividad", 52), Column("Vencen en el periodo", 12), Column("Reportados", 12),
    Column("Verificados", 12), Column("oficial (verificado)", 15, "% del periodo"),
    Column("provisional (reportado)", 15, "% del periodo"), Column("Falta de", 44),
)  # fmt: skip
LATE = (
    Column("Dependencia a cargo", 54), Column("Entregables sin reportar", 16), Column("El más antiguo", 24),
    Column("Actividades", 24),
)  # fmt: skip
NOBODY = "Sin dependencia a cargo"
EVENTS = (Column("Fecha", 24), Column("Espacio de diálogo", 70), Column("Dependencia", 54))


def quarterly(read: Read, wanted: Wanted) -> Paper:
    """`wanted.period` is a quarter, or another part of the year."""
    kept, span = read(wanted.plan_of), wanted.span
    standings = read(lambda connection: cut_off.standings(connection, wanted.cut(kept.id)))
    held = read(lambda connection: evaluation.held(connection, kept.id, span.start, wanted.day, wanted.as_of))
    whole = total(standings, wanted.day)
    entity = kept.plan.entity
    rows = [(on(one.day), one.title, one.office or entity) for one in held]
    return Paper(
        f"Informe de seguimiento a Control Interno, {named(wanted)}",
        entity,
        (
            ("Entidad", entity), ("Vigencia", str(kept.plan.year)), ("Fecha", on(wanted.as_of.date())),
            ("Componente", kept.plan.component or kept.plan.title), ("Periodo", named(wanted)),
            ("Se presenta hasta", on(published_by(kept, span.end))),
        ),
        (
            summary(kept.plan, standings, wanted),
            _activities(kept.plan, standings, wanted),
            late(standings, wanted),
            Table("Espacios de diálogo", "Espacios de diálogo registrados en el periodo", EVENTS, rows),
        ),
        (
            f"Al {on(wanted.day)}: {shares(whole)}.",
            *BOTH,
            f"Hecho con lo que se sabía el {at(wanted.as_of)}.",
        ),
        wanted.as_of,
        bars(kept.plan, standings, wanted),
    )  # fmt: skip


def named(wanted: Wanted) -> str:
    """ "trimestre 2 de 2022", "del 1 de enero de 2022 al 31 de diciembre de 2022"."""
    span = wanted.span
    if span.key[5:6] == "T":
        return f"trimestre {span.key[6:]} de {span.key[:4]}"
    return f"del {on(span.start)} al {on(span.end)}"


def _activities(plan: Plan, standings: Sequence[Standing], wanted: Wanted) -> Table:
    span = wanted.span
    rows: list[Sequence[Cell]] = []
    for activity in plan.activities:
        mine = [one for one in standings if one.number == activity.number and span.start <= one.due <= span.end]
        if not mine:
            continue
        counts = total(mine, span.end)
        missing = sorted({one.whose or "la entidad" for one in mine if one.missing})
        rows.append((
            str(activity.label or activity.number), activity.title, counts.units, counts.done, counts.verified,
            Share(counts.verified, counts.units), Share(counts.done, counts.units), some(missing, 6),
        ))  # fmt: skip
    return Table("Actividades", "Lo que vence en el periodo, por actividad", ACTIVITIES, rows)


def late(standings: Sequence[Standing], wanted: Wanted) -> Table:
    """What had not been reported by the end, by who is in charge, the most first."""
    waiting: dict[str, list[Standing]] = {}
    for one in standings:
        if one.due <= wanted.day and one.known.counts(wanted.day).due > one.known.counts(wanted.day).done_due:
            waiting.setdefault(one.lead or one.known.office or NOBODY, []).append(one)

    def units(mine: Sequence[Standing]) -> int:
        counts = total(mine, wanted.day)
        return counts.due - counts.done_due

    rows = [
        (
            name, units(mine), on(min(one.due for one in mine)),
            ", ".join(map(str, sorted({one.number for one in mine}))),
        )
        for name, mine in sorted(waiting.items(), key=lambda each: (-units(each[1]), each[0]))
    ]  # fmt: skip
    return Table("Vencidos", f"Vencido y sin reportar al {on(wanted.day)}", LATE, rows)
