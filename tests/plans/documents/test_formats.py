"""What is particular to each format."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from plans.documents import read_document
from plans.documents.delimited import read_text
from plans.documents.excel import read_xlsx
from plans.documents.word import read_docx
from tests.plans.documents.writing import whole_rows, write_pdf


def saved(book_or_document: openpyxl.Workbook | docx.document.Document) -> bytes:
    file = io.BytesIO()
    book_or_document.save(file)
    return file.getvalue()


def test_quotes_hold_a_cell_with_line_breaks_together() -> None:
    lines = read_text(b'Actividad;Meta;Responsable\n"Publicar;\nsiempre ""todo""";1;TIC\nMedir;2;TIC\n')
    assert [(line.cells[0], line.where) for line in lines[1:]] == [
        ('Publicar; siempre "todo"', "línea 2"),
        ("Medir", "línea 4"),
    ]


def test_quotes_that_belong_to_the_text_stay() -> None:
    lines = read_text('Actividad\tMeta\tResponsable\n"Mi Nariño" avanza\t1\tTIC\nEl "Plan\t2\tTIC\n'.encode())
    assert [line.cells[0] for line in lines[1:]] == ['"Mi Nariño" avanza', 'El "Plan']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_offices_use(encoding: str) -> None:
    lines = read_text("Actividad,Meta,Responsable\r\n¿Señalización?,“1”,TIC".encode(encoding))
    assert lines[1].cells == ("¿Señalización?", "“1”", "TIC")


def test_a_form_feed_is_a_page_break() -> None:
    lines = read_text(b"Actividad\tMeta\tResponsable\nPublicar\t1\tTIC\n\fMedir\t1\tTIC\n")
    assert [line.table for line in lines] == [1, 1, 2]


def test_what_excel_shows() -> None:
    """Dates in a workbook have no zone."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for value, form in [
        (dt.datetime(2022, 11, 30), "dd/mm/yyyy"),  # noqa: DTZ001
        (dt.datetime(2022, 12, 1), "mmm-yy"),  # noqa: DTZ001
        (dt.date(2022, 12, 1), 'd "de" mmmm'),
        (dt.datetime(2022, 1, 1), "[$-240A]yyyy"),  # noqa: DTZ001
        (dt.datetime(2022, 5, 4, 15, 30), "dd/mm/yyyy hh:mm"),  # noqa: DTZ001
        (0.55, "0%"),
        (4.0, "General"),
        (1.1, "General"),
        ("  dos\nlíneas\u200b ", "General"),
    ]:
        sheet.append([value])
        sheet.cell(sheet.max_row, 1).number_format = form
    assert [line.cells[0] for line in read_xlsx(saved(book))] == [
        "30/11/2022", "diciembre de 2022", "01/12/2022", "2022", "04/05/2022 15:30", "55%", "4", "1.1", "dos líneas"
    ]  # fmt: skip


def test_excel_merged_cells_hidden_sheets_and_strays() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["Título", "", ""], ["A", "uno", "x"], ["", "dos", ""], ["", "", ""]):
        sheet.append(cells)
    for area in ("A1:C1", "A2:A4", "C2:C3"):
        sheet.merge_cells(area)
    sheet["A1048576"] = "lejos"
    hidden = book.create_sheet()
    hidden.append(["oculto"])
    hidden.sheet_state = "hidden"
    assert [(line.cells, line.where) for line in read_xlsx(saved(book))] == [
        (("Título",), "hoja 1, fila 1"),
        (("A", "uno", "x"), "hoja 1, fila 2"),
        (("A", "dos", "x"), "hoja 1, fila 3"),
        (("lejos",), "hoja 1, fila 1048576"),
    ]


def test_word_merged_cells_page_header_and_paragraphs() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "PLAN 2023"
    document.add_paragraph("Componente 3")
    table = document.add_table(4, 3)
    for row, texts in zip(table.rows, ["T--", "Ab-", "-cd", "-ef"], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text.strip("-")
    table.cell(0, 0).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(3, 0))
    table.cell(1, 1).merge(table.cell(1, 2))
    document.add_paragraph("Al final")
    assert [line.cells for line in read_docx(saved(document))] == [
        ("PLAN 2023",), ("Componente 3",), ("T",), ("A", "b", ""), ("A", "c", "d"), ("A", "e", "f"), ("Al final",)
    ]  # fmt: skip


def test_word_shows_what_is_on_the_page() -> None:
    """Inserted text, content controls and links are on it; deleted and moved text are not."""
    document = docx.Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>uno</w:t><w:tab/></w:r>"
            "<w:ins><w:r><w:t>dos</w:t></w:r></w:ins><w:del><w:r><w:delText>no</w:delText></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>no</w:t></w:r></w:moveFrom>"
            "<w:hyperlink><w:r><w:br/><w:t>tres</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert [line.cells for line in read_docx(saved(document))] == [("uno dos tres",)]


def test_several_tables_in_word_with_a_heading_before_each(tmp_path: Path) -> None:
    document = docx.Document()
    for number in (1, 2):
        document.add_paragraph(f"Subcomponente {number}: bloque")
        table = document.add_table(2, 4)
        for column, (label, text) in enumerate(
            [("Actividad", f"1.{number} Publicar"), ("Meta", "1"), ("Responsable", "TIC"), ("Plazo", "Mayo")]
        ):
            table.cell(0, column).text, table.cell(1, column).text = label, text
    document.save(str(tmp_path / "plan.docx"))
    rows = read_document(tmp_path / "plan.docx").rows
    assert [(row.number, row.subcomponent, row.source) for row in rows] == [
        ("1.1", "Subcomponente 1: bloque", "tabla 1, fila 2"),
        ("1.2", "Subcomponente 2: bloque", "tabla 2, fila 2"),
    ]


def test_pdf_says_page_and_row(tmp_path: Path) -> None:
    rows = [["Diálogo", "Realizar foros", "2", "x", "TIC", "Mayo"], ["", "Medir", "", "x", "TIC", "Mayo"]]
    document = read_document(write_pdf(tmp_path / "plan.pdf", whole_rows(rows)))
    assert [(row.text, row.source) for row in document.rows] == [
        ("Realizar foros", "página 1, fila 2"),
        ("Medir", "página 1, fila 3"),
    ]
    assert document.titles == ("Plan de prueba 2023",)
    assert [(problem.row, problem.field) for problem in document.problems] == [(2, "target")]
