"""The public site's words: texts/es.yaml and texts/en.yaml, which have the same keys and the same gaps.

Pages are prose that an editor of the entity reads and corrects as a whole, so they do not stand in the code as the
texts of the chat do (decision 0013). What the chat says too (bands, periods, hours) comes from its catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from conversation.texts import Language, Say, render
from handlers.citizen.event_card import clock, moment
from handlers.wording import period_in_words

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("es", "en")


@cache
def texts(code: str) -> dict[str, Any]:
    """All of a language's texts: "home.title" → a text, {"one", "many"}, or a list of {"heading", "texts"}."""
    return dict(_flat(yaml.safe_load((TEXTS / f"{code}.yaml").read_text("utf-8"))))


def _flat(tree: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found = []
    for key, value in tree.items():
        whole = isinstance(value, dict) and not {"one", "many"} <= set(value)
        found += _flat(value, f"{before}{key}.") if whole else [(before + key, value)]
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """How the site speaks in one language. `language`: the chat's catalogue of it."""

    code: str
    language: Language
    zone: ZoneInfo

    def __call__(self, key: str, **gaps: Any) -> str:
        """The text of a key; with `n` it may have two forms."""
        found = texts(self.code)[key]
        if isinstance(found, dict):
            found = found["one" if gaps["n"] == 1 else "many"]
        return str(found).format_map(gaps)

    def parts(self, key: str, **gaps: Any) -> list[tuple[str, list[str]]]:
        """The parts of a longer text: a heading and paragraphs each."""
        return [(one["heading"], [text.format_map(gaps) for text in one["texts"]]) for one in texts(self.code)[key]]

    def say(self, text: Say) -> str:
        """A text of the chat."""
        return render(text, self.language)

    def day(self, day: date) -> str:
        """ "24 de mayo de 2022"."""
        return self.language.day(day)

    def at(self, at: datetime) -> str:
        """ "24 de mayo de 2022, 9:00 a. m.", in the entity's zone."""
        return f"{self.day(at.astimezone(self.zone).date())}, {self.say(clock(at, self.zone))}"

    def when(self, day: date, starts: datetime | None, ends: datetime | None) -> str:
        """ "jueves 9 de junio de 2022, de 9:00 a. m. a 12:00 p. m."."""
        return self.say(moment(day, starts, ends, self.zone))

    def period(self, period: str) -> str:
        """ "mayo", "trimestre 2"; a whole year or an event is shown as it is called."""
        return self.say(period_in_words(period)) or period
