"""Lines → rows: columns by name, headings, page breaks, and what a person must decide."""

from __future__ import annotations

import pytest

from plans.documents.columns import field_of, find_header
from plans.documents.lines import Line
from plans.documents.sentences import goes_on, split_number
from plans.documents.table import assemble
from plans.terms import PlanError, Problem, Row

HEADER = "Subcomponente|Actividades|Meta o Producto|Recursos|Responsable|Fecha programada"


def lines(*texts: str, table: int = 1) -> list[Line]:
    """Lines as in "a|b|c", numbered from 1."""
    return [Line(tuple(text.split("|")), f"fila {n}", table) for n, text in enumerate(texts, start=1)]


def rows_of(*texts: str) -> tuple[Row, ...]:
    return assemble(lines(*texts))[1]


def doubts_of(*texts: str) -> list[tuple[int, str]]:
    return [(problem.row, problem.field) for problem in assemble(lines(*texts))[2]]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Subcomponente/proceso", "subcomponent"),
        ("SUB-COMPONENTES", "subcomponent"),
        ("Subcomponete", "subcomponent"),
        ("Actividades programadas", "text"),
        ("Descripción de la actividad", "text"),
        ("ACTIVDADES", "text"),
        ("Actividades realizadas", ""),
        ("Meta o producto", "target"),
        ("Meta/Producto", "target"),
        ("Meta 2024", "target"),
        ("Indicador", "indicator"),
        ("Responsable(s)", "responsible"),
        ("Reponsable", "responsible"),
        ("Dependencia responsable", "responsible"),
        ("Responsable de seguimiento", ""),
        ("Fecha programada", "schedule"),
        ("fehca programada", "schedule"),
        ("Plazo", "schedule"),
        ("Recursos", "resources"),
        ("No.", "number"),
        ("Nº", "number"),
        ("#", "number"),
        ("Ítem", "number"),
        ("% de avance", ""),
        ("Observaciones", ""),
        ("Todas las Dependencias", ""),
        ("Publicar un producto", ""),
        ("Subcomponente 1: Informar", ""),
    ],
)
def test_a_label_names_its_column(label: str, field: str) -> None:
    assert field_of(label) == field


def test_a_row_of_the_plan_is_no_header() -> None:
    assert find_header(("", "Entregar productos", "Una (1) actividad", "Todas las Dependencias", "2022")) is None


def test_columns_in_another_order_with_other_names_and_strangers() -> None:
    (row,) = rows_of(
        "Plazo|Observaciones|Dependencia responsable|Meta/Producto|Actividades programadas|Subcomponente/proceso",
        "Permanente|Ninguna|Planeación|100%|1.2 Publicar el plan|Diálogo",
    )
    assert row == Row("1.2", "Diálogo", "Publicar el plan", "100%", "", "Planeación", "Permanente", "fila 2")


def test_the_follow_up_format_is_read_by_what_was_planned() -> None:
    (row,) = rows_of(
        "Subcomponente/proceso|Actividades programadas|Actividades realizadas|Meta/producto|Responsable|"
        "Fecha programada|% de avance|Observaciones",
        "Información|Publicar boletín|Se publicó el 3|4 boletines|Prensa|Trimestral|25|Va bien",
    )
    assert (row.text, row.target, row.schedule) == ("Publicar boletín", "4 boletines", "Trimestral")


def test_number_in_an_unnamed_column_beside_the_activity() -> None:
    header = "Subcomponente|Actividades||Meta o Producto|Recursos|Responsable|Fecha"
    (row,) = rows_of(header, "Diálogo|2.1|Realizar foros|2 foros|Propios|TIC|Mayo")
    assert (row.number, row.text, row.target) == ("2.1", "Realizar foros", "2 foros")


def test_number_column() -> None:
    rows = rows_of("No.|" + HEADER, "7|A|Realizar foros|2|x|TIC|Mayo", "8||2 foros más|2|x|TIC|Junio")
    assert [(row.number, row.text) for row in rows] == [("7", "Realizar foros"), ("8", "2 foros más")]


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("1.1 Publicar", "1.1", "Publicar"),
        ("1.1. Publicar", "1.1", "Publicar"),
        ("1.1.12-Publicar", "1.1.12", "Publicar"),
        ("3) “Publicar”", "3", "“Publicar”"),
        ("12. Publicar", "12", "Publicar"),
        ("1.1", "1.1", ""),
        ("3 reuniones", "", "3 reuniones"),
        ("(4) Informes", "", "(4) Informes"),
        ("2.500 familias", "", "2.500 familias"),
        ("3.5% de avance", "", "3.5% de avance"),
        ("16.04.2017 Publicar", "", "16.04.2017 Publicar"),
    ],
)
def test_only_numbering_is_taken_from_the_text(text: str, number: str, rest: str) -> None:
    assert split_number(text) == (number, rest)


def test_headings_are_carried_down_also_when_alone_in_their_row() -> None:
    rows = rows_of(
        HEADER,
        "Información|Publicar|1|x|TIC|Mayo",
        "|Difundir|1|x|TIC|Mayo",
        "Diálogo|||||",
        "|Realizar foro|1|x|TIC|Mayo",
        "Subcomponente 3: Control",
        "|Medir|1|x|TIC|Mayo",
    )
    assert [row.subcomponent for row in rows] == [
        "Información", "Información", "Diálogo", "Subcomponente 3: Control"
    ]  # fmt: skip


def test_a_text_alone_between_two_rows_is_told() -> None:
    titles, rows, problems = assemble(
        lines(HEADER, "A|Publicar|1|x|TIC|Mayo", "que nadie sabe de dónde salió", "|Medir|1|x|TIC|Mayo")
    )
    assert [row.text for row in rows] == ["Publicar", "Medir"]
    assert titles == ("que nadie sabe de dónde salió",)
    assert problems == (
        Problem(
            0, "table", "que nadie sabe de dónde salió", "El texto de fila 3 está solo; no se leyó como actividad."
        ),
    )


