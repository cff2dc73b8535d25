"""A question for a municipality, by its name, what people call it, or a name with a slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions import Answer, Misread, Partial, Reading, Stale
from conversation.questions.base import Shown
from conversation.texts import Say, _
from conversation.understanding import best, fold
from plans.places import Municipality, municipalities

NONE = ("no", "ninguno", "virtual", "en linea", "online")


def phrases(place: Municipality) -> tuple[str, ...]:
    """What a municipality is called; what it says in parentheses is for readers."""
    return (place.name, *(alias.partition(" (")[0] for alias in place.aliases))


@dataclass(frozen=True, slots=True)
class InMunicipality:
    """Stored and loaded: its DANE code, "" for none."""

    prompt: Say

    def show(self, draft: Any) -> Shown:
        among = [place for place in municipalities() if place.code in (draft or ())]
        return Shown(self.prompt, (*(Choice(one.code, one.name) for one in among), Choice("none", _("Es virtual"))))

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice == "none" or fold(heard.text) in NONE or fold(heard.text) == fold("Es virtual"):
            return Answer("")
        known = {place.code: phrases(place) for place in municipalities()}
        found = [heard.choice] if heard.choice in known else best(heard.text, known)
        if len(found) == 1:
            return Answer(found[0])
        if found:
            return Partial(found, _("Hay varios municipios que se parecen."))
        return Misread(_("No encontré ese municipio. Escriba su nombre, por ejemplo: Cumbal o Satinga."))

    def load(self, stored: Any) -> str:
        if stored != "" and stored not in {place.code for place in municipalities()}:
            raise Stale("")
        return str(stored)


def name_of(code: str) -> str:
    """The name of a municipality, "" for none."""
    return next((place.name for place in municipalities() if place.code == code), "")
