"""Statistics of interactions (activity 9): counts by month, channel, kind and office. Nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from documents.paper import MONTHS, Cell, Column, Paper, Table, at, on, said
from models.evidence import KINDS
from models.interactions import CITIZENS, MESSAGES, TEAM, Interactions, interactions
from models.summaries import midnight
from models.wanted import Read, Wanted
from plans.calendar import periods

NAMES = {
    "answer": "Mensajes recibidos y respondidos", "notice": "Avisos enviados", "nudge": "Recordatorios enviados",
    "summary": "Resúmenes enviados", "report": "Avances recibidos", TEAM: "Coordinación y control",
    CITIZENS: "Ciudadanía", "web": "Web", "telegram": "Telegram", "whatsapp": "WhatsApp",
}  # fmt: skip
SHOWN = (*MESSAGES, "report", "evidence")


def statistics(read: Read, wanted: Wanted) -> Paper:
    """`wanted.period` is a year, half-year, quarter or month."""
    kept, span = read(wanted.plan_of), wanted.span
    months = [one.start for one in periods("month", span.start, min(span.end, wanted.day))] or [span.start]
    found = read(
        lambda connection: interactions(
            connection, wanted.cut(kept.id), [midnight(month, wanted.zone) for month in months]
        )
    )
    named = {place: f"{MONTHS[month.month - 1]} de {month.year}" for place, month in enumerate(months)}
    citizens = sum(one.count for one in found if one.office == CITIZENS and one.kind == "answer")
    return Paper(
        f"Informe estadístico de interacciones, {_days(span.start, span.end)}",
        kept.plan.entity,
        (
            ("Entidad", kept.plan.entity), ("Vigencia", str(kept.plan.year)), ("Fecha", on(wanted.as_of.date())),
            ("Componente", kept.plan.component or kept.plan.title), ("Desde", on(span.start)), ("Hasta", on(span.end)),
        ),
        (
            _pivot("Por mes", "Mes", found, lambda one: named[one.month], tuple(named.values())),
            _pivot("Por canal", "Canal", found, lambda one: _name(one.channel)),
            _pivot("Por dependencia", "Dependencia", found, lambda one: _name(one.office)),
            _detail(found, named),
        ),
        (
            f"Preguntas de la ciudadanía respondidas en el periodo: {citizens}.",
            "Un mensaje recibido y su respuesta cuentan una vez; las fotos de un álbum también.",
            "No cuenta lo que no se pudo entregar. Los avances retirados no cuentan; los corregidos cuentan una vez.",
            "Solo hay cantidades: ningún nombre, número ni mensaje.",
            f"Hecho con lo que se sabía el {at(wanted.as_of)}.",
        ),
        wanted.as_of,
    )  # fmt: skip


def _days(start: date, end: date) -> str:
    return f"del {on(start)} al {on(end)}"


def _name(key: str) -> str:
    return NAMES.get(key) or (said(KINDS[key]).capitalize() if key in KINDS else key)


def _pivot(
    name: str, label: str, found: Sequence[Interactions], of: Callable[[Interactions], str], every: tuple[str, ...] = ()
) -> Table:
    """Rows by one thing, a column for each kind; evidence of all kinds in one."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        counts[of(one), one.kind if one.kind in SHOWN else "evidence"] += one.count
    rows: list[Sequence[Cell]] = [
        (row, *(counts[row, kind] for kind in SHOWN)) for row in every or sorted({row for row, _kind in counts})
    ]
    whole: Sequence[Cell] = (
        "Total",
        *(sum(counts[row, kind] for row, each in counts if each == kind) for kind in SHOWN),
    )
    columns = (Column(label, 44), *(Column(NAMES.get(kind, "Soportes recibidos"), 16) for kind in SHOWN))
    return Table(name, name, columns, [*rows, whole] if rows else [], total=True)


def _detail(found: Sequence[Interactions], months: dict[int, str]) -> Table:
    rows = [
        (months[one.month], _name(one.channel), _name(one.office), _name(one.kind), one.count) for one in found
    ]  # fmt: skip
    columns = (
        Column("Mes", 20),
        Column("Canal", 14),
        Column("Dependencia", 50),
        Column("Qué", 34),
        Column("Cuántos", 12),
    )
    return Table("Detalle", "Detalle por mes, canal, dependencia y clase", columns, rows)
