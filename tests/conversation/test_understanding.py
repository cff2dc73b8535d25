"""What people type is forgiven, and what is doubtful stays a doubt."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.understanding import best, coming, day, fold, number

TODAY = date(2022, 5, 24)  # a Tuesday
OFFICES = {
    "prensa": ("Prensa y comunicaciones", "prensa", "comunicaciones"),
    "tic": ("Secretaría TIC, Innovación y Gobierno Abierto", "tic"),
    "gobierno": ("Secretaría de Gobierno", "gobierno"),
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("prensa", ["prensa"]),
        ("PRENSA!", ["prensa"]),
        ("presna", ["prensa"]),
        ("comunicasiones", ["prensa"]),
        ("secretaria tic innovacion", ["tic"]),
        ("secretaría", ["tic", "gobierno"]),
        ("gobierno", ["gobierno"]),
        ("hacienda", []),
        ("", []),
        ("?", []),
    ],
)
def test_best_finds_what_was_meant(typed, meant):
    assert best(typed, OFFICES) == meant


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2", 2), ("las dos", 2), ("fueron 12 notas", 12), ("una", 1), ("ninguna", 0), ("1,5", None), ("hola", None)],
)
def test_number(typed, value):
    assert number(typed) == value


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hoy", TODAY),
        ("Ayer", date(2022, 5, 23)),
        ("antier", date(2022, 5, 22)),
        ("el lunes", date(2022, 5, 23)),
        ("el martes", date(2022, 5, 17)),
        ("9 de junio", date(2022, 6, 9)),
        ("el 3 de mayo de 2021", date(2021, 5, 3)),
        ("3/5", date(2022, 5, 3)),
        ("31/12", date(2021, 12, 31)),
        ("2022-06-09", date(2022, 6, 9)),
        ("3 de setiembre de 2021", date(2021, 9, 3)),
        ("9 June", date(2022, 6, 9)),
        ("yesterday", date(2022, 5, 23)),
        ("30 de febrero", None),
        ("pronto", None),
    ],
)
def test_day(typed, found):
    assert day(typed, TODAY) == found


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_written_day_is_read_back(when):
    assert day(when.isoformat(), TODAY) == when
    assert day(f"{when.day}/{when.month}/{when.year}", TODAY) == when


@given(st.integers(0, 6), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_weekday_is_the_last_one_before_today(weekday, today):
    name = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")[weekday]
    found = day(name, today)
    assert found is not None
    assert found.weekday() == weekday
    assert timedelta(1) <= today - found <= timedelta(7)


@given(st.text(), st.dates())
def test_any_text_is_harmless(text, today):
    assert fold(fold(text)) == fold(text)
    number(text)
    day(text, today)
    best(text, OFFICES)


def test_weekdays_in_both_languages() -> None:
    tuesday = date(2022, 5, 24)
    assert day("el viernes", tuesday) == day("Friday", tuesday) == date(2022, 5, 20)
    assert coming("el viernes", tuesday) == coming("on Friday", tuesday) == coming("next friday", tuesday)
    assert coming("viernes", tuesday) == date(2022, 5, 27)
