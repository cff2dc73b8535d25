"""Excel workbooks: what each visible sheet shows, as text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell

from plans.documents.lines import Line, fill_down

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def read_xlsx(data: bytes) -> Iterator[Line]:
    """The rows of every visible sheet in order. Not read-only: that mode does not tell merged cells."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for number, sheet in enumerate(book.worksheets, start=1):
        if sheet.sheet_state == "visible":
            yield from fill_down(_rows(sheet, number), number)


def _rows(sheet: Any, number: int) -> Iterator[tuple[str, list[str | None]]]:
    """Only the cells that exist: a stray one in the last row must not cost a million empty ones."""
    below: set[tuple[int, int]] = set()
    wide: set[tuple[int, int]] = set()
    for area in sheet.merged_cells.ranges:
        below |= {(row, area.min_col) for row in range(area.min_row + 1, area.max_row + 1)}
        if area.max_col > area.min_col:
            wide.add((area.min_row, area.min_col))
    for row, places in groupby(sorted(sheet._cells), key=lambda place: place[0]):
        cells: list[str | None] = []
        filled: list[tuple[int, int]] = []
        for place in places:
            cells += [""] * (place[1] - 1 - len(cells))
            shown = None if place in below else _shown(sheet._cells[place])
            cells.append(shown)
            if shown or shown is None:
                filled.append(place)
        if len(filled) == 1 and filled[0] in wide:
            cells = [cells[filled[0][1] - 1]]
        yield f"hoja {number}, fila {row}", cells


def _shown(cell: Cell | MergedCell) -> str:
    """As Excel shows it: a date without its day is a month, 0.5 formatted as a percentage is 50%."""
    value = cell.value
    form = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", str(cell.number_format or "")).lower()
    if isinstance(value, date):
        if "d" in form or not ("m" in form or "y" in form):
            late = isinstance(value, datetime) and (value.hour or value.minute)
            return f"{value:%d/%m/%Y %H:%M}" if late else f"{value:%d/%m/%Y}"
        return f"{MONTHS[value.month - 1]} de {value.year}" if "m" in form else str(value.year)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value * 100:.10g}%" if "%" in form else f"{value:.15g}"
    return "" if value is None else str(value)
