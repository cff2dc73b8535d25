"""Rows of invented plans, for tests."""

from __future__ import annotations

from plans.readings import read_plan
from plans.terms import Activity, Document, Plan, Problem, Row

ROW = Row(
    number="",
    subcomponent="Subcomponente 1: Información",
    text="Publicar boletines de la gestión",
    target="Tres (3) boletines",
    resources="",
    responsible="Secretaría de Gobierno",
    schedule="Febrero a diciembre de 2017",
    source="línea 1",
)
TITLES = ("PLAN ANTICORRUPCIÓN Y DE ATENCIÓN AL CIUDADANO 2017", "ALCALDÍA DE PASTO", "COMPONENTE 3: RENDICIÓN")


def plan_of(*rows: Row, titles: tuple[str, ...] = TITLES) -> Plan:
    return read_plan(Document("plan.txt", "0" * 64, titles, rows))


def read_one(row: Row) -> tuple[Activity, list[Problem]]:
    """The reading of one row of a plan of 2017, and its own problems."""
    plan = plan_of(row)
    return plan.activities[0], [problem for problem in plan.problems if problem.row == 1]
