"""A plan document → its rows, literally. What the rows mean is decided elsewhere (plans/readings)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from plans.documents.apart import read_apart
from plans.documents.delimited import read_text
from plans.documents.guard import take
from plans.documents.lines import fold
from plans.documents.table import assemble
from plans.terms import Document

__all__ = ["read_document"]


def read_document(path: Path) -> Document:
    """The plan in a .txt, .tsv, .csv, .docx, .xlsx or .pdf file of at most 20 MB.

    Raises PlanError, one Spanish sentence, where there is no file, no plan in it, or it must not be opened.
    """
    kind, data = take(path)
    lines = read_text(data) if kind == "text" else read_apart(kind, data)
    titles, rows, problems = assemble(lines)
    return Document(fold(path.name), hashlib.sha256(data).hexdigest(), titles, rows, problems)
