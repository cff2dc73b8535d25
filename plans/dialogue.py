"""What dialogue events are called: kinds, value groups and topics, with everyday words (dialogue.yaml)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plans.bundled import parsed
from plans.fields import Fields
from plans.places import municipalities
from plans.readings.words import slug

CATALOGUE = Path(__file__).with_name("dialogue.yaml")
DIGITAL, HEARING = "dialogo_digital", "audiencia_publica"


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind, group or topic: its code for ever, its name, and what else people call it.

    offices, groups  of a topic: whose events are about it, and for whom
    """

    code: str
    name: str
    words: tuple[str, ...]
    offices: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The catalogue, each part by code. `subregions`: everyday words for one or several of them."""

    kinds: dict[str, Entry]
    groups: dict[str, Entry]
    topics: dict[str, Entry]
    subregions: dict[str, tuple[str, ...]]


@cache
def catalogue(path: Path = CATALOGUE) -> Dialogue:
    """The catalogue. Raises PlanError, one Spanish sentence, where the file is wrong."""
    whole = Fields(parsed(path), path.name)
    parts = {part: [_entry(one) for one in whole.sections(part)] for part in ("kinds", "groups", "topics")}
    subregions = {one.text("word"): one.texts("names") for one in whole.sections("subregions")}
    whole.close()
    return Dialogue(**{part: {one.code: one for one in entries} for part, entries in parts.items()},
                    subregions=subregions)  # fmt: skip


def topics_of(title: str, office: str, groups: Collection[str]) -> tuple[str, ...]:
    """The codes of the topics an event is about: by its office, its groups, or a word of its title."""
    said = f" {slug(title, 400).replace('-', ' ')} "
    return tuple(
        topic.code
        for topic in catalogue().topics.values()
        if office in topic.offices
        or set(groups) & set(topic.groups)
        or any(f" {slug(word, 80).replace('-', ' ')} " in said for word in (topic.name, *topic.words))
    )


def concerned(kind: str, office: str, municipality: str, title: str, groups: Collection[str]) -> list[str]:
    """The subscriptions an event concerns, as "kind:value"; "topic:salud@52835" wants a topic in one place only."""
    place = next((one for one in municipalities() if one.code == municipality), None)
    places = [f"municipality:{place.code}", f"subregion:{subregion_code(place.subregion)}"] if place else []
    subjects = [f"topic:{topic}" for topic in topics_of(title, office, groups)]
    subjects += [f"event_kind:{kind}"] if kind else []
    subjects += [f"office:{office}"] if office else []
    both = [f"{subject}@{one.partition(':')[2]}" for subject in subjects for one in places]
    return ["all:", *places, *subjects, *both]


def subregion_code(name: str) -> str:
    """ "Río Mayo" → "rio_mayo"."""
    return re.sub(r"\W+", "_", slug(name, 60))


def _entry(fields: Fields) -> Entry:
    return Entry(
        fields.text("code", pattern="[a-z_]{2,30}"), fields.text("name"), fields.texts("words"),
        fields.texts("offices") if fields.has("offices") else (),
        fields.texts("groups") if fields.has("groups") else (),
    )  # fmt: skip
