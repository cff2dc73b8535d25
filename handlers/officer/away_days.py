"""From when to when somebody will be away: one day, a span of days, or no longer what they had announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions import Ahead, Answer, Partial, Reading, Shown, Stale
from conversation.texts import Say, _, lines, paragraphs, render
from conversation.understanding import best, span
from handlers.wording import leave_in_words
from models.leaves import Absence

LONGEST = timedelta(days=366)
# The key of a button that takes an announced leave back, before its number.
TAKE_BACK = "cancel"


@dataclass(frozen=True, slots=True)
class AwayDays:
    """The last day of a leave; words may tell the first one too: "del 5 al 10 de junio", "desde el lunes".

    Stored: "2022-06-10" (from today on), {"from": "2022-06-05", "until": "2022-06-10"}, or {"cancel": 7}, the number
    of an announced leave. The draft is the first day, once it was told alone.
    """

    announced: Sequence[Absence]
    today: date

    def show(self, draft: Any) -> Shown:
        shown = self._last(draft).show(None)
        told = [_as_told(leave, self.today) for leave in self.announced]
        known = lines(_("Permisos anunciados:"), *told) if told else ""
        back = (Choice(key, label) for key, label in self._back().items())
        return replace(shown, text=paragraphs(known, shown.text), choices=(*shown.choices, *back))

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice in self._back():
            return self._taken_back(heard.choice)
        days = span(heard.text, heard.today)
        if days is None:
            reading = self._last(draft).read(replace(heard, today=_day(draft)) if draft else heard, None)
            if isinstance(reading, Answer):
                return Answer({"from": draft, "until": reading.stored}) if draft else reading
            meant = best(heard.text, {key: [render(label, heard.language)] for key, label in self._back().items()})
            return self._taken_back(meant[0]) if len(meant) == 1 else reading
        first, last = days
        begins = self._last(None).read(replace(heard, text="", choice=first.isoformat()), None)
        if not isinstance(begins, Answer):
            return begins
        if last is None:
            return Partial(begins.stored, _("Desde el {day}.", day=first))
        ends = self._last(begins.stored).read(replace(heard, text="", choice=last.isoformat()), None)
        return Answer({"from": begins.stored, "until": ends.stored}) if isinstance(ends, Answer) else ends

    def load(self, stored: Any) -> Absence | tuple[date, date]:
        if isinstance(stored, str):
            return self.today, self._last(None).load(stored)
        if not isinstance(stored, dict):
            raise Stale("")
        if TAKE_BACK in stored:
            for leave in self.announced:
                if leave.id == stored[TAKE_BACK]:
                    return leave
            raise Stale(_("Ese permiso ya empezó o ya no está."))
        first = _day(stored.get("from"))
        return max(first, self.today), self._last(stored["from"]).load(stored.get("until"))

    def _last(self, first: str | None) -> Ahead:
        """The question for the last day alone."""
        if first:
            prompt = _("¿Hasta qué día, ese día incluido? Por ejemplo: el viernes, 15 de junio.")
        else:
            prompt = _("¿Hasta qué día estará ausente, ese día incluido? Por ejemplo: el viernes, 15 de junio, del 5 "
                       "al 10 de junio.")  # fmt: skip
        earliest = max(_day(first), self.today) if first else self.today
        return Ahead(prompt, earliest, earliest + LONGEST)

    def _back(self) -> dict[str, Say]:
        """The buttons that take an announced leave back."""
        return {
            f"{TAKE_BACK}{leave.id}": _("Cancelar el permiso del {day}", day=leave.starts) for leave in self.announced
        }

    def _taken_back(self, key: str) -> Answer:
        return Answer({TAKE_BACK: int(key.removeprefix(TAKE_BACK))})


def _as_told(leave: Absence, today: date) -> Say:
    when = leave_in_words(leave.starts, leave.ends, today)
    return _("{when}; reemplaza {who}", when=when, who=leave.substitute) if leave.substitute else when


def _day(stored: Any) -> date:
    try:
        return date.fromisoformat(stored)
    except (TypeError, ValueError) as error:
        raise Stale("") from error
