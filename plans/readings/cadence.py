"""How often a row is owed (each period, after events, all the time), and for whom it is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.readings.words import CADENCES, CONTINUOUS, NUMBERS, UNSUPPORTED, Doubt, fold
from plans.terms import Every, Per, Row

_EVENT = r"(?:eventos?|espacios?|ejercicios?|audiencias?|jornadas?|dialogos?|reunion(?:es)?|encuentros?)"
_BEFORE_EVENT = re.compile(
    rf"\bprevi[oa]s? al? (?:(?:los|las|la|el|cada) )?{_EVENT}\b|\bantes de(?:l| cada| los| las) {_EVENT}\b"
)
_BUSINESS_DAYS = re.compile(
    r"\b(?:([a-z]+) )?(?:\(?(\d{1,3})\)? )?dias habiles "
    r"(despues|siguientes|posteriores|antes|previos|anteriores)\b(.{0,60})"
)
_OTHER_DAYS = re.compile(r"\bdias (?:calendario )?(?:despues|siguientes|posteriores)\b")
_AROUND_EVENT = re.compile(rf"\b(?:{_EVENT}|realizacion)\b")
_PER: tuple[tuple[Per, re.Pattern[str]], ...] = (
    (
        "office",
        re.compile(r"\b(?:por|cada|una de las|en todas las) (?:cada )?(?:una de las )?dependencias?\b"),
    ),
    ("topic", re.compile(r"\bpor (?:cada )?tema\b")),
    ("municipality", re.compile(r"\bmunicipios (?:[a-z]+d[oa]s)\b|\b(?:por|cada) municipio\b")),
    ("event", re.compile(rf"\b(?:por|tras|en|despues de) cada {_EVENT}\b|\bpor evento\b")),
)
_ALL_OFFICES = re.compile(r"\btod[oa]s l[oa]s (?:dependencias|secretarias|areas|oficinas|secretarios)\b")
_AND_ENTITY = re.compile(r"\by (?:una )?(?:de|por|para) la entidad\b")
# Business days to hand Internal Control a periodic report that names no day; each plan may change its `days_after`.
CONTROL_DAYS = 10


@dataclass(frozen=True, slots=True)
class Cadence:
    """`said_in`: where the cadence stands: "target", "schedule", "text", or "" where none was found."""

    every: Every
    said_in: str = ""
    days_after: int | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """Who a row is counted for. `sure` is False where the target itself does not say so."""

    per: Per
    plus_entity: bool = False
    sure: bool = True


def read_cadence(row: Row, quantity: int | None) -> Cadence:
    """Read the cadence from the target, else the schedule, else the text.

    A deadline around events makes it "event".
    """
    places = {"target": fold(row.target), "schedule": fold(row.schedule), "text": fold(row.text)}
    doubts = _unread(row, places)
    everything = " . ".join((places["target"], places["text"]))
    said = [(place, every) for place in places for every in _periodic(place, places[place])]
    if len({every for _, every in said}) > 1:
        names = " y ".join(dict.fromkeys(f"cada {CADENCES[every][0]}" for _, every in said))
        message = f"La fila dice {names}; se toma lo que dice primero la meta, luego la fecha."
        doubts += (Doubt("every", row.schedule or row.target, message, 0.5),)
    days, around_event = _business_days(everything)
    if around_event or (not said and (days is not None or _BEFORE_EVENT.search(everything))):
        return Cadence("event", "target", days, doubts)
    if said:
        return _with_control(row, Cadence(said[0][1], said[0][0], days, doubts))
    if CONTINUOUS.search(places["schedule"]) or CONTINUOUS.search(places["target"]):
        return Cadence("continuous", "schedule", None, doubts)
    # "De manera permanente" in the text describes one thing kept up; several things are still counted.
    if CONTINUOUS.search(places["text"]) and quantity in (None, 1, 100):
        return Cadence("continuous", "text", None, doubts)
    return Cadence("once", "", None, doubts)


def read_share(row: Row) -> Share:
    """Read who each unit is counted for, from the target, else from the text or the owners."""
    target, text = fold(row.target), fold(row.text)
    for per, pattern in _PER:
        if pattern.search(target):
            return Share(per, per == "office" and bool(_AND_ENTITY.search(target)))
    if _PER[0][1].search(text) or _ALL_OFFICES.search(fold(row.responsible)):
        return Share("office", sure=False)
    return Share("entity")


def _periodic(place: str, text: str) -> list[Every]:
    """Cadences in the order they are written; in an activity's text "anual" is about a plan, not a rhythm."""
    found = [
        (match.start(), every)
        for every, (_, pattern) in CADENCES.items()
        if (match := pattern.search(text)) and (place, every) != ("text", "year")
    ]
    return [every for _, every in sorted(found)]


def _business_days(text: str) -> tuple[int | None, bool]:
    """Business days of a deadline (negative: before) and whether they are counted from an event."""
    match = _BUSINESS_DAYS.search(text)
    if not match:
        return None, False
    days = int(match[2]) if match[2] else NUMBERS.get(match[1] or "")
    if days is None:
        return None, False
    before = match[3] in ("antes", "previos", "anteriores")
    return -days if before else days, bool(_AROUND_EVENT.search(match[4]))


def _with_control(row: Row, cadence: Cadence) -> Cadence:
    if cadence.days_after is not None or "control interno" not in fold(f"{row.text} {row.target}"):
        return cadence
    message = f"No dice el día; se cuentan {CONTROL_DAYS} días hábiles después de cada periodo."
    doubt = Doubt("days_after", row.schedule, message, 0.8)
    return Cadence(cadence.every, cadence.said_in, CONTROL_DAYS, (*cadence.doubts, doubt))


def _unread(row: Row, places: dict[str, str]) -> tuple[Doubt, ...]:
    """Rhythms that the plan's periods cannot hold, said instead of dropped."""
    doubts: tuple[Doubt, ...] = ()
    for place in ("target", "schedule"):
        if match := UNSUPPORTED.search(places[place]):
            message = f"«{match[0]}» no es un periodo que se pueda contar; se cuenta sin periodo."
            doubts += (Doubt("every", getattr(row, place), message, 0.4),)
    days, _ = _business_days(" . ".join(places.values()))
    if days is None and (_OTHER_DAYS.search(places["target"] + places["text"]) or "dias habiles" in places["target"]):
        doubts += (Doubt("days_after", row.target, "El plazo en días no se entiende.", 0.5),)
    return doubts
