"""Which of the duties a person owes: chosen from all of them, and from then on looked up alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conversation.messages import Heard
from conversation.questions import Answer, Misread, Option, Pick, Reading, Shown, Stale
from conversation.texts import SOURCE, Say, _, render
from conversation.understanding import fold
from handlers.wording import duty_in_words, period_in_words
from models import obligations
from models.obligations import Duty
from models.visit import Visit

CODE = re.compile(r"(?:a\d+|c) \d{4}(?: \w+)*")


@dataclass
class Which:
    """A choice among duties, also by the number or the name of the activity. The list is read when it is needed."""

    prompt: Say
    visit: Visit
    _known: Duty | None = None

    @cached_property
    def owed(self) -> list[Duty]:
        """Everything the person's offices still owe, most urgent first."""
        return obligations.open_for(self.visit)

    @cached_property
    def open(self) -> dict[str, Duty]:
        """What can be reported now, because nothing else must come first, by its key."""
        return {str(duty.id): duty for duty in self.owed if not duty.blocked}

    def holds(self, stored: Any) -> bool:
        """Whether a stored answer still stands for something that can be reported."""
        return self._chosen(stored) is not None

    def show(self, draft: Any) -> Shown:
        return self._pick().show(draft)

    def read(self, heard: Heard, draft: Any) -> Reading:
        # A button says which one it is: only words have to be looked for in the whole list.
        if self.holds(heard.choice):
            return Answer(heard.choice)
        typed = fold(heard.text)
        if CODE.fullmatch(typed) and typed not in (fold(duty.code) for duty in self.open.values()):
            return Misread(_("Ese entregable ya no está pendiente."))  # codes that look alike are others
        return self._pick().read(heard, draft)

    def load(self, stored: Any) -> Duty:
        duty = self._chosen(stored)
        if duty is None:
            raise Stale(_("Esa actividad ya quedó completa."))
        return duty

    def _chosen(self, stored: Any) -> Duty | None:
        if not isinstance(stored, str) or not stored.isdecimal():
            return None
        if "open" in self.__dict__:
            return self.open.get(stored)
        if self._known is None or self._known.id != int(stored):
            self._known = obligations.one_open(self.visit, int(stored))
        return None if self._known is None or self._known.blocked else self._known

    def _pick(self) -> Pick[Duty]:
        options = [Option(key, duty_in_words(duty), duty, _words(duty)) for key, duty in self.open.items()]
        return Pick(self.prompt, options, gone=_("Esa actividad ya quedó completa."))


def _words(duty: Duty) -> tuple[str, ...]:
    """ "4 Difundir… mayo": whatever words of it are typed, they are found in it."""
    period = render(period_in_words(duty.period), SOURCE)
    whole = f"{duty.number} {duty.title} {period} {duty.office} {duty.topic}"
    return (str(duty.number), duty.code, duty.title, whole)
