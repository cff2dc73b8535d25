"""From what is wanted to the bytes of its file."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from documents.coverage import coverage
from documents.dossier import dossier
from documents.evaluation import evaluate
from documents.follow_up import follow_up
from documents.interactions import statistics
from documents.my_data import my_data
from documents.paper import Paper, at
from documents.print import pdf
from documents.quarterly import quarterly
from documents.spreadsheet import xlsx
from models.vault import Vault
from models.wanted import Form, Kind, Read, Wanted, as_closed

PAPERS: dict[Kind, Callable[[Read, Wanted], Paper]] = {
    "follow-up": follow_up, "quarterly": quarterly, "interactions": statistics, "coverage": coverage,
    "evaluation": evaluate,
}  # fmt: skip
MIMES: dict[Form, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf",
    "zip": "application/zip", "txt": "text/plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its bytes come while they are made, and the same ones whenever it is made of the same data.

    Who does not read them to the end closes `chunks`.
    """

    name: str
    mime: str
    chunks: Generator[bytes, None, None]


def make(
    read: Read, wanted: Wanted, vault: Vault, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Made:
    """What is wanted, frozen where its period is closed. `progress` hears how much of how much is through. Blocks."""
    if wanted.kind == "my-data":
        return Made(wanted.name, MIMES["txt"], _whole(my_data(read, wanted)))
    if not wanted.folio:
        wanted = read(lambda connection: as_closed(connection, wanted))
    if wanted.kind == "dossier":
        return Made(wanted.name, MIMES["zip"], dossier(read, wanted, vault, progress))
    paper = PAPERS[wanted.kind](read, wanted)
    frozen = f"Cifras cerradas el {at(wanted.as_of)}: no cambian." if wanted.closed else (
        "El periodo no se ha cerrado: las cifras pueden cambiar."
    )  # fmt: skip
    paper = replace(paper, notes=(*paper.notes, frozen))
    content = xlsx(paper) if wanted.form == "xlsx" else pdf(paper)
    return Made(wanted.name, MIMES[wanted.form], _whole(content))


def _whole(content: bytes) -> Generator[bytes, None, None]:
    yield content
