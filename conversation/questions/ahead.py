"""A question for a day to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from conversation.messages import Choice, Heard
from conversation.questions.base import Shown
from conversation.questions.values import Date
from conversation.texts import Text, _
from conversation.understanding import coming

# Days after the earliest that are offered as buttons.
OFFERED = (0, 7, 14)


@dataclass(frozen=True, slots=True)
class Ahead(Date):
    """A day between two others, of which the coming one is meant: "el viernes", "en 3 días"."""

    def show(self, draft: object) -> Shown:
        days = dict.fromkeys(_workday(self.earliest + timedelta(days=count)) for count in OFFERED)
        offered = tuple(Choice(day.isoformat(), _("El {day}", day=day)) for day in days if day <= self.latest)
        return Shown(self.prompt, offered, "date")

    def _meant(self, heard: Heard) -> date | None:
        return coming(heard.choice or heard.text, heard.today)

    def _hint(self, found: date) -> Text:
        if found < self.earliest:
            return _("El {day} ya pasó o es muy pronto. Escriba un día desde el {earliest}.",
                     day=found, earliest=self.earliest)  # fmt: skip
        return _("El {day} es muy lejos. Escriba un día hasta el {latest}.", day=found, latest=self.latest)


def _workday(day: date) -> date:
    """The day, or the Monday after it where it falls on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day
