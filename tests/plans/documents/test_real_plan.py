"""The real plan, and the same plan in every other format, give the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from plans.documents import read_document
from plans.documents.pdf import read_pdf
from plans.documents.table import assemble
from plans.terms import Document, Row
from tests.plans.documents.writing import (
    HEADER,
    REAL,
    Page,
    real_pages,
    write_docx,
    write_pdf,
    write_text,
    write_xlsx,
)  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Document:
    return read_document(REAL)


def unplaced(rows: tuple[Row, ...]) -> list[Row]:
    return [replace(row, source="") for row in rows]


def joined(document: Document) -> list[Page]:
    """The plan as it would be without page breaks: one header, and each heading once."""
    rows, heading = [HEADER], ""
    for row in document.rows:
        first = row.subcomponent if row.subcomponent != heading else ""
        heading = row.subcomponent
        rows.append([first, row.text, row.target, row.resources, row.responsible, row.schedule])
    return [(["PLAN 2022"], rows)]


def test_twenty_four_rows_in_four_blocks(real: Document) -> None:
    blocks = [(heading, len(list(rows))) for heading, rows in groupby(real.rows, lambda row: row.subcomponent)]
    assert [count for _, count in blocks] == [9, 5, 6, 4]
    assert [heading[:16] for heading, _ in blocks] == [f"Subcomponente {n}:" for n in (1, 2, 3, 6)]
    assert real.problems == ()
    assert all(row.number == "" and row.resources == "Funcionamiento" for row in real.rows)
    assert real.name == REAL.name
    assert real.sha256 == hashlib.sha256(REAL.read_bytes()).hexdigest()


def test_a_row_cut_by_the_page_is_one_again(real: Document) -> None:
    fourth, after, cut = real.rows[3], real.rows[4], real.rows[22]
    assert fourth.text == (
        "Difundir el espacio de participación ciudadana que se encuentra en la página web de la Gobernación "
        "relacionada con los temas recurrentes de las peticiones, quejas, reclamos o denuncias recibidas en "
        "las dependencias, a través de redes sociales institucionales."
    )
    assert (fourth.source, after.source) == ("línea 24", "línea 32")
    assert cut.text == (
        "Diseñar e implementar una estrategia de divulgación de los avances de la entidad respecto a la "
        "implementación del Acuerdo de Paz, bajo los lineamientos del Sistema de Rendición de Cuentas a por "
        "parte del DAFP."
    )
    assert cut.target == (
        "(1) Estrategia de divulgación diseñada e implementada, sobre los avances en la implementación de los "
        "acuerdos de paz."
    )
    assert cut.responsible == (
        "Secretaría de Gobierno y la Subsecretaría de Paz y Derechos Humanos / Prensa y comunicaciones"
    )
    assert cut.schedule == "Diciembre de 2022"


def test_every_word_of_the_file_is_kept_once(real: Document) -> None:
    """Nothing is lost or doubled: titles once, headings once, every cell."""
    said = [*real.titles, *dict.fromkeys(row.subcomponent for row in real.rows)]
    for row in real.rows:
        said += [row.text, row.target, row.resources, row.responsible, row.schedule]
    lines = REAL.read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("Subcomponente\t")]
    titles = dict.fromkeys(line.strip() for line in wanted if not any(line.split("\t")[1:]))
    cells = [*titles, *(line for line in wanted if any(line.split("\t")[1:]))]
    assert sorted(" ".join(said).split()) == sorted(" ".join(cells).split())


def test_titles_stand_as_written_and_once(real: Document) -> None:
    assert real.titles == (
        "PLAN ANTICORRUPCIÓN Y DE ATENCIÓN AL CIUDADANO",
        "GOBERNACIÓN DE NARIÑO",
        "2022",
        "COMPONENTE 3: RENCIDICIÓN DE CUENTAS",
        "Gobernación",
        "de Nariño",
        "¡EN DEFENSA DE LO NUESTRO!",
        "PLAN ANTICORRUPCIÓN Y DE ATENCIÓN AL CIUDADANO - GOBERNACIÓN DE NARIÑO 2022",
        "COMPONENTE 3: RENDICION DE CUENTAS",
    )


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("semicolons.csv", lambda path, pages: write_text(path, pages, ";")),
        ("commas.csv", lambda path, pages: write_text(path, pages, ",", "cp1252")),
        ("tabs.csv", lambda path, pages: write_text(path, pages, "\t", "utf-8-sig")),
        ("tabs.tsv", lambda path, pages: write_text(path, pages, "\t", "utf-16")),
        ("pages.docx", write_docx),
        ("merged.docx", lambda path, pages: write_docx(path, pages, merged=True)),
        ("one_sheet.xlsx", write_xlsx),
        ("merged.xlsx", lambda path, pages: write_xlsx(path, pages, merged=True)),
        ("sheets.xlsx", lambda path, pages: write_xlsx(path, pages, sheets=True)),
        ("pages.PDF", write_pdf),
    ],
)
def test_same_pages_in_another_format(
    name: str, write: Callable[[Path, list[Page]], Path], real: Document, tmp_path: Path
) -> None:
    document = read_document(write(tmp_path / name, real_pages()))
    assert unplaced(document.rows) == unplaced(real.rows)
    assert document.titles == real.titles
    assert document.problems == ()


@pytest.mark.parametrize("write", [write_docx, write_xlsx])
def test_one_table_with_merged_blocks(write: Callable[..., Path], real: Document, tmp_path: Path) -> None:
    suffix = write.__name__.removeprefix("write_")
    document = read_document(write(tmp_path / f"plan.{suffix}", joined(real), merged=True))
    assert unplaced(document.rows) == unplaced(real.rows)


@pytest.mark.parametrize("height", [12, 15, 19])
def test_pdf_rows_and_headings_cut_by_any_page(height: int, real: Document, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "plan.pdf", joined(real), height=height)
    _, rows, problems = assemble(list(read_pdf(path.read_bytes())))
    assert unplaced(rows) == unplaced(real.rows)
    assert rows[-1].source.startswith("página ")
    assert all("confírmelo" in problem.message for problem in problems)
