"""The plan as open data: tables in CSV (RFC 4180) and JSON, described by open_data.yaml and a datapackage.json."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import yaml

from models.public import Deliverable, Frozen, Happening, Outline, Promise
from models.public_evidence import Done

DICTIONARY = Path(__file__).with_suffix(".yaml")
# A spreadsheet takes what begins like this for a formula: whoever opens the file must not run what people wrote.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, its type (Table Schema), and what it means by language."""

    name: str
    type: str
    meaning: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables, what it holds by language, and its columns."""

    name: str
    meaning: dict[str, str]
    fields: tuple[Field, ...]


@cache
def tables() -> dict[str, Table]:
    """All of them, by name."""
    read = yaml.safe_load(DICTIONARY.read_text("utf-8"))
    return {
        name: Table(
            name, {"es": one["es"], "en": one["en"]},
            tuple(Field(column, kind, {"es": es, "en": en}) for column, kind, es, en in one["fields"]),
        )
        for name, one in read.items()
    }  # fmt: skip


def activities(outline: Outline) -> Rows:
    """Table actividades."""
    return [
        (row.number, row.title, row.subcomponent, row.subcomponent_title, row.text, row.target, row.responsible,
         row.schedule)
        for row in outline.activities.values()
    ]  # fmt: skip


def offices(outline: Outline) -> Rows:
    """Table dependencias."""
    return list(outline.offices.items())


def deliverables(found: Sequence[Deliverable], today: date) -> Rows:
    """Table entregables."""
    return [
        (one.code, one.number, one.office, one.lead, one.period, one.topic, one.starts, one.due, one.target, one.unit,
         one.units, one.done, one.verified, one.provisional, one.state(today))
        for one in found
    ]  # fmt: skip


def events(found: Sequence[Happening]) -> Rows:
    """Table eventos."""
    return [
        (one.key, one.kind, one.state, one.title, one.office, one.day, one.starts_at, one.ends_at, one.municipality,
         one.place, one.lat, one.lng, one.link, ";".join(one.groups), one.conclusions, one.conclusions_at)
        for one in found
    ]  # fmt: skip


def commitments(found: Sequence[Promise], today: date) -> Rows:
    """Table compromisos."""
    return [
        (one.key, one.text, one.office, one.due, one.made_at, one.kept_at, one.event, one.municipality,
         one.state(today))
        for one in found
    ]  # fmt: skip


def reports(found: Sequence[Done]) -> Rows:
    """Table avances."""
    return [
        (one.folio, one.number, one.office, one.period, one.quantity, one.done_on, one.verified_at, one.account,
         one.held_back)
        for one in found
    ]  # fmt: skip


def evidence(found: Sequence[Done], base: str) -> Rows:
    """Table soportes; `base`: the site's address."""
    return [
        (one.folio, piece.id, piece.shown, piece.sha256, piece.size or None,
         f"{base}/foto/{piece.id}.jpg" if piece.shown == "photo" else piece.link, piece.sent_at)
        for one in found
        for piece in one.pieces
    ]  # fmt: skip


def cutoffs(found: Sequence[Frozen]) -> Rows:
    """Table cortes."""
    return [
        (one.key, one.day, one.at, one.counts.units, one.counts.due, one.counts.done_due, one.counts.verified_due)
        for one in found
    ]  # fmt: skip


def as_csv(name: str, rows: Rows, zone: ZoneInfo) -> bytes:
    """UTF-8 with a byte order mark, without which Excel reads accents wrongly; an empty cell is no value.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([field.name for field in tables()[name].fields])
    writer.writerows([_cell(value, zone) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_json(name: str, rows: Rows, zone: ZoneInfo, head: dict[str, Any]) -> bytes:
    """An object: what `head` tells, and "datos", an object for each row."""
    names = [field.name for field in tables()[name].fields]
    data = [dict(zip(names, (_plain(value, zone) for value in row), strict=True)) for row in rows]
    return orjson.dumps({**head, "tabla": name, "datos": data})


def package(head: dict[str, Any], base: str) -> bytes:
    """The dictionary for programs: a datapackage.json (Frictionless Data)."""
    resources = [
        {
            "name": table.name, "path": f"{base}/datos/{table.name}.csv", "description": table.meaning["es"],
            "encoding": "utf-8", "format": "csv",
            "schema": {
                "fields": [
                    {"name": one.name, "type": one.type, "description": one.meaning["es"]} for one in table.fields
                ]
            },
        }
        for table in tables().values()
    ]  # fmt: skip
    return orjson.dumps({**head, "resources": resources}, option=orjson.OPT_INDENT_2)


def _plain(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone).replace(microsecond=0).isoformat() if isinstance(value, datetime) else value


def _cell(value: Any, zone: ZoneInfo) -> Any:
    value = _plain(value, zone)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
