"""Hours of a day, what may be left out, several of a list: by typing and by button."""

from __future__ import annotations

from datetime import date, time

import pytest

from conversation.messages import Heard
from conversation.questions import Answer, Hours, Maybe, Misread, Option, Several, Stale

HOURS, MAYBE = Hours("¿?"), Maybe("¿?", none="Sin límite")
SEVERAL = Several("¿?", [Option("a", "Mujeres", 1, ("mujer",)), Option("b", "Jóvenes", 2), Option("c", "Víctimas", 3)])


def heard(text: str = "", choice: str = "") -> Heard:
    return Heard(text, choice, (), date(2022, 5, 24))


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [("de 9 a 12", 9, 12), ("9:00 a 11:00", 9, 11), ("2 pm", 14, 16), ("de 2 a 5", 14, 17),
     ("8 a 10 de la mañana", 8, 10), ("14:00 a 17:00", 14, 17), ("a las 3 de la tarde", 15, 17)],
)  # fmt: skip
def test_hours(text: str, begins: int, ends: int) -> None:
    reading = HOURS.read(heard(text), None)
    assert isinstance(reading, Answer)
    assert HOURS.load(reading.stored) == (time(begins), time(ends))


@pytest.mark.parametrize("text", ["", "mañana", "de 12 a 9", "9 9", "25:00", "de 8 a 9 y a 10"])
def test_no_hours(text: str) -> None:
    assert isinstance(HOURS.read(heard(text), None), Misread)


def test_hours_by_button_and_made_up_ones() -> None:
    assert HOURS.read(heard(choice="08:00 10:00"), None) == Answer("08:00 10:00")
    assert isinstance(HOURS.read(heard(choice="x"), None), Misread)
    for stored in ("10:00 08:00", "99:00 99:30", 3, None):
        with pytest.raises(Stale):
            HOURS.load(stored)


@pytest.mark.parametrize(
    ("text", "stored"), [("no", ""), ("No hay", ""), ("sin limite", ""), ("Una chiva", "Una chiva")]
)
def test_what_may_be_left_out(text: str, stored: str) -> None:
    assert MAYBE.read(heard(text), None) == Answer(stored)
    assert MAYBE.load(stored) == stored


@pytest.mark.parametrize("text", ["", "…", "x" * 301])
def test_nothing_is_no_answer(text: str) -> None:
    assert isinstance(MAYBE.read(heard(text), None), Misread)


@pytest.mark.parametrize(
    ("text", "keys"), [("mujeres", ["a"]), ("Mujeres y jóvenes", ["a", "b"]), ("1, 3", ["a", "c"]), ("victimaz", ["c"])]
)
def test_several(text: str, keys: list[str]) -> None:
    assert SEVERAL.read(heard(text), None) == Answer(keys)


@pytest.mark.parametrize("text", ["", "perros", "mujeres y perros", "9"])
def test_what_is_not_in_the_list(text: str) -> None:
    assert isinstance(SEVERAL.read(heard(text), None), Misread)


@pytest.mark.parametrize("stored", [[], ["x"], "a", None])
def test_several_made_up(stored: object) -> None:
    with pytest.raises(Stale):
        SEVERAL.load(stored)