def test_a_complete_row_after_a_page_break_stands_alone() -> None:
    rows = rows_of(HEADER, "A|Publicar lo de|1|x|TIC|Mayo", "PLAN 2022", HEADER, "|Medir la|2|x|Prensa|Junio")
    assert [row.text for row in rows] == ["Publicar lo de", "Medir la"]


def test_an_incomplete_new_activity_after_a_page_break_is_kept_and_told() -> None:
    texts = (HEADER, "A|Publicar todo|1|x|TIC|Mayo", "PLAN 2022", HEADER, "|Medir la satisfacción|||Prensa|")
    assert [row.text for row in rows_of(*texts)] == ["Publicar todo", "Medir la satisfacción"]
    assert doubts_of(*texts) == [(2, "target"), (2, "schedule")]


def test_a_doubtful_join_is_told() -> None:
    texts = (HEADER, "A|Publicar en el Portal|1|x|TIC|Mayo", "PLAN 2022", HEADER, "|Único del Estado||||")
    (row,) = rows_of(*texts)
    assert row.text == "Publicar en el Portal Único del Estado"
    assert doubts_of(*texts) == [(1, "text")]


def test_without_a_page_break_nothing_is_joined() -> None:
    texts = (HEADER, "A|Publicar quejas,|1|x|TIC|Mayo", "|reclamos o denuncias||||")
    assert [row.text for row in rows_of(*texts)] == ["Publicar quejas,", "reclamos o denuncias"]
    assert doubts_of(*texts) == [(2, "target"), (2, "responsible"), (2, "schedule")]


def test_a_numbered_row_is_never_the_rest_of_another() -> None:
    texts = (HEADER, "A|1.1 Publicar quejas,|1|x|TIC|Mayo", "PLAN 2022", HEADER, "|1.2 reclamos||||")
    assert [row.number for row in rows_of(*texts)] == ["1.1", "1.2"]


def test_a_heading_cut_by_the_page_is_one_again() -> None:
    rows = rows_of(
        HEADER,
        "Subcomponente 1: Informar con calidad y en|Publicar todo lo|1|x|TIC|Mayo",
        "PLAN 2022",
        HEADER,
        "lenguaje claro|que haya||||",
        "lenguaje claro|Medir|1|x|TIC|Mayo",
    )
    assert {row.subcomponent for row in rows} == {"Subcomponente 1: Informar con calidad y en lenguaje claro"}
    assert [row.text for row in rows] == ["Publicar todo lo que haya", "Medir"]


@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [
        ("quejas,", "reclamos", "on"),
        ("La entidad", "respecto", "on"),
        ("Secretaría de", "Planeación", "on"),
        ("Paz y Derechos", "Humanos", "perhaps"),
        ("publicar todo", "medir todo", "perhaps"),
        ("Publicar todo.", "y medir", "perhaps"),
        ("Publicar todo", "Medir todo", "no"),
        ("Publicar todo.", "Humanos", "no"),
        ("", "respecto", "no"),
    ],
)
def test_whether_a_sentence_goes_on(before: str, after: str, goes: str) -> None:
    assert goes_on(before, after) == goes


def test_missing_columns_and_second_bests_are_told_once() -> None:
    texts = ("Proceso|Actividad|Indicador|Responsable", "A|Publicar|Publicados|TIC", "|Medir|Medidas|TIC")
    rows = rows_of(*texts)
    assert [(row.subcomponent, row.target, row.schedule) for row in rows] == [
        ("A", "Publicados", ""),
        ("A", "Medidas", ""),
    ]
    assert doubts_of(*texts) == [(0, "subcomponent"), (0, "target"), (0, "resources"), (0, "schedule")]


def test_several_columns_for_one_thing() -> None:
    texts = (
        "Subcomponente|Actividad|Meta|Producto|Recursos|Responsable|Dependencia|Fecha de inicio|Fecha de terminación",
        "A|Publicar|4|boletines|x|Ana|Prensa|01/02/2022|31/12/2022",
    )
    (row,) = rows_of(*texts)
    assert (row.target, row.responsible, row.schedule) == ("4 boletines", "Ana", "01/02/2022 a 31/12/2022")
    assert doubts_of(*texts) == [(0, "target"), (0, "responsible")]


def test_a_table_without_header_goes_on_if_it_is_as_wide() -> None:
    first = lines(HEADER, "A|Publicar|1|x|TIC|Mayo")
    same, other = lines("|Medir|1|x|TIC|Mayo", table=2), lines("Elaboró: Ana|Revisó: Eva|Aprobó: Luz", table=3)
    titles, rows, problems = assemble([*first, *same, *other])
    assert [row.text for row in rows] == ["Publicar", "Medir"]
    assert titles == ("Elaboró: Ana Revisó: Eva Aprobó: Luz",)
    assert [(problem.row, problem.field) for problem in problems] == [(0, "table")]


def test_several_components_are_told() -> None:
    row = "A|Publicar|1|x|TIC|Mayo"
    assert doubts_of("COMPONENTE 1: Riesgos", HEADER, row, "COMPONENTE 3: Rendición", HEADER, row) == [(0, "component")]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["hola", "a|b|c"], "No se encontró un plan"),
        (["Actividades|Meta|Fecha", "Publicar|1|Mayo"], "No se encontró un plan"),
        (["Actividades|Responsable", "Publicar|TIC"], "No se encontró un plan"),
        ([HEADER, "Fuente: la Gobernación"], "no tiene ninguna actividad"),
    ],
)
def test_not_a_plan(texts: list[str], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        assemble(lines(*texts))
