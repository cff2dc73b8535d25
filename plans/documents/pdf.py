"""PDF documents: the ruled tables of every page, and the lines of text around them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

from plans.documents.lines import Line, fill_down, fold
from plans.terms import PlanError

MAX_PAGES = 200
TOLERANCE = 1.0  # points by which the edges of neighbouring cells may differ


def read_pdf(data: bytes) -> Iterator[Line]:
    """Page by page, from top to bottom; each table of each page counts as one of its own."""
    try:
        document = pdfplumber.open(io.BytesIO(data))
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise PlanError("El PDF está protegido con contraseña: quítesela y vuelva a enviarlo.") from error
        raise PlanError("El PDF está dañado o incompleto: guárdelo de nuevo y envíelo otra vez.") from error
    with document:
        if len(document.pages) > MAX_PAGES:
            raise PlanError(f"El PDF tiene más de {MAX_PAGES} páginas: envíe solo las de la tabla del plan.")
        tables, letters = 0, 0
        for page in document.pages:
            letters += len(page.chars)
            found = page.find_tables()
            blocks: list[tuple[float, Table | str]] = [(table.bbox[1], table) for table in found]
            blocks += _outside(page, found)
            for _, block in sorted(blocks, key=lambda placed: placed[0]):
                if isinstance(block, str):
                    yield Line((block,), f"página {page.page_number}")
                else:
                    tables += 1
                    yield from fill_down(_rows(block, page.page_number), tables)
            page.close()
    if not letters:
        raise PlanError("El PDF no tiene texto, quizá es una foto o un escaneo: envíe el documento original.")


def _outside(page: Page, tables: list[Table]) -> list[tuple[float, Table | str]]:
    def is_outside(thing: dict[str, Any]) -> bool:
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

    boxes = [table.bbox for table in tables]
    lines = page.filter(is_outside).extract_text_lines(return_chars=False)
    return [(line["top"], fold(line["text"])) for line in lines if fold(line["text"])]


def _rows(table: Table, page: int) -> Iterator[tuple[str, list[str | None]]]:
    """A place without a cell of its own lies under a taller cell (None) or right of a wider one ("")."""
    reach: dict[int, float] = {}
    for number, (row, texts) in enumerate(zip(table.rows, table.extract(), strict=True), start=1):
        cells: list[str | None] = []
        own = [box for box in row.cells if box]
        if len(own) == 1 and own[0][2] - own[0][0] > table.bbox[2] - table.bbox[0] - TOLERANCE:
            yield f"página {page}, fila {number}", [next(filter(None, texts), "")]
            continue
        for column, (box, text) in enumerate(zip(row.cells, texts, strict=True)):
            if box:
                reach[column] = box[3]
                cells.append(text or "")
            else:
                cells.append(None if reach.get(column, 0.0) > row.bbox[1] + TOLERANCE else "")
        yield f"página {page}, fila {number}", cells
