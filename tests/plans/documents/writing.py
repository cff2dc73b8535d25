"""The same plan written in every format, as offices do it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import docx
import openpyxl
import typst

Page = tuple[list[str], list[list[str]]]  # titles; rows, the header first

REAL = Path(__file__).parents[2] / "data" / "plan-narino-2022.txt"
HEADER = ["Subcomponente", "Actividades", "Meta o Producto", "Recursos", "Responsable", "Fecha programada"]


def real_pages() -> list[Page]:
    """The pages of the real file: each starts with its titles and its header."""
    pages: list[Page] = [([], [])]
    for line in REAL.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if not any(cells):
            continue
        if not any(cells[1:]):
            if pages[-1][1]:
                pages.append(([], []))
            pages[-1][0].append(cells[0])
        else:
            pages[-1][1].append(cells)
    return pages


def whole_rows(rows: Sequence[Sequence[str]]) -> list[Page]:
    """One page with a title, the header and these rows."""
    return [(["Plan de prueba 2023"], [HEADER, *map(list, rows)])]


def write_text(path: Path, pages: Sequence[Page], delimiter: str = "\t", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        for titles, rows in pages:
            writer.writerows([title] for title in titles)
            writer.writerows(rows)
    return path


def write_docx(path: Path, pages: Sequence[Page], merged: bool = False) -> Path:
    """A table per page; `merged`: the first column of each block is one cell."""
    document = docx.Document()
    for titles, rows in pages:
        for title in titles:
            document.add_paragraph(title)
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        if merged:
            for first, last in blocks(rows):
                joined = table.cell(first, 0).merge(table.cell(last, 0))
                joined.text = rows[first][0]
    document.save(str(path))
    return path


def write_xlsx(path: Path, pages: Sequence[Page], merged: bool = False, sheets: bool = False) -> Path:
    """One sheet, or one per page; `merged`: titles over the whole width and the blocks of the first column."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, (titles, rows) in enumerate(pages):
        if sheets and number:
            sheet = book.create_sheet()
        for title in titles:
            sheet.append([title])
            if merged:
                sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=6)
        start = sheet.max_row + 1 if sheet.max_row > 1 or titles else 1
        for cells in rows:
            sheet.append(cells)
        if merged:
            for first, last in blocks(rows):
                sheet.merge_cells(f"A{start + first}:A{start + last}")
    book.save(path)
    return path


def write_pdf(path: Path, pages: Sequence[Page], height: int = 0) -> Path:
    """A table per page; or, given a height in cm, one that flows, its header repeated, its first column merged."""
    source = f'#set page(width: 33cm, height: {height or 22}cm, margin: 1.5cm)\n#set text(size: 9pt, lang: "es")\n'
    source += "#pagebreak()\n".join(
        "".join(f"#par({_quoted(title)})\n" for title in titles) + _typst_table(rows, merged=bool(height))
        for titles, rows in pages
    )
    path.write_bytes(typst.compile(source.encode()))
    return path


def blocks(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """(first, last) position of each block of rows: one with a heading and the empty ones below it."""
    block, found = 0, []
    for position, row in enumerate(rows):
        block += bool(row[0]) or position == 1
        found.append((block, position))
    spans = [[position for _, position in group] for _, group in groupby(found, key=lambda pair: pair[0])]
    return [(span[0], span[-1]) for span in spans]


def _typst_table(rows: Sequence[Sequence[str]], merged: bool) -> str:
    cells = []
    for first, last in blocks(rows)[1:]:
        for position in range(first, last + 1):
            texts = list(rows[position])
            if merged:
                if position == first:
                    cells.append(f"table.cell(rowspan: {last - first + 1}, {_quoted(texts[0])})")
                texts = texts[1:]
            cells += map(_quoted, texts)
    header = ", ".join(map(_quoted, rows[0]))
    return f"#table(columns: (2fr, 4fr, 3fr, 2fr, 3fr, 2fr), table.header({header}), {', '.join(cells)})\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
