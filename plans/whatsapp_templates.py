"""The texts that WhatsApp approves for knocking: whatsapp-templates.yaml, within the platform's limits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from plans.bundled import parsed
from plans.fields import Fields
from plans.terms import PlanError

TEMPLATES = Path(__file__).with_name("whatsapp-templates.yaml")
KINDS = ("nudge", "notice", "answer", "summary", "announcement")
# The platform's limits in characters, and how much of a body is left for what stands in place of {{1}}.
LONGEST_BODY, LONGEST_FOOTER, LONGEST_BUTTON, LONGEST_VALUE = 1024, 60, 25, 300
# The platform takes 512 characters; the database keeps 60.
NAME = r"[a-z0-9_]{1,60}"
PLACE = "{{1}}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A template in one language.

    kinds     the kinds of messages it stands for
    category  what it should be priced as
    body      with {{1}}, in whose place `example` stands for who approves it
    """

    name: str
    language: str
    kinds: tuple[str, ...]
    category: str
    body: str
    example: str
    footer: str
    button: str


def load(path: Path = TEMPLATES) -> tuple[Wording, ...]:
    """The templates, each in Spanish and maybe other languages.

    Raises PlanError, one Spanish sentence, where something is missing or the platform would not take it.
    """
    whole = Fields(parsed(path), path.name)
    blocks = whole.sections("templates")
    whole.close()
    wordings = tuple(wording for block in blocks for wording in _texts(block))
    _once(path.name, [(one.name, one.language) for one in wordings])
    _once(path.name, [(kind, one.language) for one in wordings for kind in one.kinds])
    return wordings


def _texts(block: Fields) -> Iterator[Wording]:
    name, kinds = block.text("name", pattern=NAME), block.texts("kinds")
    category = block.one_of("category", ("UTILITY", "MARKETING"))
    if not kinds or not set(kinds) <= set(KINDS):
        raise PlanError(f"{block.place}: en «kinds» van una o varias de: {', '.join(KINDS)}.")
    texts = block.sections("texts")
    block.close()
    wordings = [_wording(one, name, kinds, category) for one in texts]
    if "es" not in [one.language for one in wordings]:
        raise PlanError(f"{block.place}: a «{name}» le falta el texto en español (language: es).")
    yield from wordings


def _wording(fields: Fields, name: str, kinds: tuple[str, ...], category: str) -> Wording:
    wording = Wording(
        name=name,
        language=fields.text("language", pattern=r"[a-z]{2}"),
        kinds=kinds,
        category=category,
        body=fields.text("body"),
        example=fields.text("example", pattern=r"\S.*\S"),
        footer=fields.text("footer", pattern=r"\S.*"),
        button=fields.text("button", pattern=r"\S.*"),
    )
    fields.close()
    if re.findall(r"\{\{.*?\}\}", wording.body) != [PLACE]:
        raise PlanError(f"{fields.place}: «body» debe tener {PLACE} una sola vez y ningún otro {{{{…}}}}.")
    if wording.body.strip().startswith(PLACE) or wording.body.strip().endswith(PLACE):
        raise PlanError(
            f"{fields.place}: en «body», {PLACE} no puede estar al comienzo ni al final: Meta no lo acepta."
        )
    for key, text, most in (
        ("body", wording.body, LONGEST_BODY - LONGEST_VALUE), ("example", wording.example, LONGEST_VALUE),
        ("footer", wording.footer, LONGEST_FOOTER), ("button", wording.button, LONGEST_BUTTON),
    ):  # fmt: skip
        if len(text) > most:
            raise PlanError(f"{fields.place}: «{key}» tiene {len(text)} letras y caben {most}.")
    if "{{" in wording.footer + wording.button:
        raise PlanError(f"{fields.place}: «footer» y «button» no pueden tener {{{{…}}}}.")
    return wording


def _once(place: str, pairs: Collection[tuple[str, str]]) -> None:
    """Refuse what stands twice in a language."""
    twice = [pair for pair in pairs if list(pairs).count(pair) > 1]
    if twice:
        raise PlanError(f"{place}: «{twice[0][0]}» está dos veces en el idioma «{twice[0][1]}».")
