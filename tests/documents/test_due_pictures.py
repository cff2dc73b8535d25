"""Pictures of what is missing: of the size that was said, readable without colours, their words never obeyed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from documents import heat, timeline
from documents.pictures import COLOURS, draw, size
from locales import load
from tests.documents.test_pictures import HOSTILE, contrast

SPANISH, ENGLISH = load()["es"], load()["en"]
HEAD = {"plan": "Plan", "entity": "Gobernación", "heading": "Quién falta", "day": "2022-05-24", "total": 9}


def offices(count: int, words: str = "Prensa", months: int = 12) -> dict[str, Any]:
    names = [f"2022-{month:02}" for month in range(1, months + 1)]
    cells = {name: [3, n % 3, n % 2] for n, name in enumerate(names)}
    return {**HEAD, "months": names, "rows": [{"label": words, "cells": cells} for _ in range(count)]}


def days(count: int, items: int = 2, more: int = 0, words: str = "4. Difundir") -> dict[str, Any]:
    one = {"label": words, "who": words, "count": 2}
    return {**HEAD, "days": [{"day": f"2022-05-{n + 15}", "items": [one] * items, "more": more} for n in range(count)]}


def drawn(drawing: str, figures: dict[str, Any], dark: bool = False) -> Image.Image:
    return Image.open(io.BytesIO(draw(drawing, figures, SPANISH, dark))).convert("RGB")


@pytest.mark.parametrize("figures", [offices(0, months=0), offices(1, months=1), offices(26), offices(60)])
def test_the_size_of_a_heat_map_is_known_beforehand(figures: dict[str, Any]) -> None:
    assert drawn("heat", figures).size == size("heat", figures)


@pytest.mark.parametrize("figures", [days(0), days(1), days(3, 4, 2), days(14, 1)])
def test_the_size_of_a_timeline_is_known_beforehand(figures: dict[str, Any]) -> None:
    assert drawn("timeline", figures).size == size("timeline", figures)


@pytest.mark.parametrize("words", [*HOSTILE, "palabra " * 30])
def test_words_are_shown_and_never_obeyed(words: str) -> None:
    for drawing, figures in (("heat", offices(2, words)), ("timeline", days(2, words=words))):
        assert drawn(drawing, figures).size == size(drawing, figures)


@settings(max_examples=10)
@given(some.text(max_size=100), some.integers(0, 10**5))
def test_any_words_and_numbers_can_be_drawn(words: str, n: int) -> None:
    figures = offices(2, words)
    figures["rows"][0]["cells"]["2022-05"] = [n, n, n]
    assert draw("heat", figures, SPANISH).startswith(b"\x89PNG")
    figures = days(2, words=words)
    figures["days"][0]["items"][0]["count"] = n
    assert draw("timeline", figures, SPANISH).startswith(b"\x89PNG")


def test_a_cell_is_told_by_its_kind_and_number() -> None:
    cells = {"2022-04": [5, 3, 2], "2022-05": [5, 3, 0], "2022-06": [5, 0, 0]}
    figures = {
        **HEAD,
        "months": [f"2022-{month:02}" for month in range(4, 8)],
        "rows": [{"label": "a", "cells": cells}],
    }
    said = heat.words(figures, SPANISH)
    assert [(one["kind"], one["count"]) for one in said["rows"][0]["cells"]] == [
        ("late", "2"), ("open", "3"), ("done", ""), ("none", ""),
    ]  # fmt: skip
    assert (said["months"], said["now"]) == (["A", "M", "J", "J"], 1)


def test_what_does_not_fit_is_counted() -> None:
    assert heat.words(offices(33), SPANISH)["footer"] == "Y 3 dependencias más."
    assert timeline.words(days(7), SPANISH)["footer"] == "Y 1 fecha más que no se muestra."
    assert timeline.words(days(1, more=2), SPANISH)["days"][0]["more"] == "y 2 actividades más"


def test_how_far_a_day_is_is_said() -> None:
    figures = {**HEAD, "days": [{"day": f"2022-05-{day}", "items": [], "more": 0} for day in (23, 24, 26)]}
    assert [(day["far"], day["late"]) for day in timeline.words(figures, SPANISH)["days"]] == [
        ("hace 1 día", True), ("hoy", False), ("en 2 días", False),
    ]  # fmt: skip
    assert timeline.words(figures, ENGLISH)["day"] == "24 May 2022"


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_their_ground(dark: bool) -> None:
    shade = {name: pair[dark] for name, pair in COLOURS.items()}
    assert contrast(shade["surface"], shade["low"]) >= 4.5
    assert min(contrast(shade[name], shade["surface"]) for name in ("low", "high", "quiet")) >= 3
