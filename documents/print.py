"""A paper as PDF/A-2b: letter, lying, tagged, in Spanish, to be read aloud and to be kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from documents.paper import Bar, Cell, Paper, Share, Table

TEMPLATES = Path(__file__).resolve().parent / "templates"
# PDF/A is for keeping it, PDF/UA for who has it read aloud.
STANDARDS: Any = ["a-2b", "ua-1"]
# Rows whose longest cell has fewer letters are not broken over pages.
WHOLE = 900


def pdf(paper: Paper) -> bytes:
    """The same bytes for the same paper."""
    import typst

    made = typst.compile(
        str(TEMPLATES / "paper.typ"), root=str(TEMPLATES), format="pdf", pdf_standards=STANDARDS,
        sys_inputs={"data": json.dumps(_data(paper))}, ignore_system_fonts=True, timestamp=int(paper.as_of.timestamp()),
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _data(paper: Paper) -> dict[str, Any]:
    moment = paper.as_of.astimezone(UTC)
    return {
        "title": paper.title, "entity": paper.entity, "header": paper.header, "notes": paper.notes,
        "notes_title": "Cómo leer este documento", "footer": f"{paper.entity} · {paper.title}",
        "made": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "bars_title": "Avance por subcomponente",
        "bars": [_bar(one) for one in paper.bars], "alt": _alt(paper.bars),
        "legend": {"verified": "verificado", "reported": "por verificar", "due": "meta a la fecha"},
        "tables": [_table(one) for one in paper.tables],
    }  # fmt: skip


def _bar(bar: Bar) -> dict[str, Any]:
    counts = bar.counts
    return {
        "label": bar.label, "units": counts.units, "done": counts.done, "verified": counts.verified, "due": counts.due,
        "counted": f"{counts.done} de {counts.units}",
    }  # fmt: skip


def _alt(bars: tuple[Bar, ...]) -> str:
    parts = [
        f"{one.label}: {one.counts.verified} verificados y {one.counts.done} reportados de {one.counts.units} "
        f"entregables; la meta a la fecha es {one.counts.due}."
        for one in bars
    ]
    return " ".join(("Barras.", *parts))


def _table(table: Table) -> dict[str, Any]:
    columns = [{"label": one.label, "width": one.width, "group": one.group} for one in table.columns]
    rows = [[{**_cell(cell), "keep": _fits(row)} for cell in row] for row in table.rows]
    return {"title": table.title, "note": table.note, "columns": columns, "rows": rows, "total": table.total}


def _fits(row: Sequence[Cell]) -> bool:
    """Whether a row is low enough to stay on one page."""
    return max(len(cell) if isinstance(cell, str) else 0 for cell in row) < WHOLE


def _cell(cell: Cell) -> dict[str, Any]:
    match cell:
        case Share():
            band = cell.band
            words = cell.words.replace(" ", "\N{NO-BREAK SPACE}") if band else cell.words
            return {"text": words, "band": band.key if band else None, "number": False}
        case int():
            return {"text": f"{cell:,}".replace(",", "."), "band": None, "number": True}
    return {"text": cell, "band": None, "number": False}
