"""The real plan: every row of the document is read as the table of the domain says."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from plans.readings import resolve_offices, undecided, with_choice
from plans.readings.words import takes_place
from plans.terms import Activity, Document, Office, Plan, PlanError, Step

W = (date(2022, 2, 1), date(2022, 12, 31))
D = (date(2022, 12, 1), date(2022, 12, 31))
YEAR = (date(2022, 1, 1), date(2022, 12, 31))
PRENSA, TIC = "Prensa y comunicaciones", "Secretaría TIC, Innovación y Gobierno Abierto"
COMUNITARIO, COMITE = "Subsecretaría de desarrollo comunitario", "Comité de Rendición de Cuentas"
GOBIERNO, PAZ = "Secretaría de Gobierno", "Subsecretaría de Paz y Derechos Humanos"
TODAS = "Todas las Dependencias"

# number: subcomponent, quantity, unit, every, per, owners (the first leads), window
TABLE = {
    1: (1, 1, "publicación", "quarter", "entity", (PRENSA,), W),
    2: (1, 2, "publicaciones", "quarter", "entity", (PRENSA,), W),
    3: (1, 1, "publicación", "month", "topic", (PRENSA,), W),
    4: (1, 2, "publicaciones en redes", "month", "entity", (PRENSA, TIC), W),
    5: (1, 1, "producto", "quarter", "entity", (PRENSA,), W),
    6: (1, 4, "informes", "event", "office", (PRENSA, TIC), W),
    7: (1, 1, "pieza", "once", "office", ("Prensa y Comunicación",), D),
    8: (1, 1, "publicación", "quarter", "entity", (PRENSA, TIC, "Secretaría de Planeación"), W),
    9: (1, 2, "informes", "half_year", "entity", (PRENSA,), YEAR),
    10: (2, 1, "mecanismo", "once", "office", (TODAS,), W),
    11: (2, 1, "actividad", "once", "office", (TODAS,), W),
    12: (2, 1, "audiencia", "once", "entity", (COMITE,), D),
    13: (2, 1, "aplicativo", "continuous", "entity", (TIC,), W),
    14: (2, 1, "documento", "quarter", "entity", (COMUNITARIO,), W),
    15: (3, 1, "publicación", "event", "office", (COMUNITARIO, PRENSA, TIC), W),
    16: (3, 5, "municipios", "once", "municipality", (COMUNITARIO,), W),
    17: (3, 2, "publicaciones", "half_year", "entity", (COMUNITARIO, PRENSA, TIC), W),
    18: (3, 1, "informe", "quarter", "entity", (COMUNITARIO,), YEAR),
    19: (3, 1, "socialización", "once", "entity", (COMITE,), D),
    20: (3, 1, "documento", "once", "entity", (COMITE,), D),
    21: (6, 1, "informe", "once", "entity", (GOBIERNO, PAZ), YEAR),
    22: (6, 3, "boletines", "once", "entity", (GOBIERNO, PAZ), YEAR),
    23: (6, 1, "estrategia", "once", "entity", (GOBIERNO, PAZ, PRENSA), D),
    24: (6, 3, "reuniones", "once", "entity", (GOBIERNO, PAZ), D),
}


def by_number(plan: Plan) -> dict[int, Activity]:
    return {activity.number: activity for activity in plan.activities}


@pytest.mark.parametrize("number", TABLE)
def test_each_row_is_read_as_the_table_says(narino_read: Plan, number: int) -> None:
    one = by_number(narino_read)[number]
    owners = (one.lead, *one.support)
    window = (one.start, one.end)
    assert (one.subcomponent, one.quantity, one.unit, one.every, one.per, owners, window) == TABLE[number]
    recurs = one.every not in ("once", "continuous")
    assert one.due == (None if recurs else one.end)


def test_the_plan_names_itself(narino_read: Plan) -> None:
    assert narino_read.slug == "narino-2022"
    assert narino_read.entity == "Gobernación de Nariño"
    assert narino_read.title == "Plan Anticorrupción y de Atención al Ciudadano"
    assert narino_read.year == 2022
    assert narino_read.component == "Componente 3: Rendicion de Cuentas"
    counts = Counter(one.subcomponent for one in narino_read.activities)
    assert counts == {1: 9, 2: 5, 3: 6, 6: 4}
    assert narino_read.activities[0].subcomponent_title.startswith("Informar avances y resultados")


def test_literal_text_is_kept(narino_read: Plan, narino_document: Document) -> None:
    for row, one in zip(narino_document.rows, narino_read.activities, strict=True):
        literal = (one.text, one.target_text, one.responsible_text, one.schedule_text)
        assert literal == (row.text, row.target, row.responsible, row.schedule)
        assert len(one.title) <= 60


def test_what_only_some_rows_have(narino_read: Plan) -> None:
    rows = by_number(narino_read)
    with_steps = {number: one.steps for number, one in rows.items() if one.steps}
    assert with_steps == {
        18: (Step("presentado"), Step("publicado")),
        21: (Step("Informe elaborado", date(2022, 11, 30)), Step("Informe publicado", date(2022, 12, 31))),
        23: (Step("diseñada"), Step("implementada")),
    }
    assert {n: one.days_after for n, one in rows.items() if one.days_after is not None} == {15: 15, 18: 10}
    assert {n: one.after for n, one in rows.items() if one.after} == {19: (12,), 20: (12,)}
    assert {n: one.proofs for n, one in rows.items() if one.proofs} == {15: ("página web", "redes sociales")}
    assert [n for n, one in rows.items() if one.plus_entity] == [15]
    assert [n for n, one in rows.items() if one.fixed] == [21]


def test_every_inference_is_listed(narino_read: Plan) -> None:
    unsure = {one.number for one in narino_read.activities if one.confidence < 1}
    assert unsure == {1, 2, 6, 8, 9, 14, 18}
    assert unsure <= {problem.row for problem in narino_read.problems}
    options = {one.number: [offer.key for offer in one.alternatives] for one in undecided(narino_read)}
    assert options == {
        1: ["por_entidad", "por_dependencia"],
        2: ["por_entidad", "por_dependencia"],
        6: ["4_por_dependencia", "4_en_total", "1_por_evento"],
        9: ["2_por_semestre", "1_por_trimestre", "2_en_total"],
        14: ["1_por_trimestre", "1_final"],
        18: ["1_por_trimestre", "1_final"],
    }
    assert [one.number for one in undecided(narino_read, {1, 2, 6, 14})] == [9, 18]


def test_a_choice_replaces_the_reading(narino_read: Plan) -> None:
    nine = by_number(with_choice(narino_read, 9, "1_por_trimestre"))[9]
    assert (nine.quantity, nine.unit, nine.every, nine.due) == (1, "informe", "quarter", None)
    final = by_number(with_choice(narino_read, 18, "1_final"))[18]
    assert (final.every, final.due, len(final.steps)) == ("once", date(2022, 12, 31), 6)
    assert with_choice(narino_read, 9, "2_por_semestre") == narino_read


def test_a_choice_that_is_not_on_offer_is_refused(narino_read: Plan) -> None:
    with pytest.raises(PlanError, match="3_por_mes"):
        with_choice(narino_read, 9, "3_por_mes")
    with pytest.raises(PlanError, match="99"):
        with_choice(narino_read, 99, "2_por_semestre")


def test_offices_are_found_by_alias_accent_and_typo(narino_read: Plan, narino: Plan) -> None:
    resolved = resolve_offices(narino_read, narino.offices)
    assert by_number(resolved)[7].lead == "prensa"
    assert by_number(resolved)[8].support == ("tic", "planeacion")
    assert by_number(resolved)[10].lead == ""
    assert not [problem for problem in resolved.problems if problem.field in ("responsible", "offices")]
    assert resolve_offices(resolved, narino.offices) == resolved


def test_an_unknown_office_is_a_problem_and_stays_as_written(narino_read: Plan) -> None:
    few = [
        Office("gobierno", "Secretaria de Goberno"),
        Office("desarrollo", "Secretaría de Desarrollo Comunitario"),
    ]
    rows = by_number(resolved := resolve_offices(narino_read, few))
    assert (rows[22].lead, rows[22].support) == ("gobierno", (PAZ,))
    assert rows[16].lead == COMUNITARIO, "a secretariat is not its subsecretariat"
    assert (22, PAZ) in {(problem.row, problem.text) for problem in resolved.problems}


def test_what_people_come_to_takes_place():
    assert [
        unit for unit in ("audiencia", "reuniones", "mecanismo", "informes", "publicación") if takes_place(unit)
    ] == [
        "audiencia",
        "reuniones",
        "mecanismo",
    ]
