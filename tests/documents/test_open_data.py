"""Open data: every row has its columns, the types are what the dictionary says, and nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from documents import open_data
from models import public, public_evidence
from models.vault import Vault
from tests.support.published import NOW, publish
from tests.support.world import open_world

ZONE = ZoneInfo("America/Bogota")
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool, int), "date": (date,),
    "datetime": (datetime,),
}  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, open_data.Rows]]:
    folder = tmp_path_factory.mktemp("data")
    world = open_world("sqlite", folder)
    vault = Vault(folder / "evidence")
    vault.prepare()
    with world.database.begin() as connection:
        publish(connection, vault, most=20)
        outline, today = public.outline(connection), NOW.date()
        assert outline
        done = public_evidence.done(connection)
        yield {
            "actividades": open_data.activities(outline),
            "dependencias": open_data.offices(outline),
            "entregables": open_data.deliverables(public.deliverables(connection), today),
            "eventos": open_data.events(public.happenings(connection)),
            "compromisos": open_data.commitments(public.promises(connection), today),
            "avances": open_data.reports(done),
            "soportes": open_data.evidence(done, "https://x"),
            "cortes": open_data.cutoffs(public.frozen(connection)),
        }
    world.close()


@pytest.mark.parametrize("name", open_data.tables())
def test_every_row_is_as_the_dictionary_says(rows: dict[str, open_data.Rows], name: str) -> None:
    fields = open_data.tables()[name].fields
    assert rows[name] or name == "cortes"
    for row in rows[name]:
        assert len(row) == len(fields)
        for value, field in zip(row, fields, strict=True):
            assert isinstance(value, (*TYPES[field.type], NoneType)), field.name


@pytest.mark.parametrize("name", open_data.tables())
def test_csv_and_json_say_the_same(rows: dict[str, open_data.Rows], name: str) -> None:
    text = open_data.as_csv(name, rows[name], ZONE).decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text)))
    whole: dict[str, Any] = json.loads(open_data.as_json(name, rows[name], ZONE, {"fecha": "2022-12-20"}))
    assert (whole["tabla"], whole["fecha"], len(whole["datos"])) == (name, "2022-12-20", len(read))
    for line, told in zip(read, whole["datos"], strict=True):
        assert list(line) == list(told)
        assert [line[key] == "" for key in line] == [told[key] in (None, "") for key in told]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1+2", "@x", "\tx"])
def test_a_text_is_no_formula(text: str) -> None:
    sent = open_data.as_csv("dependencias", [("x", text)], ZONE).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(sent)))[1] == ["x", f"'{text}"]


def test_moments_have_the_zone_of_the_entity() -> None:
    row = ("2022-T4", date(2022, 12, 31), NOW, 1, 1, 1, 1)
    assert "2022-12-20T10:00:00-05:00" in open_data.as_csv("cortes", [row], ZONE).decode()


def test_programs_find_every_table() -> None:
    package = json.loads(open_data.package({"name": "narino-2022"}, "https://x"))
    assert [one["name"] for one in package["resources"]] == list(open_data.tables())
    assert {field["type"] for one in package["resources"] for field in one["schema"]["fields"]} <= set(TYPES)


def test_the_dictionary_is_where_it_is_installed() -> None:
    assert Path(open_data.DICTIONARY).is_file()
