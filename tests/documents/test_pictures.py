"""Pictures: of the size that was said, whatever the words are; legible without colours."""

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
from documents import pictures
from documents.pictures import COLOURS, draw, size
from locales import load
from models.figures import BANDS, Counts

SPANISH, ENGLISH = load()["es"], load()["en"]
HOSTILE = ['#panic("x")', "*bold* _it_ $x$", '"]}; \\ <label> @ref', "= //* `raw`", "#import sys: *", "\u202etxet"]


def status(bars: list[dict[str, Any]], heading: Any = "Todo el plan", **total: int) -> dict[str, Any]:
    counts = {**asdict(Counts(10, 5, 2, 6, 4, 0)), **total}
    plan = {"plan": "Plan Anticorrupción", "entity": "Gobernación de Nariño", "day": "2022-05-24"}
    return {**plan, "heading": heading, "total": counts, "bars": bars}


def bar(label: Any, *counts: int) -> dict[str, Any]:
    return {"label": label, **asdict(Counts(*(counts or (4, 2, 1, 2, 2, 0))))}


def opened(figures: dict[str, Any], dark: bool = False) -> Image.Image:
    return Image.open(io.BytesIO(draw("status", figures, SPANISH, dark))).convert("RGB")


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 12, 13, 26, 60])
@pytest.mark.parametrize("provisional", [0, 3])
def test_the_size_is_known_beforehand(count: int, provisional: int) -> None:
    figures = status([bar(f"{n}. Actividad") for n in range(count)], provisional=provisional)
    assert opened(figures).size == size("status", figures)
    assert size("status", figures)[0] == 1080


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_shown_and_never_obeyed(words: str) -> None:
    figures = status([bar(words), bar(words * 20)], heading=words * 3)
    assert opened(figures).size == size("status", figures)


@settings(max_examples=25)
@given(some.text(max_size=300), some.integers(0, 10**6), some.integers(0, 10**6))
def test_any_words_and_numbers_can_be_drawn(words: str, units: int, done: int) -> None:
    done = min(done, units)
    figures = status([bar(words, units, done, done, units, done, 0), bar(words)], heading=words)
    assert draw("status", figures, SPANISH).startswith(b"\x89PNG")


def test_texts_kept_as_json_are_said_in_the_reader_s_language() -> None:
    heading = asdict(_("Actividad {number}: {title}", number=4, title="Publicar"))
    said = pictures._status(status([bar("a"), bar("b")], heading=json.loads(json.dumps(heading))), SPANISH)
    assert said["heading"] == "Actividad 4: Publicar"
    assert (said["day"], said["percent"], said["of_year"]) == ("24 de mayo de 2022", "66", "50 %")
    assert pictures._status(status([]), ENGLISH)["day"] == "24 May 2022"


def test_a_band_is_said_in_words_too() -> None:
    bars = [bar(str(done), 10, done, 0, 10, done, 0) for done in (9, 7, 1)] + [bar("", 9, 0, 0, 0, 0, 0)]
    said = pictures._status(status(bars), SPANISH)
    assert [row["class"] for row in said["bars"]] == ["alta", "media", "baja", "aún no vence"]
    assert {row["band"] for row in said["bars"]} == {band.key for band in BANDS} | {"none"}


def test_what_is_provisional_is_marked() -> None:
    assert pictures._status(status([]), SPANISH)["provisional"] == ""
    assert "3 de 10" in pictures._status(status([], provisional=3), SPANISH)["provisional"]


def test_bars_beyond_the_last_row_are_counted() -> None:
    said = pictures._status(status([bar(str(n)) for n in range(60)]), SPANISH)
    assert len(said["bars"]) == 40
    assert "20" in said["footer"]


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_their_ground(dark: bool) -> None:
    """The contrast that WCAG AA asks for: 4.5 for text, 3 for what is large or a drawing."""
    shade = {name: pair[dark] for name, pair in COLOURS.items()}
    text = [("ink", "surface"), ("quiet", "surface"), ("on-header", "header"), ("thread", "header"), ("ink", "note")]
    large = [(band.key, "surface") for band in BANDS]
    assert [pair for pair in text if contrast(shade[pair[0]], shade[pair[1]]) < 4.5] == []
    assert [pair for pair in large if contrast(shade[pair[0]], shade[pair[1]]) < 3] == []
    # Few colours: one may be a shade off, which nobody sees.
    drawn = zip(opened(status([]), dark).getpixel((1070, 800)), bytes.fromhex(shade["surface"][1:]), strict=True)
    assert max(abs(one - other) for one, other in drawn) <= 2


def contrast(one: str, other: str) -> float:
    first, second = sorted((luminance(one), luminance(other)))
    return (second + 0.05) / (first + 0.05)


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_there_is_no_drawing_by_another_name() -> None:
    with pytest.raises(KeyError):
        draw("../../etc/passwd", status([]), SPANISH)
