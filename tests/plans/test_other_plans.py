"""Plans of other entities and years: read, or listed as needing a decision; never guessed silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans.readings.owners import read_owners
from plans.readings.quantities import read_quantity
from plans.readings.schedule import read_schedule
from plans.terms import PlanError, Step
from tests.plans.rows import ROW, TITLES, plan_of, read_one


@pytest.mark.parametrize(
    ("target", "number", "unit"),
    [
        ("100% de las solicitudes atendidas", 100, "%"),
        ("Cien por ciento de los trámites", 100, "%"),
        ("Noventa por ciento (90%) de respuestas", 90, "%"),
        ("Dos publicaciones", 2, "publicaciones"),
        ("Tres (3) grandes foros", 3, "foros"),
        ("Realizar una audiencia pública", 1, "audiencia"),
        ("Un plan formulado", 1, "plan"),
        ("Treinta y cinco (35) talleres", 35, "talleres"),
        ("Como mínimo dos jornadas", 2, "jornadas"),
        ("1.000 personas capacitadas", 1000, "personas"),
        ("2 informes antes del 30 de noviembre", 2, "informes"),
        ("(1) protocolo COVID-19 según Ley 1712 de 2014", 1, "protocolo"),
        ("Tres (3) grafitis", 3, "grafitis"),
    ],
)
def test_quantities_read_for_sure(target: str, number: int, unit: str) -> None:
    read = read_quantity(target)
    assert (read.number, read.unit, read.stated, read.doubts) == (number, unit, True, ())


@pytest.mark.parametrize(
    ("target", "number"),
    [
        ("Informes publicados", None),
        ("Página web actualizada", None),
        ("", None),
        ("99,5% de disponibilidad", None),
        ("(0) informes", None),
        ("Publicación de las respuestas en quince (15) días hábiles", 1),
        ("Dos (3) notas", 3),
        ("(1) informe y (2) boletines", 1),
        ("2 a 4 reuniones", 2),
        ("100% de las 24 actividades", 100),
    ],
)
def test_doubtful_quantities_say_so(target: str, number: int | None) -> None:
    read = read_quantity(target)
    assert read.number == number
    assert read.doubts


@pytest.mark.parametrize(
    ("schedule", "start", "end", "fixed"),
    [
        ("16 de abril de 2017", (4, 16), (4, 16), True),
        ("19 y 20 de abril", (4, 19), (4, 20), True),
        ("22 al 28 de abril", (4, 22), (4, 28), True),
        ("Del 28 de marzo al 3 de abril de 2017", (3, 28), (4, 3), True),
        ("Abril 30 de 2017", (4, 30), (4, 30), True),
        ("30/11/2017", (11, 30), (11, 30), True),
        ("2017-11-30 00:00:00", (11, 30), (11, 30), True),
        ("Hasta el 30 de noviembre", (1, 1), (11, 30), True),
        ("A partir de marzo", (3, 1), (12, 31), False),
        ("Ene - Jun 2017", (1, 1), (6, 30), False),
        ("Febrero de 2017", (2, 1), (2, 28), False),
        ("Segundo semestre de 2017", (7, 1), (12, 31), False),
        ("Primer trimestre", (1, 1), (3, 31), False),
        ("Permanente", (1, 1), (12, 31), False),
        ("Cuatrimestral", (1, 1), (12, 31), False),
        ("Vigencia 2017", (1, 1), (12, 31), False),
        ("Fecha de inicio: 01/02/2017, fecha final: 30/11/2017", (2, 1), (11, 30), True),
    ],
)
def test_windows_read_for_sure(schedule: str, start: tuple[int, int], end: tuple[int, int], fixed: bool) -> None:
    window = read_schedule(schedule, 2017)
    assert (window.start, window.end) == (date(2017, *start), date(2017, *end))
    assert (window.fixed, window.doubts) == (fixed, ())


@pytest.mark.parametrize(
    "schedule",
    ["", "Por definir", "31/02/2017", "30/13/2017", "Noviembre a febrero", "dic-17", "16 de abril de 2016",
     "Cuando lo pida la comunidad", "15", "Sexto trimestre", "Elaborado: abril de 2017, Publicado: mayo de 2017"],
)  # fmt: skip
def test_dates_not_understood_say_so(schedule: str) -> None:
    window = read_schedule(schedule, 2017)
    assert window.doubts
    assert window.start <= window.end


def test_several_dates_are_a_delivery_each_and_a_problem() -> None:
    schedule = "30 de abril, 31 de agosto y 31 de diciembre de 2017"
    one, problems = read_one(replace(ROW, target="(3) informes", schedule=schedule))
    assert [step.due for step in one.steps] == [date(2017, 4, 30), date(2017, 8, 31), date(2017, 12, 31)]
    assert (one.quantity, one.every) == (1, "once")
    assert {problem.field for problem in problems} == {"schedule", "quantity"}


@pytest.mark.parametrize(
    ("target", "schedule", "every"),
    [
        ("1 informe bimestral", "2017", "two_months"),
        ("1 informe", "Cuatrimestral", "four_months"),
        ("1 informe cada semestre", "Permanente", "half_year"),
        ("Un reporte al mes", "2017", "month"),
        ("1 informe anual", "2017", "year"),
        ("100% de respuestas", "Permanente", "continuous"),
        ("1 reunión por cada evento", "2017", "event"),
        ("1 acta, máximo 5 días hábiles después de la audiencia", "2017", "event"),
        ("1 reunión", "2017", "once"),
        ("1 reunión", "Anual", "year"),
    ],
)
def test_cadences(target: str, schedule: str, every: str) -> None:
    assert read_one(replace(ROW, target=target, schedule=schedule))[0].every == every


def test_an_annual_plan_is_no_rhythm() -> None:
    one, problems = read_one(replace(ROW, text="Publicar el plan anual de adquisiciones", target="(1) plan"))
    assert (one.every, one.alternatives, problems) == ("once", (), [])
    assert not read_one(replace(ROW, target="(1) plan", schedule="Anual"))[1]


def test_a_deadline_before_the_event_counts_back() -> None:
    one, _ = read_one(replace(ROW, target="1 informe cinco (5) días hábiles antes de la audiencia"))
    assert (one.every, one.days_after, one.quantity) == ("event", -5, 1)


@pytest.mark.parametrize(
    ("target", "schedule", "keys"),
    [
        ("(4) informes", "Trimestral", ["1_por_trimestre", "4_por_trimestre"]),
        ("(5) informes", "Trimestral", ["5_en_total", "5_por_trimestre"]),
        ("(6) informes", "Semestral", ["3_por_semestre", "1_por_bimestre", "2_en_total"]),
        ("Informes publicados", "2017", ["sin_cantidad", "1_cada_vez"]),
    ],
)
def test_a_number_against_a_cadence_is_for_someone_to_decide(target: str, schedule: str, keys: list[str]) -> None:
    one, problems = read_one(replace(ROW, target=target, schedule=schedule))
    assert [offer.key for offer in one.alternatives] == keys
    assert one.confidence < 1
    assert problems


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "1 informe mensual", "schedule": "Trimestral"},
        {"target": "1 informe semanal"},
        {"target": "1 taller por cada municipio"},
        {"target": "1 respuesta en 10 días calendario después del evento"},
        {"responsible": "Todas las dependencias"},
        {"responsible": ""},
        {"responsible": "Ana, Luis y Marta"},
        {"text": ""},
    ],
)
def test_what_is_not_sure_is_a_problem(changes: dict[str, str]) -> None:
    _, problems = read_one(replace(ROW, **changes))
    assert problems


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Secretaría de Gobierno, Oficina de Prensa", ("Secretaría de Gobierno", "Oficina de Prensa")),
        ("Planeación y Control Interno", ("Planeación", "Control Interno")),
        ("Oficina TIC / Hacienda", ("Oficina TIC", "Hacienda")),
        ("Secretaría de Ambiente y Desarrollo Sostenible", ("Secretaría de Ambiente y Desarrollo Sostenible",)),
        ("Alcalde; Secretarios de despacho", ("Alcalde", "Secretarios de despacho")),
        ("Prensa y la Prensa", ("Prensa",)),
    ],
)
def test_owners(text: str, names: tuple[str, ...]) -> None:
    assert read_owners(text) == (names, ())


def test_steps_of_three() -> None:
    one, _ = read_one(replace(ROW, target="(1) Plan formulado, aprobado e implementado"))
    assert one.steps == (Step("formulado"), Step("aprobado"), Step("implementado"))


def test_numbering_of_rows_and_blocks() -> None:
    blocks = ("Subcomponente 2: Diálogo", "4. Incentivos", "Evaluación")
    rows = [replace(ROW, number=f"{at}.1", subcomponent=block) for at, block in enumerate(blocks, start=1)]
    plan = plan_of(*rows)
    read = [(one.number, one.label, one.subcomponent, one.subcomponent_title) for one in plan.activities]
    assert read == [(1, "1.1", 2, "Diálogo"), (2, "2.1", 4, "Incentivos"), (3, "3.1", 5, "Evaluación")]
    plain = plan_of(replace(ROW, number="7"), replace(ROW, number="9"))
    assert [(one.number, one.label) for one in plain.activities] == [(7, ""), (9, "")]


def test_another_entity_names_itself() -> None:
    plan = plan_of(ROW)
    assert (plan.slug, plan.entity, plan.year) == ("pasto-2017", "Alcaldía de Pasto", 2017)
    assert not plan.problems


def test_titles_that_say_little_are_a_problem() -> None:
    plan = plan_of(ROW, titles=("Plan 2016-2019",))
    assert {problem.field for problem in plan.problems} >= {"year", "entity"}
    without = plan_of(ROW, titles=())
    assert without.year == 2017
    assert {problem.field for problem in without.problems} == {"year", "entity"}


def test_no_year_and_no_rows_are_one_clear_sentence() -> None:
    with pytest.raises(PlanError, match="año"):
        plan_of(replace(ROW, schedule="Mensual"), titles=TITLES[1:])
    with pytest.raises(PlanError, match="filas"):
        plan_of()
