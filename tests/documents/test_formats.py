"""The figures of the formats are those an independent count gives; what people wrote stays text; twice is the same."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pdfplumber
import pytest
from openpyxl import Workbook, load_workbook

from documents.making import PAPERS, make
from models.vault import Vault
from models.wanted import Kind, Wanted
from tests.documents.conftest import HOSTILE, ZONE, Year
from tests.documents.counting import counted, line
from tests.support.machine import program

CUT = Wanted("follow-up", "xlsx", "narino-2022", "2022-04-30", datetime(2022, 5, 13, 17, 0, tzinfo=ZONE))
PERIODS: dict[Kind, str] = {
    "follow-up": "2022-04-30", "quarterly": "2022-T1", "interactions": "2022-S1", "coverage": "2022-T1",
    "evaluation": "2022",
}  # fmt: skip


def made(year: Year, wanted: Wanted, vault: Vault) -> bytes:
    return b"".join(make(year.read, wanted, vault).chunks)


@pytest.fixture
def vault(tmp_path) -> Vault:
    return Vault(tmp_path)


@pytest.mark.parametrize(
    "known", [CUT.as_of, datetime(2022, 9, 14, 17, tzinfo=ZONE), datetime(2023, 1, 16, 17, tzinfo=ZONE)]
)
def test_the_figures_are_those_of_an_independent_count(year: Year, vault: Vault, known: datetime) -> None:
    """At each of the three cut-offs of the year, as they are known ten business days later."""
    cut = {5: date(2022, 4, 30), 9: date(2022, 8, 31), 1: date(2022, 12, 31)}[known.month]
    rows = counted(year, datetime(cut.year, cut.month, cut.day, 23, 59, 59, 999999, tzinfo=ZONE), known)
    parts = {part: [row for row in rows if part in (0, row.part)] for part in (0, *{row.part for row in rows})}
    book = load_workbook(io.BytesIO(made(year, replace(CUT, period=cut.isoformat(), as_of=known), vault)))
    told = {0 if row[0] == "Todo el plan" else int(row[0].partition(".")[0]): list(row[1:7]) for row in figures(book)}
    assert told == {part: line(mine, cut) for part, mine in parts.items()}
    units, due, done, checked, *_shares = told[0]
    assert 0 < checked < done < units
    assert due < units or known.month == 1


def figures(book: Workbook) -> list[tuple[object, ...]]:
    return [row for row in book["Resumen"].iter_rows(values_only=True) if isinstance(row[1], int)]


def test_the_format_has_its_header_and_columns(year: Year, vault: Vault) -> None:
    sheet = load_workbook(io.BytesIO(made(year, CUT, vault)))["Seguimiento"]
    texts = [str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row if cell.value]
    for fact in ("Entidad: Gobernación de Nariño", "Vigencia: 2022", "Fecha de publicación: 13 de mayo de 2022",
                 "Componente: Componente 3: Rendición de Cuentas", "Seguimiento n.º: 1",
                 "Fecha de corte: 30 de abril de 2022"):  # fmt: skip
        assert fact in texts
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(place for place, row in enumerate(rows) if row[0] == "Subcomponente / proceso")
    assert rows[at] == [
        "Subcomponente / proceso", "Actividades programadas", "Actividades realizadas", "Meta / producto",
        "Responsable", "Fecha programada", "% de avance", None, "Observaciones",
    ]  # fmt: skip
    assert rows[at + 1][6:8] == ["oficial (verificado)", "provisional (reportado)"]
    assert [str(row[1]).partition(".")[0] for row in rows[at + 2 :]] == [str(number) for number in range(1, 25)]
    assert sheet.freeze_panes == f"A{at + 3}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 1)


def test_bands_classify_the_unrounded_value_and_show_it_floored() -> None:
    from documents.paper import Share

    assert [Share(done, 1000).words for done in (599, 600, 799, 800)] == [
        "59 % · baja", "60 % · media", "79 % · media", "80 % · alta"
    ]  # fmt: skip
    assert (Share(0, 0).words, Share(0, 0).percent) == ("aún no vence", None)


@pytest.mark.parametrize("kind", PERIODS)
def test_text_is_never_a_formula_and_twice_is_the_same(year: Year, vault: Vault, kind: Kind) -> None:
    wanted = replace(CUT, kind=kind, period=PERIODS[kind])
    content = made(year, wanted, vault)
    assert content == made(year, wanted, vault)
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    if kind == "follow-up":
        assert any(HOSTILE in str(cell.value) for cell in cells)


@pytest.mark.parametrize("kind", PERIODS)
def test_the_pdf_is_for_keeping_and_reading_aloud(year: Year, vault: Vault, kind: Kind) -> None:
    wanted = replace(CUT, kind=kind, form="pdf", period=PERIODS[kind])
    content = made(year, wanted, vault)
    assert content == made(year, wanted, vault)
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in content
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", content)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        assert pdf.doc.catalog["Lang"] in (b"es-CO", "es-CO")
        title = PAPERS[kind](year.read, wanted).title
        words = pdf.pages[0].extract_text()
        assert title in words
        assert f"Página 1 de {len(pdf.pages)}" in words
        assert {(round(page.width), round(page.height)) for page in pdf.pages} == {(792, 612)}


def test_what_is_drawn_is_also_said(year: Year, vault: Vault) -> None:
    content = made(year, replace(CUT, form="pdf"), vault)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        alts = [element.alt_text for element in walk(pdf.structure_tree) if element.type == "Figure"]
    assert any(alt and alt.startswith("Barras. 1. Informar avances") for alt in alts)


def test_the_bands_are_seen(year: Year, vault: Vault) -> None:
    content = made(year, replace(CUT, form="pdf"), vault)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        seen = colours(pdf)
    assert {(248, 211, 206), (205, 235, 219)} & seen
    assert (15, 70, 52) in seen


def colours(pdf: pdfplumber.PDF) -> set[tuple[int, ...]]:
    """What its pages are painted with, the first two."""
    pictures = [page.to_image(resolution=40).original.convert("RGB") for page in pdf.pages[:2]]
    return {colour for picture in pictures for _count, colour in picture.getcolors(1 << 20)}


OVERALL = r"oficial \d+ % · \w+ \(\d+ de \d+\); provisional \d+ % · \w+ \(\d+ de \d+\)"


# One year is enough: it takes seconds.
@pytest.mark.parametrize("year", [7], indirect=True)
def test_libreoffice_shows_what_the_pdf_shows(year: Year, vault: Vault, tmp_path: Path) -> None:
    soffice = program("soffice", "libreoffice-calc-nogui")
    (tmp_path / "one.xlsx").write_bytes(made(year, CUT, vault))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    call = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "one.xlsx"),
    ]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    told, painted = [], []
    for content in ((tmp_path / "one.pdf").read_bytes(), made(year, replace(CUT, form="pdf"), vault)):
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            words = " ".join(page.extract_text() for page in pdf.pages).replace("\xa0", " ")
            painted.append(colours(pdf))
        told.append((re.search(OVERALL, words), set(re.findall(r"\d+ % · (?:alta|media|baja)", words))))
    assert told[0][0]
    assert told[1][0]
    assert (told[0][0][0], told[0][1]) == (told[1][0][0], told[1][1])
    bands = {(248, 211, 206), (251, 230, 189), (205, 235, 219)}
    assert painted[0] & bands == painted[1] & bands != set()


def walk(elements):
    for element in elements:
        one = Struct(element) if isinstance(element, dict) else element
        yield one
        yield from walk(one.children)


class Struct:
    """An element of pdfplumber's tree as it comes as JSON."""

    def __init__(self, raw: dict) -> None:
        self.type, self.alt_text, self.children = raw.get("type"), raw.get("alt_text"), raw.get("children", [])
