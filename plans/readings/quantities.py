"""The target of a row: how many, of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from plans.readings.words import MONTHS, NUMBERS, UNITS, Doubt, agree, fold

# Figures glued to letters or hyphens are names ("COVID-19", "100-006", "24/7"), not targets.
_TOKEN = re.compile(r"(?<![\w/-])\d+(?:[.,]\d+)*(?![/-]\d)|[^\W\d_]+|[%()]")
_DATE = re.compile(r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\b")
_MOST = 1_000_000
# A number before these is a term, not a target; after those it names a rule.
_SPANS = frozenset("dia dias habiles calendario hora horas semana semanas mes meses ano anos".split())
_RULES = frozenset(
    "ley decreto articulo resolucion circular componente subcomponente ordenanza acuerdo numeral conpes iso "
    "no nro n linea fase version vigencia ano paso".split()
)
_FUNCTION = frozenset("por de del en a al y o e para con la el las los un una cada que se".split())
_LEAST = frozenset({"menos", "minimo"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """`stated`: the document gives the number, in figures or in words."""

    number: int | None
    unit: str
    stated: bool
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of the text: its value (None: not a whole one), where it ends, how plainly it is a target.

    "spelled" is the word before its own figure, "Dos (2)"; "article" an "un" or "una" in mid-sentence.
    """

    value: int | None
    end: int
    kind: Literal["percent", "parenthesis", "figure", "word", "article", "spelled"]


def read_quantity(target: str) -> Quantity:
    """Read "Dos (2) publicaciones", "al menos (1)", "100%", "Un informe".

    A target without a number that begins with a singular noun is an unstated 1; any other has None.
    """
    tokens = _TOKEN.findall(_DATE.sub(" ", target))
    words = [fold(token) for token in tokens]
    found = [one for at in range(len(words)) if (one := _number_at(words, at))]
    for kind in ("percent", "parenthesis", "figure", "word"):
        first = next((one for one in found if one.kind == kind), None)
        if first:
            return _stated(target, tokens, first, found)
    return _unstated(target, tokens)


def _stated(target: str, tokens: list[str], first: _Found, found: list[_Found]) -> Quantity:
    unit = "%" if first.kind == "percent" else agree(_unit(tokens, first.end), first.value)
    if not first.value:
        return Quantity(
            None, unit, False, (Doubt("quantity", target, "El número de la meta no se puede contar.", 0.3),)
        )
    if all(one.value == first.value for one in found):
        return Quantity(first.value, unit, True)
    message = f"La meta tiene varios números; se toma {first.value}."
    return Quantity(first.value, unit, True, (Doubt("quantity", target, message, 0.5),))


def _unstated(target: str, tokens: list[str]) -> Quantity:
    head = fold(tokens[0]) if tokens else ""
    one, many = UNITS.get(head, ("", ""))
    if one and head == fold(one) and one != many:
        doubt = Doubt("quantity", target, f"La meta no dice cuántos; se cuenta 1 {one} cada vez.", 0.7)
        return Quantity(1, _unit(tokens, 0), False, (doubt,))
    doubt = Doubt("quantity", target, "La meta no dice cuántos: hay que decidir la cantidad.", 0.3)
    return Quantity(None, _unit(tokens, 0), False, (doubt,))


def _number_at(words: list[str], at: int) -> _Found | None:
    if words[at] in NUMBERS:
        return _spelled_at(words, at)
    if not words[at][0].isdigit():
        return None
    before, after = words[at - 1] if at else "", words[at + 1 : at + 4]
    value = _whole(words[at])
    if after[:1] == ["%"]:
        return _Found(value, at + 2, "percent")
    if after[:2] == ["por", "ciento"]:
        return _Found(value, at + 3, "percent")
    if before in _RULES or _is_year(words[at]):
        return None
    if before == "(":
        closed = after[:1] == [")"] and not _is_term(after[1:])
        return _Found(value, at + 2, "parenthesis") if closed else None
    return None if _is_term(after) else _Found(value, at + 1, "figure")


def _spelled_at(words: list[str], at: int) -> _Found | None:
    value, end = NUMBERS[words[at]], at + 1
    if at > 1 and words[at - 1] == "y" and NUMBERS.get(words[at - 2], 0) >= 30:
        return None  # the "cinco" of "treinta y cinco"
    if value >= 30 and words[end : end + 1] == ["y"] and NUMBERS.get("".join(words[end + 1 : end + 2]), 10) < 10:
        value, end = value + NUMBERS[words[end + 1]], end + 2
    after = words[end : end + 4]
    if after[:2] == ["por", "ciento"]:
        return _Found(value, end + 2, "percent")
    if after[:1] == ["("] and after[2:3] in ([")"], ["%"]):
        return None if _is_term(words[end + 3 : end + 5]) else _Found(value, end, "spelled")
    if _is_term(after) or not (at == 0 or words[at - 1] in _LEAST or any(word in UNITS for word in after[:2])):
        return None
    return _Found(value, end, "article" if value == 1 and at > 1 and words[at - 1] not in _LEAST else "word")


def _is_term(after: list[str]) -> bool:
    """Days, months and dates: "15 días hábiles", "30 de noviembre"."""
    first = "".join(after[1:2] if after[:1] == ["de"] else after[:1])
    return first in MONTHS or (first in _SPANS and after[0] != "de")


def _is_year(figures: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", figures))


def _whole(figures: str) -> int | None:
    """ "1.000" → 1000, "04" → 4; None for decimals and absurd sizes."""
    if re.fullmatch(r"\d{1,3}(?:[.,]000)+|\d{1,7}", figures):
        value = int(re.sub(r"[.,]", "", figures))
        return value if value <= _MOST else None
    return None


def _unit(tokens: list[str], at: int) -> str:
    """The noun counted: the nearest after the number, else the target's first; "en redes" stays with it."""
    words = [fold(token) for token in tokens]
    near = next((here for here in range(at, min(at + 3, len(words))) if words[here] in UNITS), None)
    if near is None and at < len(words) and words[at].isalpha() and words[at] not in _FUNCTION:
        near = at
    if near is None:
        near = next((here for here, word in enumerate(words) if word in UNITS), None)
    if near is None:
        return next((token.lower() for token in tokens if token.isalpha() and fold(token) not in _FUNCTION), "")
    in_networks = re.match(r"en (?:las )?redes\b", " ".join(words[near + 1 : near + 4]))
    return tokens[near].lower() + (" en redes" if in_networks else "")
