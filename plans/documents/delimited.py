"""Text files: tab-separated pages (.txt, .tsv) and .csv with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Literal

from plans.documents.columns import find_header
from plans.documents.lines import Line, counted, fold
from plans.terms import PlanError

SPANISH_MARKS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
SPANISH = SPANISH_MARKS | frozenset("¿¡°ºª«»“”‘’–—•·…€´§²³®©\xa0\xad")
# UTF-8 read as Latin-1 and saved again: "Ã³" for "ó", "Â¿" for "¿".
GARBLED = re.compile("Ã[\x80-\xbf“”‘’‚„†‡ˆ‰Š‹ŒŽ•–—˜™š›œžŸƒ]|Â[\xa1-\xbf]|\ufffd")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
ENCODING = "Las letras del archivo no se leen bien: guárdelo de nuevo como texto UTF-8."


def read_text(data: bytes) -> list[Line]:
    """The lines of a text file; the table number goes up at each form feed. PlanError if it is not text."""
    text = decode(data)
    for delimiter in "\t;,":
        lines = _lines(text, delimiter)
        if any(find_header(line.cells) for line in lines):
            return lines
    return _lines(text, "\t")


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252 where that gives Spanish; PlanError for the rest."""
    try:
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("cp1252", errors="replace")
        foreign = {c for c in text if not c.isascii()}
        if not foreign <= SPANISH or not foreign & SPANISH_MARKS:
            raise PlanError(ENCODING) from error
    if CONTROL.search(text):
        raise PlanError("El archivo no es de texto o está dañado: guárdelo de nuevo como texto UTF-8.")
    if GARBLED.search(text):
        raise PlanError(ENCODING)
    return text


def _lines(text: str, delimiter: str) -> list[Line]:
    """Quotes hold a cell together only where all are used so; otherwise they are part of what it says."""
    try:
        return counted(_split(text, delimiter, csv.QUOTE_MINIMAL))
    except csv.Error:
        pass
    try:
        return counted(_split(text, delimiter, csv.QUOTE_NONE))
    except csv.Error as error:
        raise PlanError("Una celda del archivo es demasiado larga para un plan: revíselo.") from error


def _split(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, quoting=quoting, strict=True)
    start, page = 1, 1
    for row in rows:
        page += "\f" in "".join(row)
        cells = tuple(fold(cell) for cell in row)
        if any(cells):
            yield Line(cells, f"línea {start}", page)
        start = rows.line_num + 1
