"""The responsible column: names, the first of which leads; and names matched with a registry of offices."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from plans.readings.words import Doubt, fold
from plans.terms import Activity, Office, Plan, Problem

# A name begins with one of these; "y" and "," split only before them: "Prensa y comunicaciones" stays whole.
_KINDS = (
    "secretar[ií]as?|subsecretar[ií]as?|secretari[oa]s?|oficinas?|direcci[oó]n(?:es)?|departamentos?|comit[eé]s?|consejos?|"
    "gerencias?|unidad(?:es)?|grupos?|equipos?|coordinaci[oó]n|despacho|alcald[ií]as?|alcalde|gobernador|jefe|asesor[ae]?s?|"
    "prensa|planeaci[oó]n|control|tod[oa]s|l[ií]der(?:es)?|profesional(?:es)?|talento|subdirecci[oó]n|tesorer[ií]a|"
    "instituto|enlaces?|funcionari[oa]s?|servidor(?:es)?|supervisor(?:es)?|atenci[oó]n|sistemas|archivo|contrataci[oó]n"
)
_SPLIT = re.compile(
    rf"\s*[/;|\n•]\s*|\s*(?:,|\s[ye]\b|\s[-–]\s)\s*(?:[ye]\s+)?(?=(?:las?\s+|los\s+|el\s+)?(?:{_KINDS})\b)",
    re.IGNORECASE,
)
_STARTS = re.compile(rf"(?:{_KINDS})\b", re.IGNORECASE)
_EVERYONE = re.compile(r"tod[oa]s l[oa]s (?:dependencias|secretarias|areas|oficinas)")
_CLOSE = 0.86  # likeness at which a name is taken for a registered one with a typo


def read_owners(text: str) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    """Names in order, without articles and end points; a doubt where none stands or one may be several."""
    parts = (
        re.sub(r"^(?:las?|los|el|y)\s+", "", part.strip(" .,;:-"), flags=re.IGNORECASE) for part in _SPLIT.split(text)
    )
    names = tuple(dict.fromkeys(part for part in parts if part))
    if not names:
        return (), (Doubt("responsible", text, "No dice quién responde.", 0.5),)
    for name in names:
        if re.search(r",|\s[ye]\s", name) and not _STARTS.match(name):
            message = f"«{name}» puede nombrar a varias dependencias."
            return names, (Doubt("responsible", text, message, 0.6),)
    return names, ()


def resolve_offices(plan: Plan, offices: Sequence[Office]) -> Plan:
    """Put the registry in the plan and codes in `lead` and `support`; a Problem for each unknown name.

    "Todas las dependencias" becomes "": each office leads what it owes.
    """
    find = _finder(offices)
    activities, problems = [], []
    for activity in plan.activities:
        names = (activity.lead, *activity.support)
        codes = [find(name) for name in names]
        activities.append(_with_codes(activity, names, codes))
        problems += [
            Problem(activity.number, "responsible", name, f"«{name}» no está en la lista de dependencias.")
            for name, code in zip(names, codes, strict=True)
            if code is None
        ]
    kept = tuple(problem for problem in plan.problems if problem.field != "offices")
    return replace(
        plan, activities=tuple(activities), offices=tuple(offices), problems=tuple(dict.fromkeys([*kept, *problems]))
    )


def _with_codes(activity: Activity, names: Sequence[str], codes: Sequence[str | None]) -> Activity:
    lead, *support = [name if code is None else code for name, code in zip(names, codes, strict=True)]
    return replace(activity, lead=lead, support=tuple(dict.fromkeys(code for code in support if code and code != lead)))


def _finder(offices: Sequence[Office]) -> Callable[[str], str | None]:
    names = {
        _plain(name): office.code
        for office in reversed(offices)
        for name in (*reversed(office.aliases), office.name, office.code)
    }

    def find(name: str) -> str | None:
        """The code of the office so named, "" for nobody or everyone, None where no name is near enough."""
        plain = _plain(name)
        if not plain or _EVERYONE.fullmatch(plain):
            return ""
        if plain in names:
            return names[plain]
        likeness = sorted(((_likeness(plain, known), code) for known, code in names.items()), reverse=True)
        near = {code for ratio, code in likeness if ratio >= max(_CLOSE, likeness[0][0] - 0.02)}
        return near.pop() if len(near) == 1 else None

    return find


def _likeness(name: str, known: str) -> float:
    """0..1; a secretariat is never taken for a subsecretariat of the same name."""
    if ("subsecretaria" in name) != ("subsecretaria" in known):
        return 0.0
    return SequenceMatcher(None, name, known).ratio()


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(name)))
