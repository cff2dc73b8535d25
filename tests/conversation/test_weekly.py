"""A day of the week and an hour, the way people say them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from conversation.messages import Heard
from conversation.questions import Answer, Misread, Stale
from conversation.questions.weekly import Weekly, weekly_in_words
from conversation.texts import SOURCE, render

ASKED = Weekly("¿Cuándo?", (0, time(7, 30)), time(7), time(16, 30))


def heard(text: str = "", choice: str = "") -> Heard:
    return Heard(text, choice, (), date(2022, 5, 24))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("los viernes a las 4", "4 16:00"),
        ("Miércoles, 9:15", "2 09:15"),
        ("el jueves a las 8 y media", "3 08:30"),
        ("martes a las 2 y cuarto de la tarde", "1 14:15"),
        ("lunes 10 a.m.", "0 10:00"),
        ("viernes 4pm", "4 16:00"),
        ("a la una", "0 13:00"),
        ("a las doce", "0 12:00"),
        ("los martes", "1 07:30"),
        ("viernes 16h", "4 16:00"),
    ],
)
def test_what_is_left_out_stays_as_it_is(text: str, stored: str) -> None:
    assert ASKED.read(heard(text), None) == Answer(stored)


@pytest.mark.parametrize(
    "text",
    ["", "nunca", "los sábados a las 9", "lunes y viernes", "los lunes a las 9 de la noche", "a las 5", "6:59 am",
     "25:00", "a las 9 o a las 10", "los lunes a las 7:75"],
)  # fmt: skip
def test_nothing_at_night_or_on_weekends(text: str) -> None:
    assert isinstance(ASKED.read(heard(text), None), Misread)


def test_every_button_is_an_answer() -> None:
    for choice in ASKED.show(None).choices:
        reading = ASKED.read(heard(choice=choice.key), None)
        assert isinstance(reading, Answer)
        assert render(choice.label, SOURCE) == render(weekly_in_words(*ASKED.load(reading.stored)), SOURCE)


@pytest.mark.parametrize("stored", ["5 09:00", "0 06:59", "0 16:31", "0 99:99", "", None, 7])
def test_what_was_stored_must_still_hold(stored: object) -> None:
    with pytest.raises(Stale):
        ASKED.load(stored)


@given(some.text(max_size=60))
def test_any_words_are_read(text: str) -> None:
    reading = ASKED.read(heard(text), None)
    assert isinstance(reading, Misread) or ASKED.load(reading.stored)  # type: ignore[union-attr]
