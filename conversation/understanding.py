"""What people type, forgiven: accents, case, punctuation and small typos; numbers and days in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import SequenceMatcher

# Below this likeness two words are different words ("prensa" / "presna" 0.83; "mayo" / "marzo" 0.67).
LIKE = 0.8

NUMBERS = {
    "cero": 0, "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20,
    "ninguna": 0, "ninguno": 0, "ambas": 2, "ambos": 2,
}  # fmt: skip
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTH_NAMES = {
    str(number): (name, name[:3], english, english[:3])
    for number, (name, english) in enumerate(zip(MONTHS, ENGLISH_MONTHS, strict=True), 1)
}
WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_NUMBERS = {
    name: number
    for names in (WEEKDAYS, ENGLISH_WEEKDAYS)
    for number, one in enumerate(names)
    for name in {one, one.rstrip("s") + "s"}
}
DAYS_AGO = {
    "hoy": 0, "ahora": 0, "ayer": 1, "antier": 2, "anteayer": 2, "antes de ayer": 2, "today": 0, "yesterday": 1,
}  # fmt: skip
DAYS_AHEAD = {"hoy": 0, "manana": 1, "pasado manana": 2, "today": 0, "tomorrow": 1}
SPANS = {"dia": 1, "semana": 7, "day": 1, "week": 7}
# What may stand before a day to come without changing it: "hasta el próximo".
BEFORE_A_DAY = re.compile(
    r"(?:(?:hasta|para|a mas tardar|dentro de|en|el|este|proximo|dia|until|by|on|in|next) )*"
)  # fmt: skip

# "del 5 al 10 de junio", "desde el lunes": the first day, and the last one where it is told.
SPAN = re.compile(
    r"(?:del?|desde|a partir del?|entre|from|between)(?: (?:el|la))? (.+?)"
    r"(?: (?:al?|hasta|y|to|until|and)(?: el)? (.+))?"
)  # fmt: skip
# A day of a span that comes only after so many days is the one just past.
PAST = timedelta(days=300)


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: "¿Cuántas?" → "cuantas"."""
    # Decomposed twice: some letters have a lower case only once they are taken apart (𝕊), others only after (İ).
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in whole if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w%]+", " ", plain).replace("_", " ").split())


