"""A question for a weekday and an hour: "los viernes a las 4"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions.base import Answer, Misread, Reading, Shown, Stale
from conversation.texts import Say, Text, _
from conversation.understanding import NUMBERS, WEEKDAY_NUMBERS, fold

WEEKDAY_NAMES: tuple[Text, ...] = (
    _("los lunes"), _("los martes"), _("los miércoles"), _("los jueves"), _("los viernes"),
)  # fmt: skip
HOURS = {word: n for word, n in NUMBERS.items() if word == "una" or 1 < n <= 12}
HOUR = re.compile(
    rf"(?<!\w)(\d{{1,2}}|{'|'.join(HOURS)})(?: ?h(?:oras?)?)?(?: (?:y )?(\d{{2}}|media|cuarto))?"
    r" ?(am|a m|pm|p m|(?:de|en|por) la (?:manana|tarde|noche))?(?!\w)"
)
MINUTES = {"media": 30, "cuarto": 15}
# An hour without "am" or "pm" under this one is in the afternoon.
MORNING = 7


@dataclass(frozen=True, slots=True)
class Weekly:
    """A working day of the week (0 is Monday) and a time; what the answer leaves out stays as it is in `now`."""

    prompt: Say
    now: tuple[int, time]
    earliest: time
    latest: time

    def show(self, draft: Any) -> Shown:
        offered = ((0, self.now[1]), (4, self.now[1]), (4, self.latest))
        return Shown(self.prompt, tuple(Choice(_stored(*one), weekly_in_words(*one)) for one in offered))

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice:
            return Answer(heard.choice) if self._value(heard.choice) else Misread(self._hint())
        typed = fold(heard.text)
        weekdays = [WEEKDAY_NUMBERS[word] for word in typed.split() if word in WEEKDAY_NUMBERS]
        times = [clock_time(*found.groups()) for found in HOUR.finditer(typed)]
        if len(weekdays) > 1 or len(times) > 1 or not (weekdays or times):
            return Misread(self._hint())
        weekday, at = (*weekdays, self.now[0])[0], (*times, self.now[1])[0]
        stored = _stored(weekday, at) if at else ""
        return Answer(stored) if self._value(stored) else Misread(self._hint())

    def load(self, stored: Any) -> tuple[int, time]:
        value = self._value(stored)
        if value is None:
            raise Stale(self._hint())
        return value

    def _value(self, stored: Any) -> tuple[int, time] | None:
        found = re.fullmatch(r"([0-4]) (\d\d):([0-5]\d)", str(stored))
        at = time(int(found[2]), int(found[3])) if found and int(found[2]) < 24 else None
        return (int(found[1]), at) if found and at and self.earliest <= at <= self.latest else None

    def _hint(self) -> Text:
        return _("Puede ser un día de lunes a viernes, entre las {earliest} y las {latest}. Por ejemplo: los viernes a "
                 "las 4.", earliest=_clock(self.earliest), latest=_clock(self.latest))  # fmt: skip


def weekly_in_words(weekday: int, at: time) -> Text:
    """ "los viernes a las 16:00"."""
    return _("{day} a las {time}", day=WEEKDAY_NAMES[weekday], time=_clock(at))


def clock_time(word: str, more: str | None, half: str | None) -> time | None:
    """The time of day that parts of HOUR tell, None where there is no such time."""
    hour, minute = int(HOURS.get(word, word)), int(MINUTES.get(more or "0", more or "0"))
    if half in ("pm", "p m") or (half or "").endswith(("tarde", "noche")) or (not half and hour < MORNING):
        hour += 12 if hour < 12 else 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _stored(weekday: int, at: time) -> str:
    return f"{weekday} {at:%H:%M}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at:%M}"
