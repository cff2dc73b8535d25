"""The evaluation of the year (activity 20): the figures a committee judges by, and room for its judgement."""

from __future__ import annotations

from collections.abc import Sequence

from documents.follow_up import SUMMARY, bars, figures, shares, summary
from documents.paper import BOTH, Cell, Column, Paper, Table, at, on
from documents.quarterly import NOBODY, late
from models import cut_off, evaluation
from models.cut_off import Standing, total
from models.evaluation import Pace
from models.wanted import Read, Wanted

OFFICES = (Column("Dependencia", 50), *SUMMARY[1:])
OBSTACLES = {
    "almost": "«Ya casi»", "late": "«No alcanzo»: pidieron otra fecha", "not_mine": "«No me toca»",
    "blocked": "Otra dependencia o persona lo detuvo",
}  # fmt: skip
QUESTIONS = (
    "¿Se cumplieron los objetivos de la rendición de cuentas?",
    "¿Las acciones desarrolladas ayudaron a la transparencia institucional?",
    "¿Se facilitaron la información y la comunicación con la ciudadanía?",
    "¿Cómo contribuyó la rendición de cuentas a la gestión pública?",
    "¿Qué se aprendió y qué cambia el próximo año?",
)


def evaluate(read: Read, wanted: Wanted) -> Paper:
    """`wanted.period` is the year."""
    kept, span = read(wanted.plan_of), wanted.span
    cut = wanted.cut(kept.id)
    standings = read(lambda connection: cut_off.standings(connection, cut))
    pace = read(lambda connection: evaluation.pace(connection, cut, wanted.zone))
    held = read(lambda connection: evaluation.held(connection, kept.id, span.start, wanted.day, wanted.as_of))
    return Paper(
        f"Evaluación de la rendición de cuentas, {kept.plan.year}",
        kept.plan.entity,
        (
            ("Entidad", kept.plan.entity), ("Vigencia", str(kept.plan.year)), ("Fecha", on(wanted.as_of.date())),
            ("Componente", kept.plan.component or kept.plan.title), ("Desde", on(span.start)), ("Hasta", on(span.end)),
        ),
        (
            summary(kept.plan, standings, wanted),
            _offices(standings, wanted),
            Table("Oportunidad", "Oportunidad y dificultades", (Column("Qué", 70), Column("Cuánto", 20)),
                  [*_pace(pace), ("Espacios de diálogo registrados", len(held))]),
            late(standings, wanted),
            Table("Valoración", "Valoración del comité", (Column("Pregunta", 60), Column("Respuesta del comité", 90)),
                  [(question, "") for question in QUESTIONS],
                  note="Las cifras no responden estas preguntas: las responde el comité, con ellas a la vista."),
        ),
        (
            f"Al {on(wanted.day)}: {shares(total(standings, wanted.day))}.",
            *BOTH,
            f"Hecho con lo que se sabía el {at(wanted.as_of)}.",
        ),
        wanted.as_of,
        bars(kept.plan, standings, wanted),
    )  # fmt: skip


def _offices(standings: Sequence[Standing], wanted: Wanted) -> Table:
    """By who is in charge."""
    rows: list[Sequence[Cell]] = [
        (name or NOBODY, *figures(total((one for one in standings if one.lead == name), wanted.day)))
        for name in sorted({one.lead for one in standings})
    ]
    return Table("Dependencias", "Resultado por dependencia a cargo", OFFICES, rows)


def _pace(pace: Pace) -> list[Sequence[Cell]]:
    days = "–" if pace.review_days is None else f"{pace.review_days:.1f} días".replace(".", ",")
    return [
        ("Avances que llegaron a tiempo", pace.in_time),
        ("Avances que llegaron tarde", pace.late),
        ("Avances verificados", pace.verified),
        ("Tiempo entre un avance y su verificación (la mitad tardó menos)", days),
        ("Devoluciones para corregir", pace.returned),
        *((OBSTACLES[kind], count) for kind, count in pace.obstacles.items()),
    ]
