"""What every reader hands to the table: lines of cells, and where each one stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plans.terms import PlanError

MAX_LINES = 20_000
MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, or one line of running text.

    cells  whitespace folded, left to right; a row merged into one, or a line of text, has a single one
    where  for people: "línea 23", "hoja 1, fila 4"
    table  number of the table (or sheet) of the file it stands in, 0 = outside any
    """

    cells: tuple[str, ...]
    where: str
    table: int = 0


def fold(text: str) -> str:
    """The text in one line: runs of whitespace become one space, invisible characters vanish."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def fill_down(rows: Iterable[tuple[str, Sequence[str | None]]], table: int) -> Iterator[Line]:
    """Lines of one table out of (where, cells). A None lies under a merged cell and repeats its text.

    A row without any text of its own is only the height of a merged cell: it is left out.
    """
    above: dict[int, str] = {}
    for where, cells in rows:
        own = {column: fold(cell) for column, cell in enumerate(cells) if cell is not None}
        above |= own
        if any(own.values()):
            yield Line(tuple(above.get(column, "") for column in range(len(cells))), where, table)


def counted(lines: Iterable[Line]) -> list[Line]:
    """All the lines, or PlanError where no plan could be that long."""
    kept: list[Line] = []
    cells = 0
    for line in lines:
        kept.append(line)
        cells += len(line.cells)
        if len(kept) > MAX_LINES or cells > MAX_CELLS:
            raise PlanError(
                f"El archivo tiene más de {MAX_LINES} filas o {MAX_CELLS} celdas: "
                "deje solo la tabla del plan y vuelva a enviarlo."
            )
    return kept
