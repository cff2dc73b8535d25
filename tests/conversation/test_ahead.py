"""Days to come, as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.messages import Heard
from conversation.questions import Ahead, Answer, Misread, Stale
from conversation.texts import SOURCE, render
from conversation.understanding import MONTHS, WEEKDAYS, coming, span

TUESDAY = date(2022, 5, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoy", "2022-05-24"),
        ("mañana", "2022-05-25"),
        ("Pasado mañana", "2022-05-26"),
        ("el viernes", "2022-05-27"),
        ("hasta el lunes", "2022-05-30"),
        ("el martes", "2022-05-31"),
        ("el próximo miércoles", "2022-05-25"),
        ("el viernes que viene", "2022-05-27"),
        ("lunes 30 de mayo", "2022-05-30"),
        ("el lunes 6", "2022-06-06"),
        ("15 de junio", "2022-06-15"),
        ("el 15 de junio de 2022", "2022-06-15"),
        ("15/6", "2022-06-15"),
        ("2022-06-15", "2022-06-15"),
        ("15 de enero", "2023-01-15"),
        ("en 3 días", "2022-05-27"),
        ("en tres dias", "2022-05-27"),
        ("dentro de una semana", "2022-05-31"),
        ("para el 3 de junio", "2022-06-03"),
        ("hasta el 30", "2022-05-30"),
        ("el 15", "2022-06-15"),
        ("fin de mes", "2022-05-31"),
        ("tomorrow", "2022-05-25"),
        ("23 de mayo de 2022", "2022-05-23"),
    ],
)
def test_a_day_to_come(text: str, day: str) -> None:
    assert coming(text, TUESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "ayer", "3", "el lunes o martes", "30 de febrero", "el 45", "pronto", "los 3 días"]
)
def test_what_is_no_day_to_come(text: str) -> None:
    assert coming(text, TUESDAY) is None


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 330))
def test_a_written_day_is_this_years_or_the_next(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert coming(f"el {day.day} de {MONTHS[day.month - 1]}", today) in (
        day,
        None if (day.month, day.day) == (2, 29) else day,
    )
    assert coming(day.isoformat(), today) == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_next_one_and_never_today(today: date, name: str) -> None:
    day = coming(f"el {name}", today)
    assert day is not None
    assert WEEKDAYS[day.weekday()] == name
    assert 1 <= (day - today).days <= 7


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert isinstance(coming(text, TUESDAY), date | None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("del 5 al 10 de junio", "06-05", "06-10"),
        ("del 28 al 3 de junio", "05-28", "06-03"),
        ("del 28 de mayo al 3 de junio", "05-28", "06-03"),
        ("del 5 al 10", "06-05", "06-10"),
        ("del 5/6 al 10/6", "06-05", "06-10"),
        ("Del lunes al viernes", "05-30", "06-03"),
        ("desde mañana hasta el 15", "05-25", "06-15"),
        ("desde hoy hasta el viernes", "05-24", "05-27"),
        ("entre el 5 y el 10 de junio", "06-05", "06-10"),
        ("del 20 al 30 de mayo", "05-24", "05-30"),  # since last week
        ("del 20 de mayo al 30 de mayo", "05-24", "05-30"),
        ("from monday to friday", "05-30", "06-03"),
        ("desde el lunes", "05-30", ""),
        ("a partir del 5 de junio", "06-05", ""),
    ],
)
def test_a_span_of_days(text: str, first: str, last: str) -> None:
    found = [day and date.fromisoformat(f"2022-{day}") for day in (first, last)]
    assert span(text, TUESDAY) == (found[0], found[1] or None)


@pytest.mark.parametrize("text", ["", "hasta el lunes", "15 de junio", "desde ayer", "del 45 al 50", "desde pronto"])
def test_what_is_no_span_of_days(text: str) -> None:
    assert span(text, TUESDAY) is None


PART = st.sampled_from(["1", "30", "31", "lunes", "5 de junio", "29 de febrero", "1 1 0001", "31 12 9999", "en 3 dias"])


@given(PART, PART, st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_span_begins_today_or_later(first: str, last: str, today: date) -> None:
    found = span(f"del {first} al {last}", today)
    assert found is None or found[0] >= today or "0001" in first


def heard(text: str, choice: str = "") -> Heard:
    return Heard(text, choice, (), TUESDAY)


def asked() -> Ahead:
    return Ahead("¿Cuándo?", date(2022, 5, 28), date(2022, 6, 30))  # from a Saturday on


def test_its_buttons_are_working_days_that_it_takes() -> None:
    shown = asked().show(None)
    assert [choice.key for choice in shown.choices] == ["2022-05-30", "2022-06-06", "2022-06-13"]
    for choice in shown.choices:
        assert asked().read(heard("", choice.key), None) == Answer(choice.key)
    assert asked().read(heard("15 de junio"), None) == Answer("2022-06-15")


@pytest.mark.parametrize(
    ("text", "hint"),
    [("mañana", "desde el 2022-05-28"), ("15 de julio", "hasta el 2022-06-30"), ("no sé", "9 de junio")],
)
def test_what_does_not_fit_is_said(text: str, hint: str) -> None:
    reading = asked().read(heard(text), None)
    assert isinstance(reading, Misread)
    assert hint in render(reading.say, SOURCE)


def test_a_day_that_is_over_by_now_is_asked_again() -> None:
    with pytest.raises(Stale):
        asked().load("2022-05-27")
    assert asked().load("2022-05-30") == date(2022, 5, 30)
