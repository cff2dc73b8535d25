"""Word documents, read from their XML so that nothing on the page is left out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx

from plans.documents.lines import Line, fill_down, fold

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that is not on the page: deleted, moved elsewhere, or a second copy for older programs.
UNSEEN = {
    f"{WORD}del", f"{WORD}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}  # fmt: skip


def read_docx(data: bytes) -> Iterator[Line]:
    """The page headers' text first, each once, then paragraphs and tables in order."""
    document = docx.Document(io.BytesIO(data))
    said: set[str] = set()
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            for paragraph in header._element.iter(f"{WORD}p"):
                text = fold(_text(paragraph))
                if text and text not in said:
                    said.add(text)
                    yield Line((text,), "encabezado de página")
    tables = 0
    for number, block in enumerate(_blocks(document.element.body, "p", "tbl"), start=1):
        if block.tag == f"{WORD}tbl":
            tables += 1
            yield from fill_down(_rows(block, tables), tables)
        elif text := fold(_text(block)):
            yield Line((text,), f"párrafo {number}")


def _blocks(parent: Any, *names: str) -> Iterator[Any]:
    """The children with these names, also inside content controls, but not inside one another."""
    for child in parent:
        if child.tag in {WORD + name for name in names}:
            yield child
        elif child.tag not in UNSEEN:
            yield from _blocks(child, *names)


def _rows(table: Any, number: int) -> Iterator[tuple[str, list[str | None]]]:
    for position, row in enumerate(_blocks(table, "tr"), start=1):
        if row.find(f"{WORD}trPr/{WORD}del") is not None:
            continue
        cells: list[str | None] = [""] * _measure(row.find(f"{WORD}trPr/{WORD}gridBefore"), 0)
        own = list(_blocks(row, "tc"))
        for cell in own:
            merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            below = merge is not None and merge.get(f"{WORD}val", "continue") == "continue"
            span = 1 if len(own) == 1 else _measure(cell.find(f"{WORD}tcPr/{WORD}gridSpan"), 1)
            cells += [None if below else _text(cell), *[""] * (span - 1)]
        yield f"tabla {number}, fila {position}", cells


def _measure(element: Any, otherwise: int) -> int:
    return otherwise if element is None else min(int(element.get(f"{WORD}val")), 63)


def _text(element: Any) -> str:
    if element.tag in UNSEEN:
        return ""
    if element.tag == f"{WORD}t":
        return element.text or ""
    if element.tag in (f"{WORD}tab", f"{WORD}br", f"{WORD}cr"):
        return " "
    if element.tag == f"{WORD}noBreakHyphen":
        return "-"
    text = "".join(_text(child) for child in element)
    return f"{text}\n" if element.tag == f"{WORD}p" else text
