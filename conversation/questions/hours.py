"""Questions for the hours of a day, for what may be left out, and for several of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Generic, TypeVar

from conversation.messages import Choice, Heard
from conversation.questions.base import Answer, Misread, Reading, Shown, Stale
from conversation.questions.choices import Option
from conversation.questions.values import clean
from conversation.questions.weekly import HOUR, clock_time
from conversation.texts import Language, Say, _, render
from conversation.understanding import best, fold

T = TypeVar("T")
# Hours something lasts where only its beginning is told.
USUAL = 2
NONE = ("no", "ninguno", "ninguna", "nada", "no hay", "no aplica", "sin limite", "none", "no limit")


@dataclass(frozen=True, slots=True)
class Hours:
    """When something begins and ends on one day: "de 9 a 12", "2:30 pm"."""

    prompt: Say

    def show(self, draft: Any) -> Shown:
        offered = (("08:00 10:00", _("De 8 a 10 a. m.")), ("09:00 12:00", _("De 9 a. m. a 12 m.")),
                   ("14:00 17:00", _("De 2 a 5 p. m.")))  # fmt: skip
        return Shown(self.prompt, tuple(Choice(key, label) for key, label in offered))

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice:
            return Answer(heard.choice) if _span(heard.choice) else Misread(self._hint())
        times = [clock_time(*found.groups()) for found in HOUR.finditer(fold(heard.text).replace("12 m", "12"))]
        if not 1 <= len(times) <= 2 or not all(times):
            return Misread(self._hint())
        begins = times[0]
        assert begins is not None
        ends = times[-1] if len(times) == 2 else begins.replace(hour=min(begins.hour + USUAL, 23))
        stored = f"{begins:%H:%M} {ends:%H:%M}"
        return Answer(stored) if _span(stored) else Misread(self._hint())

    def load(self, stored: Any) -> tuple[time, time]:
        span = _span(stored)
        if span is None:
            raise Stale(self._hint())
        return span

    def _hint(self) -> Say:
        return _("Escriba a qué hora empieza y a qué hora termina. Por ejemplo: de 9 a 12.")


@dataclass(frozen=True, slots=True)
class Maybe:
    """Words that may be left out: "" is stored then."""

    prompt: Say
    none: Say = field(default_factory=lambda: _("No hay"))
    most: int = 300

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (Choice("none", self.none),), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        text = clean(heard.text) or next((item.ref for item in heard.attachments if item.kind == "link"), "")
        if heard.choice == "none" or fold(text) in (*NONE, fold(render(self.none, heard.language))):
            return Answer("")
        if not any(c.isalnum() for c in text) or len(text) > self.most:
            return Misread(_("Escríbalo en una frase corta, o toque el botón."))
        return Answer(text)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or len(stored) > self.most:
            raise Stale("")
        return stored


@dataclass(frozen=True, slots=True)
class Several(Generic[T]):
    """One option by its button, or several in words: "mujeres y jóvenes"."""

    prompt: Say
    options: Sequence[Option[T]]

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, tuple(Choice(option.key, option.label) for option in self.options))

    def read(self, heard: Heard, draft: Any) -> Reading:
        known = [option.key for option in self.options]
        if heard.choice in known:
            return Answer([heard.choice])
        parts = [part for part in re.split(r"[,;/]| y | e | and ", heard.text) if fold(part)]
        meant = [self._meant(part, heard.language) for part in parts]
        if not meant or not all(meant):
            return Misread(_("No encontré eso en la lista. Escriba uno o varios, separados por comas."))
        return Answer(list(dict.fromkeys(key for keys in meant for key in keys)))

    def load(self, stored: Any) -> tuple[T, ...]:
        values = {option.key: option.value for option in self.options}
        if not isinstance(stored, list) or not stored or not set(stored) <= set(values):
            raise Stale("")
        return tuple(values[key] for key in stored)

    def _meant(self, part: str, language: Language) -> list[str]:
        """By name or number; a part that could be several things means the first of them."""
        typed = fold(part)
        if typed.isdecimal() and len(typed) < 3:
            return [option.key for option in self.options[int(typed) - 1 : int(typed)]]
        return best(part, {option.key: option.phrases(language) for option in self.options})[:1]


def _span(stored: Any) -> tuple[time, time] | None:
    found = re.fullmatch(r"(\d\d:\d\d) (\d\d:\d\d)", str(stored))
    if not found:
        return None
    try:
        begins, ends = (time.fromisoformat(part) for part in found.groups())
    except ValueError:
        return None
    return (begins, ends) if begins < ends else None
