"""Whatever stands in the cells: a reading or a PlanError, never a crash, and nothing inferred without saying so."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.obligations import owed
from plans.output import as_json
from plans.readings import read_plan, resolve_offices, with_choice
from plans.terms import Document, Office, PlanError, Row
from tests.plans.rows import ROW, TITLES, plan_of

WORDS = (
    "uno dos (3) (0) 04 100% 99,5% 1.000 12/31/2017 31/02/2017 30/11/2017 2017 0000 de del a al y e / , ; : - "
    "( ) informe informes municipios mensual trimestral semestral semanal permanente anual abril abril mayo 15 "
    "quince días hábiles después evento previo a los ejercicios por dependencia por tema por cada municipio y "
    "de la entidad todas las dependencias elaborado y publicado página web y redes sociales Secretaría Oficina "
    "TIC control interno audiencia primer semestre último cien por ciento hasta el desde veinte treinta y "
    "cinco ﬁn İ ² ١٢ ½ \u200b \x00"
).split(" ")
CELLS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
ROWS = st.builds(Row, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, st.just("línea 1"))
OFFICES = (Office("tic", "Secretaría TIC"), Office("gobierno", "Secretaría de Gobierno"))


@given(st.lists(ROWS, max_size=4), st.lists(CELLS, max_size=3))
@settings(max_examples=300, deadline=None)
def test_odd_rows_never_crash(rows: list[Row], titles: list[str]) -> None:
    with suppress(PlanError):
        plan_of(*rows, titles=tuple(titles))
    plan = plan_of(*rows, ROW, titles=(*titles, *TITLES[:1]))
    plan = replace(resolve_offices(plan, OFFICES), topics=("Salud",))
    assert json.dumps(as_json(plan))
    codes = [duty.code for duty in owed(plan)]
    assert len(set(codes)) == len(codes)
    for activity in plan.activities:
        explained = activity.alternatives or activity.number in {problem.row for problem in plan.problems}
        assert activity.confidence == 1 or explained
        assert activity.quantity is not None or activity.confidence < 1
        for offer in activity.alternatives:
            owed(with_choice(plan, activity.number, offer.key))


@given(CELLS)
@settings(max_examples=100, deadline=None)
def test_an_odd_name_never_crashes(name: str) -> None:
    assert len(plan_of(ROW, titles=(name,)).activities) == 1


def test_very_long_cells_take_no_time_to_speak_of() -> None:
    long = "informe y publicado, " * 5_000
    row = Row("", long, long, long, long, long, ("a: 1 de abril " * 5_000), "")
    assert plan_of(row).activities


def test_the_same_document_reads_the_same(narino_document: Document) -> None:
    assert read_plan(narino_document) == read_plan(narino_document)
