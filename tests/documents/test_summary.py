"""The picture of a summary: of the size that was said, legible, its words never obeyed."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from conversation.texts import _
from documents import summary
from documents.pictures import COLOURS, draw, size
from locales import load
from tests.documents.test_pictures import HOSTILE, contrast

SPANISH, ENGLISH = load()["es"], load()["en"]


def figures(parts: int = 4, late: int = 2, words: str = "Oficina", moved: int = 1) -> dict[str, Any]:
    heading = _("Así cerró {month}", month=_("mayo"))
    return {
        "plan": "Plan", "entity": words, "heading": json.loads(json.dumps(asdict(heading))), "day": "2022-06-01",
        "reports": 12, "units": 11, "late_total": 26, "waiting": 3, "soon": 4,
        "parts": [{"label": f"{n}. {words}", "units": 10, "done": 4, "due": 5, "moved": moved * (n % 2)}
                  for n in range(parts)],
        "late": [{"label": words, "count": late - n} for n in range(late)],
    }  # fmt: skip


def opened(found: dict[str, Any], dark: bool = False) -> Image.Image:
    return Image.open(io.BytesIO(draw("summary", found, SPANISH, dark))).convert("RGB")


@pytest.mark.parametrize(("parts", "late"), [(0, 0), (0, 3), (4, 0), (6, 6), (24, 40)])
def test_the_size_is_known_beforehand(parts: int, late: int) -> None:
    assert opened(figures(parts, late)).size == size("summary", figures(parts, late))


@pytest.mark.parametrize("words", [*HOSTILE, "palabra " * 40])
def test_words_are_shown_and_never_obeyed(words: str) -> None:
    assert opened(figures(words=words)).size == size("summary", figures(words=words))


@settings(max_examples=15)
@given(some.text(max_size=200), some.integers(0, 10**6), some.integers(0, 10**6))
def test_any_words_and_numbers_can_be_drawn(words: str, units: int, moved: int) -> None:
    found = figures(words=words)
    found["parts"][0] |= {"units": units, "done": min(units, moved), "moved": min(units, moved), "due": units}
    found["late"][0] |= {"count": moved}
    assert draw("summary", found, SPANISH).startswith(b"\x89PNG")


def test_it_speaks_the_reader_s_language() -> None:
    said = summary.words(figures(), SPANISH)
    assert (said["heading"], said["day"], said["reports_label"]) == (
        "Así cerró mayo", "1 de junio de 2022", "avances que llegaron",
    )  # fmt: skip
    assert summary.words(figures(), ENGLISH)["day"] == "1 June 2022"


def test_of_many_parts_those_that_moved_are_shown() -> None:
    said = summary.words(figures(parts=24), SPANISH)
    assert [part["plus"] for part in said["parts"]] == ["+1"] * 6
    assert summary.words(figures(parts=24, moved=0), SPANISH)["parts"] == []


def test_of_many_offices_the_rest_is_counted() -> None:
    said = summary.words(figures(late=9), SPANISH)
    assert [one["count"] for one in said["late"]] == [9, 8, 7, 6, 5, 4]
    assert said["footer"] == "Y 3 dependencias más con vencidos."


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_bars_stand_out_from_their_ground(dark: bool) -> None:
    shade = {name: pair[dark] for name, pair in COLOURS.items()}
    assert contrast(shade["ink"], shade["note"]) >= 4.5
    assert [name for name in ("quiet", "medium", "low") if contrast(shade[name], shade["surface"]) < 3] == []
