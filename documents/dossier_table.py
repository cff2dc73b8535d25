"""The reports of a dossier as a spreadsheet, written row by row: one of any length takes no memory."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from documents.dossier_pages import STATES
from documents.spreadsheet import FONT, LETTER, LONGEST
from models.cut_off import Standing
from models.dossiers import Filed
from models.wanted import Wanted

COLUMNS = (
    ("Folio", 26), ("Versión", 8), ("Actividad", 9), ("Entregable", 24), ("Dependencia", 36), ("Cuenta", 8),
    ("Qué se hizo", 60), ("Hecho el", 12), ("Recibido", 18), ("Canal", 10), ("Reportó", 26), ("Estado", 18),
    ("Revisó", 26), ("Motivo", 36), ("Soportes", 9),
)  # fmt: skip
# A sheet has room for 1,048,576 rows.
FULL = 1_000_000


class Reports:
    """A spreadsheet at `path`; what people wrote is text, never a formula."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        import xlsxwriter

        self._path, self._wanted, self._row = path, wanted, 0
        self._book = xlsxwriter.Workbook(
            str(path),
            {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
             "strings_to_urls": False},
        )  # fmt: skip
        self._book.set_properties({"title": "Avances", "created": wanted.as_of.replace(tzinfo=None)})
        self._head = self._book.add_format({**FONT, "bold": True, "bg_color": "#0F4634", "font_color": "#FFFFFF"})
        self._cell = self._book.add_format({**FONT, "valign": "top"})
        self._sheet = self._begin()

    def add(self, duty: Standing, office: str, filed: Filed, items: int) -> None:
        """One report."""
        if self._row >= FULL:
            self._sheet, self._row = self._begin(), 0
        self._row += 1
        named = self._wanted.names
        cells: tuple[str | int, ...] = (
            filed.folio, filed.version, duty.number, duty.known.code, office, filed.quantity, filed.account,
            filed.done_on.isoformat(), f"{filed.received_at.astimezone(self._wanted.as_of.tzinfo):%Y-%m-%d %H:%M}",
            filed.channel, filed.author if named else "", STATES[filed.outcome], filed.by if named else "",
            filed.reason, items,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, column, cell[:LONGEST], self._cell)
            else:
                self._sheet.write_number(self._row, column, cell, self._cell)

    def close(self) -> None:
        """End it; more than once does nothing."""
        if not self._book.fileclosed:
            self._book.close()

    def closed(self) -> AbstractContextManager[BinaryIO]:
        """The whole file, once nothing more comes."""
        self.close()
        return self._path.open("rb")

    def _begin(self) -> Any:
        sheet = self._book.add_worksheet()
        sheet.set_landscape()
        sheet.set_paper(LETTER)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 1)
        for column, (label, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self._head)
        return sheet
