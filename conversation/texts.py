"""Texts for people: written in Spanish where they are used, translated last.

`_("Faltan {n} fotos", n=3)` is a key with its arguments. Nothing is rendered until a message leaves the turn, in the
language of the person who gets it; arguments may be texts or dates themselves, and what people wrote is only ever an
argument, never a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """A message key (Spanish), its plural where it has one, and the arguments of both."""

    key: str
    many: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after another, with a separator between those that are not empty."""

    parts: tuple[Say, ...]
    separator: str = "\n"


# A plain str is data (a name, an account) and is shown as it is.
Say = Text | Joined | str


class Language(Protocol):
    """What rendering needs to know of a language."""

    def text(self, key: str) -> str: ...
    def plural(self, one: str, many: str, n: int) -> str: ...
    def day(self, day: date) -> str: ...


class Source:
    """The language the texts are written in."""

    def text(self, key: str) -> str:
        """The key is the text."""
        return key

    def plural(self, one: str, many: str, n: int) -> str:
        """One, or many."""
        return one if n == 1 else many

    def day(self, day: date) -> str:
        """ "2022-05-24"."""
        return day.isoformat()


SOURCE = Source()


def _(key: str, **args: Any) -> Text:
    """A text to be translated later."""
    return Text(key, "", args)


def n_(one: str, many: str, n: int, **args: Any) -> Text:
    """A text whose form depends on `n`, which is also an argument of it."""
    return Text(one, many, {"n": n, **args})


def lines(*parts: Say) -> Joined:
    """The texts under one another; empty ones leave no blank line."""
    return Joined(parts)


def paragraphs(*parts: Say) -> Joined:
    """The texts with a blank line between them."""
    return Joined(parts, "\n\n")


def listed(parts: Sequence[Say], separator: str = ", ") -> Joined:
    """The texts in one line."""
    return Joined(tuple(parts), separator)


def render(say: Say, language: Language) -> str:
    """The text in a language, arguments and parts included."""
    if isinstance(say, str):
        return say
    if isinstance(say, Joined):
        return say.separator.join(part for part in (render(part, language) for part in say.parts) if part)
    pattern = language.plural(say.key, say.many, say.args["n"]) if say.many else language.text(say.key)
    return pattern.format_map({name: _argument(value, language) for name, value in say.args.items()})


def _argument(value: Any, language: Language) -> Any:
    if isinstance(value, Text | Joined):
        return render(value, language)
    return language.day(value) if isinstance(value, date) else value
