"""What a question about the plan is about: an activity, a subcomponent, an office, some days, in anybody's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from conversation.texts import Joined, Say, _, listed
from conversation.understanding import NUMBERS, best, fold, likeness, number
from handlers.spans import Days, days_in, days_in_words, key_of
from models.directory import Directory
from models.figures import Scope

PAGE = re.compile(r"\bpag(?:ina)? (\d{1,3})$")
IN_WORDS = "|".join(NUMBERS)
SUBCOMPONENT = re.compile(rf"\bsub(?:componente)? ?(\d{{1,2}}|{IN_WORDS})\b")
ACTIVITY = re.compile(rf"\b(?:(?:la|el|actividad|act|numero) )*(\d{{1,3}})\b|\b(?:actividad|act|numero) ({IN_WORDS})\b"
                      rf"|^(?:(?:la|el) )?({IN_WORDS})$")  # fmt: skip
# How it is to be shown, which the answer decides by itself; what may stand around a name; what means all of it.
SHOWN = re.compile(r"\bpor (?:dependencia|oficina|mes|periodo|actividad)(?:e?s)?\b")
SMALL = "about|a|con|de|del|el|en|la|las|lo|los|o|para|por|que|the|un|una|y"
AROUND = re.compile(rf"^(?:(?:{SMALL}) )+|(?: (?:{SMALL}))+$|^(?:{SMALL})$")
WHOLE = ("", "plan", "todo", "todo el plan", "entidad", "todas las dependencias", "todas")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about; all empty is the whole plan. `office` is a code; `page`: which part of a long answer."""

    subcomponent: int = 0
    activity: int = 0
    office: str = ""
    days: Days | None = None
    page: int = 1

    @property
    def scope(self) -> Scope:
        """The same for the figures."""
        if self.activity:
            return Scope("activity", self.activity, self.office, self.days)
        if self.subcomponent:
            return Scope("subcomponent", self.subcomponent, self.office, self.days)
        return Scope("office" if self.office else "plan", 0, self.office, self.days)

    @property
    def words(self) -> str:
        """What to write behind a command to ask about the same: "6 prensa 2022-04"."""
        numbered = f"sub {self.subcomponent}" if self.subcomponent else f"{self.activity or ''}"
        page = f"pag {self.page}" if self.page > 1 else ""
        return " ".join(filter(None, (numbered, self.office, key_of(self.days) if self.days else "", page)))

    def added_to(self, before: Asked) -> Asked:
        """What is asked about by who had asked about `before` and names only what is different."""
        numbered = self if self.activity or self.subcomponent else before
        return Asked(
            numbered.subcomponent, numbered.activity, self.office or before.office, self.days or before.days, self.page
        )

    def called(self, names: Directory) -> Joined:
        """ "Actividad 6, Oficina de Prensa, abril"."""
        if self.activity:
            parts: list[Say] = [_("Actividad {n}", n=self.activity)]
        elif self.subcomponent:
            parts = [_("Subcomponente {n}", n=self.subcomponent)]
        else:
            parts = [] if self.office else [_("Todo el plan")]
        parts += [names.offices[self.office].name] if self.office else []
        return listed([*parts, days_in_words(self.days)] if self.days else parts)

    def name(self, names: Directory) -> Say:
        """What a button for it says: "4. Difundir espacio de participación", the name of the office."""
        if self.office:
            return names.offices[self.office].name
        if self.activity:
            return _("{number}. {title}", number=self.activity, title=names.activities[self.activity].title)
        return _("Subcomponente {n}", n=self.subcomponent)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that mean nothing there is, or each of several things."""

    meant: tuple[Asked, ...] = ()


def read(text: str, names: Directory, today: date) -> Asked | Unclear:
    """What the words after a command ask about."""
    typed, page, asked = fold(text), 1, Asked()
    if found := PAGE.search(typed):
        typed, page = typed[: found.start()], max(1, int(found[1]))
    days, typed = days_in(typed, names.plan.year, today)
    typed = " ".join(SHOWN.sub(" ", typed).split())
    if found := SUBCOMPONENT.search(typed):
        asked = Asked(subcomponent=number(found[1]) or -1)
    elif found := ACTIVITY.search(typed):
        asked = Asked(activity=number(found[0]) or -1)
    if asked.subcomponent not in (0, *names.subcomponents) or asked.activity not in (0, *names.activities):
        return Unclear()
    if found:
        typed = f"{typed[: found.start()]} {typed[found.end() :]}"
    typed, asked = AROUND.sub("", " ".join(typed.split())), replace(asked, days=days, page=page)
    return asked if typed in WHOLE else _named(typed, asked, names)


def _named(typed: str, asked: Asked, names: Directory) -> Asked | Unclear:
    """What a name means: an office first, else an activity or a subcomponent, by words of its title."""
    offices = {code: (code, office.name, *office.aliases) for code, office in names.offices.items()}
    titles = {f"sub {n}": (title,) for n, title in names.subcomponents.items()}
    titles |= {str(n): (one.title,) for n, one in names.activities.items()}
    if asked.activity or asked.subcomponent:
        titles = {}

    def meant(words: str) -> list[Asked]:
        found = [replace(asked, office=code) for code in best(words, offices)]
        return found or [_numbered(key, asked) for key in best(words, titles)]

    found = meant(typed) or meant(_spelt(typed, (*offices.values(), *titles.values())))
    return found[0] if len(found) == 1 else Unclear(tuple(found))


def _numbered(key: str, asked: Asked) -> Asked:
    if key.startswith("sub "):
        return replace(asked, subcomponent=int(key.removeprefix("sub ")))
    return replace(asked, activity=int(key))


def _spelt(typed: str, phrases: Iterable[tuple[str, ...]]) -> str:
    """The words typed, each as the word of a name that it looks most like."""
    known = {word for names in phrases for name in names for word in fold(name).split()}
    alike = {word: [(score, one) for one in known if (score := likeness(word, one))] for word in typed.split()}
    return " ".join(max(alike[word])[1] if alike[word] else word for word in typed.split())