def best(text: str, phrases: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys whose phrases the text most likely means, in their order: one is an answer, several are a doubt.

    Exact beats a phrase that holds all the words typed, which beats a phrase that looks alike.
    """
    typed = fold(text)
    if not typed:
        return []
    folded = {key: [fold(phrase) for phrase in phrases[key]] for key in phrases}
    exact = [key for key, known in folded.items() if typed in known]
    if exact:
        return exact
    words = set(typed.split())
    if len(typed) > 2:
        holding = [key for key, known in folded.items() if any(words <= set(phrase.split()) for phrase in known)]
        if holding:
            return holding
    scored = {key: max((likeness(typed, phrase) for phrase in known), default=0.0) for key, known in folded.items()}
    top = max(scored.values(), default=0.0)
    return [key for key, score in scored.items() if score >= LIKE and score >= top - 0.02]


def likeness(one: str, other: str) -> float:
    """LIKE..1, how alike two folded texts are, 0 where they are not; texts under four letters must be equal."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < 4:
        return float(one == other)
    # What their lengths and letters rule out is not compared: that takes the time of both lengths multiplied.
    if 2 * shorter < LIKE * (shorter + longer):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    found = matcher.ratio() if matcher.quick_ratio() >= LIKE else 0.0
    return found if found >= LIKE else 0.0


def number(text: str) -> int | None:
    """The one whole number a short answer holds: "2", "las dos", "fueron 12 notas"; None if several or negative."""
    if re.search(r"-\s*\d", text):
        return None
    words = fold(text).split()
    digits = [int(word) for word in words if word.isdecimal() and len(word) < 10]
    candidates = digits or [NUMBERS[word] for word in words if word in NUMBERS]
    return candidates[0] if len(set(candidates)) == 1 else None


def day(text: str, today: date) -> date | None:
    """The day a short answer means, the past preferred: "ayer", "el martes", "9 de junio", "9/6/22", "2022-06-09"."""
    typed = fold(text)
    for word, ago in DAYS_AGO.items():
        if typed == word:
            return today - timedelta(days=ago)
    weekday = next((WEEKDAY_NUMBERS[word] for word in typed.split() if word in WEEKDAY_NUMBERS), None)
    if weekday is not None and not any(c.isdecimal() for c in typed):
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    return _written_day(typed, today)


def coming(text: str, today: date) -> date | None:
    """The day a short answer means, the future preferred: "mañana", "el viernes", "en 3 días", "el 15", "15 de junio".

    A weekday is its next one, never today. Days that are over are understood too: "9/6/22", "2022-06-09".
    """
    whole = fold(text)
    typed = BEFORE_A_DAY.sub("", whole, count=1)
    if typed in DAYS_AHEAD:
        return today + timedelta(days=DAYS_AHEAD[typed])
    if typed in ("fin de mes", "fin de este mes", "finales de mes"):
        return (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if (span := re.fullmatch(r"(\w+) (dia|semana|day|week)s?", typed)) and (count := number(span[1])) is not None:
        return today + timedelta(days=SPANS[span[2]] * min(count, 9999))
    weekday = re.match(rf"({'|'.join(WEEKDAY_NUMBERS)})(?: que viene| proximo)?(?: |$)", typed)
    if weekday and weekday.end() == len(typed):
        return today + timedelta(days=(WEEKDAY_NUMBERS[weekday[1]] - today.weekday()) % 7 or 7)
    typed = typed[weekday.end() :] if weekday else typed
    if re.fullmatch(r"\d{1,2}", typed) and re.search(r"\b(?:el|dia) ", whole):
        return _next_of(int(typed), today)
    return _written_day(typed, today, ahead=True)


def span(text: str, today: date) -> tuple[date, date | None] | None:
    """The days a short answer means, None where it means no first day; one that began before today begins today.

    "del 5 al 10 de junio", "del lunes al viernes", "desde mañana hasta el 15"; "desde el lunes" has no last day.
    """
    found = SPAN.fullmatch(fold(text))
    if not found:
        return None
    begins, ends = found.groups()
    last = coming(f"el {ends}", today) if ends else None
    if last and last >= today and begins.isdecimal() and not ends.isdecimal():  # "del 28 al 3 de junio"
        before = last.replace(day=1) - timedelta(days=1)
        days = (_date(month.year, month.month, int(begins[:3])) for month in (last, before))
        first = next((day for day in days if day and day <= last), None)
        return (max(first, today), last) if first else None
    first = coming(f"el {begins}", today)
    if first is None or (ends and last is None):
        return None
    if last and last < first:
        return (today, last) if first - today > PAST else (first, coming(f"el {ends}", first) or first)
    return first, last


def _next_of(day_: int, today: date) -> date | None:
    """The next day of this number in a month, None where that month has none."""
    later = today.replace(day=1) + timedelta(days=31)
    return _date(today.year, today.month, day_) if day_ > today.day else _date(later.year, later.month, day_)


def _written_day(typed: str, today: date, ahead: bool = False) -> date | None:
    if iso := re.fullmatch(r"(\d{4}) (\d{1,2}) (\d{1,2})", typed):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if numeric := re.fullmatch(r"(\d{1,2}) (\d{1,2})(?: (\d{4}|\d{2}))?", typed):
        return _near(int(numeric[1]), int(numeric[2]), numeric[3], today, ahead)
    if worded := re.fullmatch(r"(?:el )?(?:dia )?(\d{1,2}) (?:de )?([a-z]+)(?: (?:de |del )?(\d{4}|\d{2}))?", typed):
        months = best(worded[2], MONTH_NAMES)
        return _near(int(worded[1]), int(months[0]), worded[3], today, ahead) if len(months) == 1 else None
    return None


def _near(day_: int, month: int, year: str | None, today: date, ahead: bool) -> date | None:
    """Without a year: this year's, or last year's if this year's is more than a month ahead.

    Days `ahead` are next year's if this year's is over.
    """
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day_)
    this = _date(today.year, month, day_)
    if ahead:
        return _date(today.year + 1, month, day_) if this and this < today else this
    return _date(today.year - 1, month, day_) if this and this > today + timedelta(days=31) else this


def _date(year: int, month: int, day_: int) -> date | None:
    try:
        return date(year, month, day_)
    except ValueError:
        return None
