"""Office files and PDFs are opened in a process of their own, with a limit of memory and of time.

A small hostile file can ask for any amount of both; here it can only break the process that opened it.
It also keeps the readers' libraries out of the program that answers people.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from plans.documents.guard import Kind
from plans.documents.lines import Line, counted
from plans.terms import PlanError

MAX_MEMORY = 1024**3  # bytes
MAX_SECONDS = 120
ROOT = Path(__file__).parents[2]
BROKEN = (
    "El archivo está dañado o es demasiado complicado: ábralo en su programa, deje solo la tabla del plan, "
    "guárdelo de nuevo y envíelo otra vez."
)


def read_apart(kind: Kind, data: bytes) -> list[Line]:
    """The lines of the file. Raises PlanError if it is damaged or needs more than the limits."""
    command = [sys.executable, "-m", __name__, kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_SECONDS, cwd=ROOT, check=True)
    except subprocess.TimeoutExpired as error:
        raise PlanError(BROKEN) from error
    except subprocess.CalledProcessError as error:
        raise PlanError(BROKEN) from RuntimeError(error.stderr[-2000:].decode(errors="replace"))
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        raise PlanError(answer)
    return [Line(tuple(cells), where, table) for cells, where, table in answer]


def _reader(kind: str) -> Callable[[bytes], Iterable[Line]]:
    if kind == "docx":
        from plans.documents.word import read_docx

        return read_docx
    if kind == "xlsx":
        from plans.documents.excel import read_xlsx

        return read_xlsx
    from plans.documents.pdf import read_pdf

    return read_pdf


def main(kind: str) -> None:
    """In the other process: the file comes in, its lines (or one sentence) go out as JSON.

    Whatever else goes wrong ends the process with a traceback, which read_apart keeps as the cause.
    """
    import resource  # not on every system, and needed only here

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    answer: object
    try:
        lines = counted(_reader(kind)(sys.stdin.buffer.read()))
        answer = [(line.cells, line.where, line.table) for line in lines]
    except PlanError as error:
        answer = str(error)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
