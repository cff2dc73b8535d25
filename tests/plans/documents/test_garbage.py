"""Whatever comes in, a document or one sentence comes out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.documents import read_document
from plans.documents.guard import take
from plans.documents.lines import Line
from plans.documents.table import assemble
from plans.terms import PlanError
from tests.plans.documents.writing import HEADER, REAL, real_pages, write_docx, write_pdf, write_xlsx

SUFFIXES = st.sampled_from([".txt", ".csv", ".tsv", ".docx", ".xlsx", ".pdf", ".doc", ""])
SAME_FOLDER = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(st.sampled_from([*HEADER, "", "Subcomponente 1: a", "1.1", "de", "la"]), st.text(max_size=12))
CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20)


@SAME_FOLDER
@given(content=st.binary(max_size=300), suffix=SUFFIXES)
def test_random_bytes(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(content)
    with contextlib.suppress(PlanError):
        read_document(path)


@given(st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=8), st.integers(0, 3)), max_size=12))
def test_random_tables_keep_what_they_say(table: list[tuple[list[str], int]]) -> None:
    """No crash, and no cell of an activity is lost: each is in its row."""
    lines = [Line(tuple(HEADER), "fila 0", 1)]
    lines += [Line(tuple(cells), f"fila {n}", number) for n, (cells, number) in enumerate(table, start=1)]
    try:
        titles, rows, problems = assemble(lines)
    except PlanError:
        return
    # In whatever column: a row that reads like a header names the columns anew.
    said = " ".join([*titles, *(part for row in rows for part in astuple(row))])
    assert all(0 <= problem.row <= len(rows) for problem in problems)
    for line in lines[1:]:
        for word in line.cells[1].split() if len(line.cells) == 6 and "Responsable" not in line.cells else []:
            assert word.strip(".)-– ") in said


@SAME_FOLDER
@given(changes=CHANGES)
def test_the_real_file_with_some_bytes_changed(changes: list[tuple[float, int]], tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(changed(REAL.read_bytes(), changes))
    with contextlib.suppress(PlanError):
        assert read_document(path).rows


@pytest.mark.parametrize(("suffix", "write"), [("docx", write_docx), ("xlsx", write_xlsx)])
def test_packages_with_some_bytes_changed(suffix: str, write: Callable[..., Path], tmp_path: Path) -> None:
    whole = write(tmp_path / f"plan.{suffix}", real_pages()).read_bytes()

    @settings(max_examples=100)
    @given(changes=CHANGES)
    def check(changes: list[tuple[float, int]]) -> None:
        path = tmp_path / f"x.{suffix}"
        path.write_bytes(changed(whole, changes))
        with contextlib.suppress(PlanError):
            take(path)

    check()


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_a_pdf_with_some_bytes_changed(changes: list[tuple[float, int]], tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(changed(write_pdf(path, real_pages()[:2]).read_bytes(), changes))
    with contextlib.suppress(PlanError):
        read_document(path)


def changed(content: bytes, changes: list[tuple[float, int]]) -> bytes:
    """The content with the bytes at these places (0..1) replaced; the first eight stay, so that it is still tried."""
    data = bytearray(content)
    for place, byte in changes:
        data[8 + int(place * (len(data) - 8))] = byte
    return bytes(data)
