"""Questions for a number, words, a day, a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions.base import Answer, Misread, Reading, Shown, Stale
from conversation.texts import Say, Text, _, n_
from conversation.understanding import day, fold, number

BUTTONS = 5
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number between two bounds."""

    prompt: Say
    most: int
    least: int = 1

    def show(self, draft: Any) -> Shown:
        few = range(self.least, self.most + 1) if self.most - self.least < BUTTONS else ()
        return Shown(self.prompt, tuple(Choice(str(n), str(n)) for n in few), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        said = heard.choice or heard.text
        value = self.most if fold(said) in ("todas", "todos") else number(said)
        if value is None:
            return Misread(self._hint())
        return Answer(value) if self.least <= value <= self.most else Misread(self._hint())

    def load(self, stored: Any) -> int:
        if not isinstance(stored, int) or not self.least <= stored <= self.most:
            raise Stale(self._hint())
        return stored

    def _hint(self) -> Text:
        return _("Escriba un número entre {least} y {most}.", least=self.least, most=self.most)


@dataclass(frozen=True, slots=True)
class Words:
    """Free text, kept as written; only control characters that could disguise it are dropped."""

    prompt: Say
    most: int = 2000
    least: int = 2

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        text = clean(heard.text)
        if len(text) > self.most:
            over = len(text) - self.most
            return Misread(n_("Es muy largo: sobra {n} letra.", "Es muy largo: sobran {n} letras.", over))
        if len(text) < self.least or not any(c.isalnum() for c in text):
            return Misread(_("Escríbalo con palabras, por favor: una o dos frases bastan."))
        return Answer(text)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or not self.least <= len(stored) <= self.most:
            raise Stale("")
        return stored


def clean(text: str) -> str:
    """The text without control and direction-override characters, trimmed."""
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip()


@dataclass(frozen=True, slots=True)
class Date:
    """A day between two others, in words or figures."""

    prompt: Say
    earliest: date
    latest: date

    def show(self, draft: Any) -> Shown:
        recent = (("hoy", _("Hoy")), ("ayer", _("Ayer")))
        return Shown(self.prompt, tuple(Choice(key, label) for key, label in recent), "date")

    def read(self, heard: Heard, draft: Any) -> Reading:
        found = self._meant(heard)
        if found is None:
            return Misread(_("No entendí la fecha. Escríbala así: 9 de junio, o 9/6."))
        return Answer(found.isoformat()) if self._allowed(found) else Misread(self._hint(found))

    def load(self, stored: Any) -> date:
        try:
            found = date.fromisoformat(stored)
        except (TypeError, ValueError) as error:
            raise Stale("") from error
        if not self._allowed(found):
            raise Stale(self._hint(found))
        return found

    def _meant(self, heard: Heard) -> date | None:
        return day(heard.choice or heard.text, heard.today)

    def _allowed(self, found: date) -> bool:
        return self.earliest <= found <= self.latest

    def _hint(self, found: date) -> Text:
        if found > self.latest:
            return _("El {day} todavía no llega. Escriba un día hasta el {latest}.", day=found, latest=self.latest)
        return _("El {day} es muy antiguo. Escriba un día desde el {earliest}.", day=found, earliest=self.earliest)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its name as people say it, and its position where it was shared (degrees, WGS 84)."""

    name: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place, shared from the phone or written."""

    prompt: Say
    most: int = 200

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (), "place")

    def read(self, heard: Heard, draft: Any) -> Reading:
        shared = next((item for item in heard.attachments if item.kind == "place" and not item.problem), None)
        name = clean(heard.text)[: self.most]
        if shared:
            return Answer({"name": name or shared.name, "position": shared.ref})
        if len(name) < 2 or not any(c.isalpha() for c in name):
            return Misread(_("Escriba el lugar (por ejemplo: parque principal de Cumbal) o comparta su ubicación."))
        return Answer({"name": name, "position": ""})

    def load(self, stored: Any) -> Spot:
        if not isinstance(stored, dict) or not (stored.get("name") or stored.get("position")):
            raise Stale("")
        return Spot(str(stored.get("name", "")), str(stored.get("position", "")))
