"""The municipalities of the department: DANE code, name, subregion, everyday names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Municipality:
    """One row of municipalities.tsv; `code` is the DANE (DIVIPOLA) code."""

    code: str
    name: str
    subregion: str
    aliases: tuple[str, ...]


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All of them, in the order of their codes."""
    with files("plans").joinpath("municipalities.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return tuple(
            Municipality(
                row["divipola"], row["municipio"], row["subregion"], tuple(filter(None, row["alias"].split(";")))
            )
            for row in rows
        )
