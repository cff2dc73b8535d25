"""Both languages say the same: the same keys, the same gaps, the same parts; and all of it is used."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.site.words import texts
from documents.open_data import tables
from tests.support.tree import ROOT

GAPS = re.compile(r"\{(\w+)\}")
SPANISH, ENGLISH = texts("es"), texts("en")
SOURCES = "".join(
    path.read_text("utf-8")
    for folder, pattern in (("templates/public", "*.html"), ("views", "*.py"), (".", "*.py"))
    for path in (ROOT / "bot" / "site" / folder).glob(pattern)
)
# Keys whose end is worked out: states, columns of a page, names of the notes.
WORKED_OUT = ("nav.", "owed.", "event.", "promise.", "activity.", "figures.key_", "verify.", "accessibility.",
              "privacy.", "channels.")  # fmt: skip


def shape(found: Any) -> Any:
    """What must be the same in both languages."""
    if isinstance(found, dict):
        return {form: shape(text) for form, text in found.items()}
    if isinstance(found, list):
        return [(shape(part["heading"]), [shape(text) for text in part["texts"]]) for part in found]
    return sorted(GAPS.findall(found))


def test_both_have_the_same_keys() -> None:
    assert set(SPANISH) == set(ENGLISH)


@pytest.mark.parametrize("key", sorted(SPANISH))
def test_both_have_the_same_gaps(key: str) -> None:
    assert shape(SPANISH[key]) == shape(ENGLISH[key])


def test_nothing_is_said_that_is_not_used() -> None:
    unused = [key for key in SPANISH if f'"{key}"' not in SOURCES and not key.startswith(WORKED_OUT)]
    assert unused == []


def test_the_dictionary_speaks_both_languages() -> None:
    for table in tables().values():
        assert set(table.meaning) == {"es", "en"}
        assert [one.name for one in table.fields if not one.meaning["es"] or not one.meaning["en"]] == []
