"""Lines of cells → the rows of the plan: headings carried down, page breaks mended, doubts told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from plans.documents.columns import SPANISH, Header, find_header, plain, values
from plans.documents.lines import Line
from plans.documents.sentences import Goes, goes_on, split_number
from plans.terms import PlanError, Problem, Row

NO_TABLE = (
    "No se encontró un plan en el archivo: hace falta una tabla con columnas de actividades, responsable "
    "y meta o fecha."
)
NO_ROWS = "La tabla del plan no tiene ninguna actividad: revise que el archivo esté completo."
# A row without one of these cannot be counted (a column the whole table lacks is told once).
NEEDED = ("text", "target", "responsible", "schedule")
OF_ACTIVITY = (*NEEDED, "resources")


@dataclass(slots=True)
class _Part:
    """A row while it may still grow. `block`: position of its heading, -1 = none."""

    cells: dict[str, str]
    block: int
    where: str


@dataclass(slots=True)
class _Reading:
    """What has been read so far.

    broken        a title, a header or another table came after the last row
    heading_cell  the last cell of the first column as it stands: the rest of a heading, where a page cut it
    """

    widths: dict[int, int]
    header: Header | None = None
    table: int = 0
    broken: bool = False
    titles: dict[str, None] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    heading_cell: str = ""
    parts: list[_Part] = field(default_factory=list)
    problems: dict[Problem, None] = field(default_factory=dict)

    def doubt(self, row: int, name: str, text: str, message: str) -> None:
        self.problems[Problem(row, name, text, message)] = None


def assemble(lines: Sequence[Line]) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[Problem, ...]]:
    """Titles, rows and problems of a document. Raises PlanError if no table of it is a plan."""
    widths: dict[int, int] = {}
    for line in lines:
        widths[line.table] = max(widths.get(line.table, 0), len(line.cells))
    reading = _Reading(widths)
    # For each line, whether past the lines of one cell a row of the table comes next, and not a header.
    row_next, coming = [False] * len(lines), False
    for index in range(len(lines) - 1, -1, -1):
        row_next[index] = coming
        if sum(map(bool, lines[index].cells)) > 1:
            coming = find_header(lines[index].cells) is None
    for line, before_row in zip(lines, row_next, strict=True):
        _take(reading, line, before_row)
    if reading.header is None:
        raise PlanError(NO_TABLE)
    if not reading.parts:
        raise PlanError(NO_ROWS)
    _check(reading)
    rows = tuple(_row(part, reading.headings) for part in reading.parts)
    return tuple(reading.titles), rows, tuple(sorted(reading.problems, key=lambda problem: problem.row))


def _take(reading: _Reading, line: Line, before_row: bool) -> None:
    header = find_header(line.cells)
    if header is not None:
        reading.header, reading.table, reading.broken = header, line.table, True
        reading.problems |= dict.fromkeys(header.problems)
        return
    filled = [column for column, cell in enumerate(line.cells) if cell]
    said = " ".join(line.cells[column] for column in filled)
    if not _belongs(reading, line):
        if reading.header and line.table and len(filled) > 2:
            reading.doubt(0, "table", said, f"No se leyó la tabla de {line.where}: no tiene encabezado.")
        _title(reading, said)
        return
    if line.table != reading.table:
        reading.table, reading.broken = line.table, True
    assert reading.header is not None
    activity = {column for name in OF_ACTIVITY for column in reading.header.columns.get(name, ())}
    if len(line.cells) == 1 or (len(filled) == 1 and filled[0] not in activity):
        _alone(reading, line, said, before_row)
    else:
        _data(reading, line, values(reading.header, line.cells))


def _belongs(reading: _Reading, line: Line) -> bool:
    """A table without a header goes on with the one before if as wide; a line of text belongs to none."""
    if reading.header is None or not line.table:
        return False
    return line.table == reading.table or reading.widths[line.table] == reading.widths[reading.table]


def _title(reading: _Reading, said: str) -> None:
    reading.titles[said] = None
    reading.broken = True
    if _names_block(said):
        _heading(reading, said)


def _names_block(text: str) -> bool:
    return re.match(r"sub[ -]?componente\W+\w", plain(text)) is not None


def _alone(reading: _Reading, line: Line, said: str, before_row: bool) -> None:
    """One text by itself in the table: a page title, the heading of a block, or something to ask about."""
    assert reading.header is not None
    named = reading.header.columns.get("subcomponent")
    column = line.cells.index(said)
    heads = column in named and len(line.cells) > 1 if named else column == 0
    if _names_block(said) or said == reading.heading_cell:
        _heading(reading, said)
    elif said in reading.titles or not before_row:
        _title(reading, said)
    elif heads:
        _heading(reading, said)
    else:
        _title(reading, said)
        reading.doubt(0, "table", said, f"El texto de {line.where} está solo; no se leyó como actividad.")


def _heading(reading: _Reading, text: str) -> None:
    """A new block, the same one named again, or the rest of a heading cut by a page break."""
    last = reading.headings[-1] if reading.headings else ""
    if text in (last, reading.heading_cell):
        return
    reading.heading_cell = text
    goes = goes_on(last, text) if reading.broken and not _names_block(text) else "no"
    if goes == "on" or (goes == "perhaps" and _names_block(last)):
        reading.headings[-1] = f"{last} {text}"
        if goes == "perhaps":
            reading.doubt(0, "subcomponent", text, f"Se unió «{text}» al título «{last}»: confírmelo.")
    else:
        reading.headings.append(text)


def _data(reading: _Reading, line: Line, cells: dict[str, str]) -> None:
    blocks = len(reading.headings)
    if cells.get("subcomponent"):
        _heading(reading, cells["subcomponent"])
    if not cells.get("number"):
        cells["number"], cells["text"] = split_number(cells["text"])
    may_join = reading.broken and reading.parts and not cells["number"] and len(reading.headings) == blocks
    goes = _goes_on(reading.parts[-1].cells, cells) if may_join else "no"
    reading.broken = False
    if goes == "no":
        reading.parts.append(_Part(cells, len(reading.headings) - 1, line.where))
        return
    whole = reading.parts[-1].cells
    for name in OF_ACTIVITY:
        if cells.get(name):
            whole[name] = f"{whole.get(name, '')} {cells[name]}".strip()
    if goes == "perhaps":
        said = " ".join(cells[name] for name in OF_ACTIVITY if cells.get(name))
        message = f"Se unió con esta actividad lo que dice {line.where}, cortado por la página: confírmelo."
        reading.doubt(len(reading.parts), "text", said, message)


def _goes_on(before: dict[str, str], cells: dict[str, str]) -> Goes:
    """Whether a row at the top of a page is the rest of the one before.

    A row with every cell is one of its own, unless each of them goes on in the middle of a sentence.
    """
    goes = {name: goes_on(before.get(name, ""), cells[name]) for name in OF_ACTIVITY if cells.get(name)}
    every_on = set(goes.values()) == {"on"}
    if all(cells[name] for name in NEEDED if name in cells):
        return "perhaps" if every_on else "no"
    if not cells["text"]:
        return "on" if every_on else "perhaps"
    return "perhaps" if goes["text"] == "on" and "no" in goes.values() else goes["text"]


def _check(reading: _Reading) -> None:
    for number, part in enumerate(reading.parts, start=1):
        for name in NEEDED:
            if not part.cells.get(name, "?"):
                message = f"La actividad {number} ({part.where}) no dice {SPANISH[name]}."
                reading.doubt(number, name, "", message)
    said = " ".join(map(plain, reading.titles))
    components = set(re.findall(r"\bcomponente (\d{1,2})\b", said))
    if len(components) > 1:
        named = ", ".join(sorted(components, key=int))
        reading.doubt(0, "component", named, f"El documento trae varios componentes: {named}.")


def _row(part: _Part, headings: Sequence[str]) -> Row:
    cells = part.cells
    return Row(
        number=cells["number"],
        subcomponent=headings[part.block] if part.block >= 0 else "",
        text=cells["text"],
        target=cells.get("target", ""),
        resources=cells.get("resources", ""),
        responsible=cells["responsible"],
        schedule=cells.get("schedule", ""),
        source=part.where,
    )
