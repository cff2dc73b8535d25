"""A paper as a spreadsheet for Excel and LibreOffice. What people wrote is written as text, never as a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from documents.paper import Cell, Column, Paper, Share, Table, said
from models.figures import BANDS

LETTER = 1
COLOURS = {"high": "#CDEBDB", "medium": "#FBE6BD", "low": "#F8D3CE"}
# More letters than these do not fit into a cell.
LONGEST = 32_767
FONT = {"font_name": "Arial", "font_size": 9}
# A spreadsheet measures columns in digits of a larger font.
DIGITS = 0.8
# Points: a line of that font, and the highest row there is.
LINE, HIGHEST = 12.5, 409


def xlsx(paper: Paper) -> bytes:
    """The same bytes for the same paper."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": paper.title, "author": paper.entity, "created": paper.as_of.replace(tzinfo=None), "comments": ""}
    )
    formats = _formats(book)
    for table in paper.tables:
        _sheet(book.add_worksheet(table.name), paper, table, formats)
    notes = book.add_worksheet("Notas")
    _page(notes, paper, "Notas")
    notes.set_column(0, 0, 110 * DIGITS)
    for row, line in enumerate((paper.title, *paper.notes)):
        notes.set_row(row, _height((line,), (Column("", 110),)) + 6)
        notes.write_string(row, 0, line, formats["title" if row == 0 else "note"])
    book.close()
    return file.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {**FONT, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#B9C2BC"}
    head = {**cell, "bold": True, "bg_color": "#0F4634", "font_color": "#FFFFFF", "valign": "vcenter"}
    made = {
        "title": {**FONT, "bold": True, "font_size": 14, "text_wrap": True, "valign": "vcenter"},
        "fact": {**FONT, "text_wrap": True, "valign": "top"},
        "note": {**FONT, "text_wrap": True, "valign": "top", "italic": True},
        "head": {**head, "align": "center"},
        "text": cell,
        "number": {**cell, "num_format": "#,##0"},
        "text total": {**cell, "bold": True, "top": 2},
        "number total": {**cell, "bold": True, "top": 2, "num_format": "#,##0"},
    }
    for band in BANDS:
        shown = {**cell, "bg_color": COLOURS[band.key], "num_format": f'0" % · {said(band.word)}"', "align": "center"}
        made |= {band.key: shown, f"{band.key} total": {**shown, "bold": True, "top": 2}}
    return {name: book.add_format(wanted) for name, wanted in made.items()}


def _page(sheet: Any, paper: Paper, name: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(LETTER)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{_printed(paper.title)} · {name}&R&8&P de &N")


def _printed(text: str) -> str:
    return text.replace("&", "&&")


def _sheet(sheet: Any, paper: Paper, table: Table, formats: dict[str, Any]) -> None:
    """Title, header in lines of three facts, and the table, whose heading stays in view and on every page."""
    _page(sheet, paper, table.name)
    last = len(table.columns) - 1
    for at_, column in enumerate(table.columns):
        sheet.set_column(at_, at_, column.width * DIGITS)
    _across(sheet, 0, 0, last, f"{paper.title}. {table.title}" if table.title else paper.title, formats["title"])
    sheet.set_row(0, 24)
    row = 1
    for start in range(0, len(paper.header), 3):
        facts = [f"{label}: {value}" for label, value in paper.header[start : start + 3]]
        for fact, (left, right) in zip(facts, _thirds(table.columns), strict=False):
            _across(sheet, row, left, right, fact, formats["fact"])
        sheet.set_row(row, 28)
        row += 1
    if table.note:
        _across(sheet, row, 0, last, table.note, formats["note"])
        sheet.set_row(row, 30)
        row += 1
    body = _heading(sheet, row, table.columns, formats["head"])
    sheet.freeze_panes(body, 0)
    sheet.repeat_rows(row, body - 1)
    for at_, cells in enumerate(table.rows, body):
        style = " total" if table.total and at_ == body + len(table.rows) - 1 else ""
        sheet.set_row(at_, _height(cells, table.columns))
        for place, cell in enumerate(cells):
            _write(sheet, at_, place, cell, formats, style)
    if not table.rows:
        _across(sheet, body, 0, last, "No hay nada que mostrar.", formats["text"])
    elif not any(column.group for column in table.columns):
        sheet.autofilter(row, 0, body + len(table.rows) - 1 - table.total, last)


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> float:
    """In points: nobody else works it out for a file that was not made by hand."""
    lines = (
        sum(-(-max(len(line), 1) // column.width) for line in cell.splitlines() or [""])
        for cell, column in zip(cells, columns, strict=True)
        if isinstance(cell, str)
    )
    return min(max(lines, default=1) * LINE + 4, HIGHEST)


def _across(sheet: Any, row: int, left: int, right: int, text: str, style: Any) -> None:
    if right > left:
        sheet.merge_range(row, left, row, right, "", style)
    sheet.write_string(row, left, text[:LONGEST], style)


def _thirds(columns: Sequence[Column]) -> list[tuple[int, int]]:
    """Three runs of columns of about the same width; fewer where there are fewer columns."""
    total, seen, left = sum(column.width for column in columns), 0, 0
    runs: list[tuple[int, int]] = []
    for at_, column in enumerate(columns):
        seen += column.width
        if seen * 3 >= total * (len(runs) + 1) or at_ == len(columns) - 1:
            runs.append((left, at_))
            left = at_ + 1
    return runs


def _heading(sheet: Any, row: int, columns: Sequence[Column], style: Any) -> int:
    """One line, or two where columns share a heading; returns the row below."""
    grouped = any(column.group for column in columns)
    for at_, column in enumerate(columns):
        if not grouped:
            sheet.write_string(row, at_, column.label, style)
        elif not column.group:
            sheet.merge_range(row, at_, row + 1, at_, "", style)
            sheet.write_string(row, at_, column.label, style)
        else:
            sheet.write_string(row + 1, at_, column.label, style)
    for group in dict.fromkeys(column.group for column in columns if column.group):
        places = [at_ for at_, column in enumerate(columns) if column.group == group]
        _across(sheet, row, places[0], places[-1], group, style)
    sheet.set_row(row, 18 if grouped else 30)
    if grouped:
        sheet.set_row(row + 1, 30)
    return row + 2 if grouped else row + 1


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], style: str) -> None:
    match cell:
        case Share() if cell.band:
            sheet.write_number(row, column, cell.percent, formats[cell.band.key + style])
        case Share():
            sheet.write_string(row, column, cell.words, formats["text" + style])
        case int():
            sheet.write_number(row, column, cell, formats["number" + style])
        case str():
            sheet.write_string(row, column, cell[:LONGEST], formats["text" + style])
