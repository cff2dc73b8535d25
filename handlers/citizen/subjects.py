"""What somebody wants to hear of, in their words: "salud en Tumaco", "Satinga", "todo"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from conversation.texts import Say, _
from conversation.understanding import best, fold
from handlers.places_asked import name_of, phrases
from plans.dialogue import catalogue, subregion_code
from plans.places import municipalities
from plans.terms import Office

# Of a place in one message no more than these can be asked for.
MOST = 8
PLACES = ("municipality", "subregion")
KINDS = (*PLACES, "topic", "event_kind", "office", "all")
FILLER = frozenset(
    """a al de del el en la las lo los o para por que sobre un una y e solo algo cosas tema temas municipio subregion
    evento eventos aviso avisos noticias espacios espacio dialogo dialogos con mi gobernacion the of in for about on and
    alerts""".split()
)  # fmt: skip
ALL = ("todo", "todos", "todas", "todos los avisos", "todo el departamento", "todo narino", "everything", "all")
OFFICE = re.compile(
    r"\b(?:sub)?(?:secretaria|direccion|oficina|departamento administrativo|comite|dependencia|office)\b"
)
# In a link: letters, digits, "_" and "-" only.
PAYLOAD = re.compile(r"s_(?:(all)|(municipality|subregion|topic|event_kind|office)_([a-z0-9_-]{2,60}))")
Offices = Callable[[], Mapping[str, Office]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to subscribe to, as models.subscriptions keeps it."""

    kind: str
    value: str = ""

    @property
    def key(self) -> str:
        """ "topic:salud@52835"."""
        return f"{self.kind}:{self.value}"

    @property
    def payload(self) -> str:
        """What a link to it carries: "s_topic_salud--52835"."""
        return f"s_{self.kind}_{self.value.replace('@', '--')}".removesuffix("_")


@dataclass(frozen=True, slots=True)
class Meant:
    """What the words may mean: one answer, several of which one is meant, or none; `unknown` words nobody knows."""

    offers: tuple[tuple[Subject, ...], ...] = ()
    unknown: str = ""


def subject(key: str) -> Subject:
    """The subject of a key."""
    kind, _sep, value = key.partition(":")
    return Subject(kind, value)


def read(text: str, offices: Offices) -> Meant:
    """What somebody wants to hear of; `offices` is asked only where nothing else is meant."""
    if link := PAYLOAD.fullmatch(text.strip()):
        return Meant(((Subject(link[2] or "all", (link[3] or "").replace("--", "@")),),))
    typed = fold(text)
    found, left = _known(typed.split())
    if left or OFFICE.search(typed):
        names = {code: (one.name, *one.aliases, code) for code, one in offices().items()}
        if codes := best(typed if OFFICE.search(typed) else " ".join(left), names):
            found = [one for one in found if one[0].kind in PLACES] if OFFICE.search(typed) else found
            found, left = [*found, tuple(Subject("office", code) for code in codes)], []
    left = [word for word in left if not OFFICE.fullmatch(word)]
    if left or not found:
        return Meant(unknown=" ".join(left))
    return Meant(tuple(dict.fromkeys(_together(choice) for choice in product(*found)))[:MOST])


def called(one: Subject, offices: Offices) -> Say:
    """ "Cumbal", "Salud en San Andrés de Tumaco", "Foro focal"."""
    value, _sep, place = one.value.partition("@")
    named = _named(one.kind, value, offices)
    return _("{what} en {place}", what=named, place=_place(place)) if place else named


def _named(kind: str, value: str, offices: Offices) -> Say:
    if kind == "all":
        return _("todos los eventos")
    if kind in PLACES:
        return _place(value)
    if kind == "office":
        office = offices().get(value)
        return office.name if office else value
    entries = catalogue().topics if kind == "topic" else catalogue().kinds
    return entries[value].name if value in entries else value


def _place(value: str) -> Say:
    if value.isdecimal():
        return name_of(value)
    names = {subregion_code(place.subregion): place.subregion for place in municipalities()}
    return _("la subregión {name}", name=names.get(value, value))


def exists(one: Subject, offices: Offices) -> bool:
    """Whether there is such a thing: a link may be old or made up."""
    value, _sep, place = one.value.partition("@")
    if place and (one.kind in PLACES or place not in _places()):
        return False
    known: Mapping[str, Iterable[str]] = {
        "municipality": _places(), "subregion": _places(), "topic": catalogue().topics,
        "event_kind": catalogue().kinds, "all": ("",),
    }  # fmt: skip
    return value in (offices() if one.kind == "office" else known.get(one.kind, ()))


@cache
def _places() -> frozenset[str]:
    return frozenset(code for place in municipalities() for code in (place.code, subregion_code(place.subregion)))


def _together(choice: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Topics in places; everything only where nothing narrower is named."""
    places = [one for one in choice if one.kind in PLACES]
    others = [one for one in choice if one.kind not in (*PLACES, "all")]
    if others and places:
        return tuple(Subject(one.kind, f"{one.value}@{place.value}") for one in others for place in places)[:MOST]
    return tuple(dict.fromkeys([*places, *others] or choice))[:MOST]


@cache
def _index() -> dict[str, tuple[Subject, ...]]:
    """Everything with a name of its own, by its folded names."""
    names: dict[str, dict[Subject, None]] = {}

    def add(one: Subject, *called: str) -> None:
        for name in called:
            names.setdefault(fold(name), {})[one] = None

    for word in ALL:
        add(Subject("all"), word)
    for place in municipalities():
        add(Subject("municipality", place.code), *phrases(place))
        add(Subject("subregion", subregion_code(place.subregion)), place.subregion)
    for word, subregions in catalogue().subregions.items():
        for name in subregions:
            add(Subject("subregion", subregion_code(name)), word)
    for topic in catalogue().topics.values():
        add(Subject("topic", topic.code), topic.name, *topic.words)
    for kind in catalogue().kinds.values():
        add(Subject("event_kind", kind.code), kind.name, *kind.words)
    # The department and a municipality of it have one name.
    add(Subject("all"), "narino")
    return {name: tuple(subjects) for name, subjects in names.items()}


@cache
def _names() -> dict[str, list[str]]:
    """Folded names by the key of what they name, for names with slips."""
    by_key: dict[str, list[str]] = {}
    for name, subjects in _index().items():
        if len(subjects) == 1 and name not in ALL:
            by_key.setdefault(subjects[0].key, []).append(name)
    return by_key


def _known(words: list[str]) -> tuple[list[tuple[Subject, ...]], list[str]]:
    """What the words name, each with all it may mean, the longest names first; and the words that name nothing."""
    found: list[tuple[Subject, ...]] = []
    runs = [words]
    for length in range(min(6, len(words)), 0, -1):
        runs = [rest for run in runs for rest in _without(run, length, found)]
    left = []
    for run in runs:
        rest = [word for word in run if word not in FILLER]
        guesses = best(" ".join(rest), _names()) if rest else []
        each = [guesses] if guesses else [best(word, _names()) for word in rest]
        found += [tuple(map(subject, keys)) for keys in each if keys]
        left += [] if guesses else [word for word, keys in zip(rest, each, strict=True) if not keys]
    return found, left


def _without(run: list[str], length: int, found: list[tuple[Subject, ...]]) -> list[list[str]]:
    """The run without the names of so many words in it, which are found; what is left, in pieces."""
    for start in range(len(run) - length + 1):
        subjects = _index().get(" ".join(run[start : start + length]))
        if subjects:
            found.append(subjects)
            return [run[:start], *_without(run[start + length :], length, found)]
    return [run]
