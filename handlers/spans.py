"""The days a question is about, in anybody's words: "en abril", "segundo trimestre", "esta semana", "15 días"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from conversation.texts import Say, _
from conversation.understanding import MONTHS
from handlers.wording import period_in_words
from models.figures import CADENCES
from plans.calendar import periods
from plans.terms import Every

# The first and the last.
Days = tuple[date, date]

BEFORE = r"\b(?:(?:en|de|del|durante|para|el|la|los|las|mes|proximos|proximas|siguientes) )*"
TWO_DAYS = re.compile(r"\b(\d{4} \d\d \d\d) (\d{4} \d\d \d\d)\b")
KEY = re.compile(r"\b(\d{4}) (\d\d|[bcts]\d)\b(?! \d\d\b)")
MONTH = re.compile(rf"{BEFORE}({'|'.join(MONTHS)}|setiembre)(?: (?:de|del) (20\d\d))?\b")
CADENCE: dict[str, Every] = {
    "mes": "month", "bimestre": "two_months", "trimestre": "quarter", "cuatrimestre": "four_months",
    "semestre": "half_year",
}  # fmt: skip
ORDINALS = ("primer", "segundo", "tercer", "cuarto")
PART = re.compile(
    rf"{BEFORE}(?:({'|'.join(ORDINALS)})o? ({'|'.join(CADENCE)})|({'|'.join(CADENCE)}) (\d{{1,2}}))\b"
)  # fmt: skip
THIS = re.compile(rf"{BEFORE}(?:(este|ultimo) ({'|'.join(CADENCE)})|({'|'.join(CADENCE)}) (pasado|anterior))\b")
AHEAD = re.compile(rf"{BEFORE}(\d{{1,3}}) (dia|semana)s?\b")
WEEK = re.compile(rf"{BEFORE}(hoy|manana|esta semana|(?:proxima|siguiente) semana|semana que viene)\b")


def days_in(typed: str, year: int, today: date) -> tuple[Days | None, str]:
    """The days that folded words name, with the words without them; of the plan's `year` where they name none."""
    for pattern in (TWO_DAYS, KEY, MONTH, PART, THIS, AHEAD, WEEK):
        found = pattern.search(typed)
        if found and (days := _meant(pattern, found, year, today)):
            return days, f"{typed[: found.start()]} {typed[found.end() :]}"
    return None, typed


def _meant(pattern: re.Pattern[str], found: re.Match[str], year: int, today: date) -> Days | None:
    said = found.groups()
    if pattern is TWO_DAYS:
        first, last = (_written(one) for one in said)
        return (first, last) if first and last and first <= last else None
    if pattern is KEY:
        return days_of(f"{said[0]}-{said[1].upper()}")
    if pattern is MONTH:
        name = said[0].replace("setiembre", "septiembre")
        return days_of(f"{said[1] or year}-{MONTHS.index(name) + 1:02}")
    if pattern is PART:
        number = ORDINALS.index(said[0]) + 1 if said[0] else int(said[3])
        parts = _parts(CADENCE[said[1] or said[2]], year)
        return parts[number - 1] if 1 <= number <= len(parts) else None
    if pattern is THIS:
        every = CADENCE[said[1] or said[2]]
        now = _around(every, today)
        return now if said[0] == "este" else _around(every, now[0] - timedelta(days=1))
    if pattern is AHEAD:
        return today, today + timedelta(days=int(said[0]) * (7 if said[1] == "semana" else 1))
    return _near(said[0], today)


def _near(said: str, today: date) -> Days:
    if said in ("hoy", "manana"):
        day = today + timedelta(days=said == "manana")
        return day, day
    monday = today - timedelta(days=today.weekday()) + timedelta(days=0 if said == "esta semana" else 7)
    return monday, monday + timedelta(days=6)


def _around(every: Every, day: date) -> Days:
    return next(days for days in _parts(every, day.year) if days[0] <= day <= days[1])


def _parts(every: Every, year: int) -> list[Days]:
    return [(part.start, part.end) for part in periods(every, date(year, 1, 1), date(year, 12, 31))]


def days_of(key: str) -> Days | None:
    """The days of "2022-04" or "2022-T2"; None for what is no part of a year."""
    year = int(key[:4]) if key[:4].isdecimal() else 0
    return next((days for name, days in _known(year) if name == key), None) if year else None


def _known(year: int) -> Iterator[tuple[str, Days]]:
    for every in CADENCES:
        for part in periods(every, date(year, 1, 1), date(year, 12, 31)):
            yield part.key, (part.start, part.end)


def key_of(days: Days) -> str:
    """ "2022-04", "2022-T2"; "2022-05-24 2022-05-30" where no period has just these days."""
    return next((key for key, whole in _known(days[0].year) if whole == days), f"{days[0]} {days[1]}")


def days_in_words(days: Days) -> Say:
    """ "abril", "trimestre 2", "del 24 de mayo de 2022 al 30 de mayo de 2022"."""
    if key := next((key for key, whole in _known(days[0].year) if whole == days), ""):
        return period_in_words(key)
    return _("el {day}", day=days[0]) if days[0] == days[1] else _("del {first} al {last}", first=days[0], last=days[1])


def _written(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace(" ", "-"))
    except ValueError:
        return None
