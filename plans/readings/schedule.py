"""The date column: from when until when, and whether the document writes the day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from plans.readings.words import CADENCES, CONTINUOUS, MONTHS, Doubt, fold
from plans.terms import Step

_NUMERIC = re.compile(
    r"\b(?:(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2})?)?|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))\b"
)
_LABELLED = re.compile(r"([^\W\d_][^:,;\d]{0,80}):\s*([^:]{0,60}?\d{4})(?=$|[\s,;.])")
_ORDINALS = {
    "primer": 1,
    "primero": 1,
    "i": 1,
    "segundo": 2,
    "ii": 2,
    "tercer": 3,
    "tercero": 3,
    "iii": 3,
    "cuarto": 4,
    "iv": 4,
    "quinto": 5,
    "sexto": 6,
}
_SPANS = {"bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6}
_PART = re.compile(rf"\b({'|'.join(_ORDINALS)}|ultimo) ({'|'.join(_SPANS)})\b")
# Words that add nothing to a window once its days, months and years are known.
_FILLERS = frozenset(
    "a al ano calendario corte cada con cumplimiento de del desde dia dias durante e el en entre er fecha "
    "final finales hasta la las limite los mes meses o partir plazo presente programada semestres toda todo "
    "trimestres vigencia y inicio fin antes tardar mas maximo".split()
)
_UNTIL = re.compile(r"\b(?:hasta|antes del?|a mas tardar|plazo|maximo|limite)\b")
_BEGINNING = re.compile(r"\b(?:inicio|inicial|inicia|desde|comienzo)\b")
_FROM = re.compile(r"\b(?:desde|a partir)\b")


@dataclass(frozen=True, slots=True)
class Window:
    """`fixed`: the document writes the day it ends. `steps`: dated parts, each due on its own day."""

    start: date
    end: date
    fixed: bool = False
    steps: tuple[Step, ...] = ()
    one_month: bool = False
    doubts: tuple[Doubt, ...] = ()


class _Point(NamedTuple):
    """A day or a month as it is written; the year may come later in the sentence."""

    day: int | None
    month: int
    year: int | None


def read_schedule(text: str, year: int) -> Window:
    """Read "Febrero a diciembre de 2022", "19 y 20 de abril", "30/11/2022", "Permanente", "Cada trimestre".

    `year` is the plan's, for dates that name none. What is not understood leaves the whole year and a doubt.
    """
    labelled = _LABELLED.findall(text)
    if len(labelled) > 1:
        return _labelled(text, labelled, year)
    window = _read(_normal(text), year)
    doubts = tuple(replace(doubt, text=text) for doubt in window.doubts)
    if not doubts and (window.start.year, window.end.year) != (year, year):
        doubts = (Doubt("schedule", text, f"La fecha no cae dentro del año del plan, {year}.", 0.5),)
    return replace(window, doubts=doubts)


def _labelled(text: str, pairs: list[tuple[str, str]], year: int) -> Window:
    windows = [read_schedule(written, year) for _, written in pairs]
    doubts = tuple(doubt for window in windows for doubt in window.doubts)
    if not all(window.fixed for window in windows):
        doubts += (Doubt("schedule", text, "Hay varias fechas y no todas se entienden.", 0.4),)
        return Window(date(year, 1, 1), date(year, 12, 31), doubts=doubts)
    if _BEGINNING.search(fold(pairs[0][0])) and len(pairs) == 2:
        return Window(windows[0].start, windows[1].end, True, doubts=doubts)
    steps = tuple(Step(label.strip(), window.end) for (label, _), window in zip(pairs, windows, strict=True))
    last = max(window.end for window in windows)
    # The work for the first step starts before its day: the document gives ends, not beginnings.
    return Window(date(last.year, 1, 1), last, True, steps, doubts=doubts)


def _normal(text: str) -> str:
    """Folded text with dates in figures turned into words: "30/11/2022" → "30 de noviembre de 2022"."""
    names = {month: name for name, month in reversed(MONTHS.items())}

    def words(match: re.Match[str]) -> str:
        numbers = [int(part) for part in match.groups() if part]
        year, month, day = numbers if match[1] else reversed(numbers)
        return f"{day} de {names[month]} {year}" if month in names else match[0]

    return _NUMERIC.sub(words, fold(text))


def _read(text: str, year: int) -> Window:
    whole = Window(date(year, 1, 1), date(year, 12, 31))
    bare = CONTINUOUS.sub(" ", text)
    part = _PART.search(bare)
    bare = _PART.sub(" ", bare)
    for _, pattern in CADENCES.values():
        bare = pattern.sub(" ", bare)
    # "dic-22" is a day or a year: one token, understood as neither.
    tokens = re.findall(r"[a-z]+-\d{2}\b|\d+|[a-z]+", bare)
    points, years, rest = _points(tokens)
    if rest or not text.strip():
        message = "La fecha está vacía." if not text.strip() else f"No se entiende «{' '.join(rest)}» en la fecha."
        return replace(whole, doubts=(Doubt("schedule", text, message, 0.4),))
    if part:
        return _part(part[1], part[2], points, years[0] if years else year)
    if not points:
        return replace(whole, start=date(min(years or [year]), 1, 1), end=date(max(years or [year]), 12, 31))
    try:
        return _between(bare, points, years, year)
    except ValueError:
        return replace(whole, doubts=(Doubt("schedule", text, "La fecha no existe en el calendario.", 0.4),))


def _points(tokens: list[str]) -> tuple[list[_Point], list[int], list[str]]:
    """Split tokens into days or months, years, and what is neither (the part nobody understood)."""
    points: list[_Point] = []
    years: list[int] = []
    days: list[int] = []
    rest: list[str] = []
    for at, token in enumerate(tokens):
        if token in MONTHS:
            points += [_Point(day, MONTHS[token], None) for day in days] or [_Point(None, MONTHS[token], None)]
            days = []
        elif re.fullmatch(r"(?:19|20)\d\d", token):
            years.append(int(token))
            points = [point if point.year else point._replace(year=int(token)) for point in points]
        elif token.isdigit() and at and tokens[at - 1] in MONTHS and not _of_a_month(tokens, at):
            points[-1] = points[-1]._replace(day=int(token))
        elif token.isdigit():
            days.append(int(token))
        elif token not in _FILLERS:
            rest.append(token)
    return points, years, rest + [str(day) for day in days]


def _of_a_month(tokens: list[str], at: int) -> bool:
    """Whether the number is a day of the month after it: "abril, 3 de mayo", not "noviembre 30 de 2022"."""
    return tokens[at + 1 : at + 2] == ["de"] and "".join(tokens[at + 2 : at + 3]) in MONTHS


def _part(ordinal: str, span: str, points: list[_Point], year: int) -> Window:
    months = _SPANS[span]
    place = _ORDINALS.get(ordinal, 12 // months)
    if points or place * months > 12:
        message = "El periodo de la fecha no se entiende."
        return Window(date(year, 1, 1), date(year, 12, 31), doubts=(Doubt("schedule", "", message, 0.4),))
    last = place * months
    return Window(date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1]))


def _between(bare: str, points: list[_Point], years: list[int], year: int) -> Window:
    spans = [_span(point, years[-1] if years else year) for point in points]
    start, end = spans[0][0], spans[-1][1]
    fixed = points[-1].day is not None
    if start > end:
        message = "La fecha termina antes de empezar."
        return Window(date(year, 1, 1), date(year, 12, 31), doubts=(Doubt("schedule", "", message, 0.4),))
    if len(points) == 1 and _UNTIL.search(bare):
        start = date(end.year, 1, 1)
    elif len(points) == 1 and _FROM.search(bare):
        end, fixed = date(start.year, 12, 31), False
    elif not _joined(bare, spans):
        steps = tuple(Step(_in_words(last), last) for _, last in spans)
        message = f"Hay {len(spans)} fechas separadas; se cuenta una entrega en cada una."
        return Window(start, end, fixed, steps, doubts=(Doubt("schedule", "", message, 0.6),))
    return Window(start, end, fixed, one_month=not fixed and start.month == end.month)


def _span(point: _Point, year: int) -> tuple[date, date]:
    year = point.year or year
    last = monthrange(year, point.month)[1]
    return date(year, point.month, point.day or 1), date(year, point.month, point.day or last)


def _joined(bare: str, spans: list[tuple[date, date]]) -> bool:
    """One stretch of time: a range ("22 al 28"), or days or months that touch ("19 y 20 de abril")."""
    touch = all(after[0] - before[1] <= timedelta(days=1) for before, after in pairwise(spans))
    return touch or (len(spans) == 2 and bool(re.search(r"\b(?:a|al|hasta)\b|[-–]", bare)))


def _in_words(day: date) -> str:
    month = next(name for name, number in MONTHS.items() if number == day.month)
    return f"{day.day} de {month} de {day.year}"
