"""What is asked about a dialogue event, when it is called and when it changes. All of it can be answered by typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Heard
from conversation.questions import (
    Ahead,
    Answer,
    Hours,
    Maybe,
    Misread,
    Option,
    Pick,
    Place,
    Reading,
    Spot,
    Stale,
    Words,
)
from conversation.questions.base import Shown
from conversation.questions.files import links
from conversation.questions.hours import NONE
from conversation.talk import Talk
from conversation.texts import Say, _
from conversation.understanding import fold, number
from handlers.places_asked import InMunicipality, name_of
from models.offices import numbered
from models.people import RUN
from models.visit import Visit
from plans.dialogue import Entry

# Events further ahead are planned another year.
FARTHEST = timedelta(days=365)
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many people fit; stored and loaded as a number, 0 is no limit."""

    def show(self, draft: Any) -> Shown:
        return Shown(_("¿Cuántas personas caben? Escriba un número."), (Choice("0", _("Sin límite")),), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice == "0" or fold(heard.text) in (*NONE, "0"):
            return Answer(0)
        count = number(heard.text)
        if count is None or not 0 < count <= MOST_PEOPLE:
            return Misread(_("Escriba un número, por ejemplo 80, o toque Sin límite."))
        return Answer(count)

    def load(self, stored: Any) -> int:
        if not isinstance(stored, int) or not 0 <= stored <= MOST_PEOPLE:
            raise Stale("")
        return stored


@dataclass(frozen=True, slots=True)
class Link:
    """A web address."""

    prompt: Say

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        sent = [*(item for item in heard.attachments if item.kind == "link"), *links(heard.text)]
        if not sent:
            return Misread(_("Pegue el enlace completo: empieza por https://"))
        return Answer(sent[0].ref)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or not stored.startswith(("http://", "https://")) or len(stored) > 300:
            raise Stale("")
        return stored


def entries(of: Iterable[Entry]) -> list[Option[Entry]]:
    """Kinds, groups or topics to choose from."""
    return [Option(one.code, one.name, one, one.words) for one in of]


def title_question() -> Words:
    """What it is about."""
    return Words(_("¿De qué se va a hablar? Dígalo en una frase corta."), most=160, least=5)


def transport_question() -> Maybe:
    """How people get there."""
    return Maybe(_("¿Hay transporte o ayuda para llegar? Cuéntelo en una frase."))


async def where_asked(talk: Talk) -> dict[str, Any]:
    """Where, as columns: a place in a municipality, or a link where there is none."""
    municipality = await talk.ask("municipality", InMunicipality(_("¿En qué municipio?")))
    if not municipality:
        link = await talk.ask("link", Link(_("¿Con qué enlace se entra? Péguelo aquí.")))
        return {"municipality": "", "place": "", "lat": None, "lng": None, "link": link}
    prompt = _("¿En qué lugar de {name}? Escríbalo, o comparta la ubicación.", name=name_of(municipality))
    spot: Spot = await talk.ask("place", Place(prompt))
    lat, lng = (float(part) for part in spot.position.split(",")) if spot.position else (None, None)
    return {"municipality": municipality, "place": spot.name[:200], "lat": lat, "lng": lng, "link": ""}


async def when_asked(talk: Talk, visit: Visit) -> dict[str, Any]:
    """When, as columns."""
    day: date = await talk.ask("day", Ahead(_("¿Qué día es?"), visit.today, visit.today + FARTHEST))
    begins, ends = await talk.ask("hours", Hours(_("¿A qué hora empieza y a qué hora termina?")))
    return {"day": day, "starts_at": _at(day, begins, visit.zone), "ends_at": _at(day, ends, visit.zone)}


async def office_asked(talk: Talk, visit: Visit) -> int | None:
    """The one office of an officer is not asked for; who runs the plan may call for the whole entity."""
    theirs, run = visit.who.offices, visit.who.may(RUN)
    if len(theirs) == 1 and not run:
        return next(iter(theirs))
    known = numbered(visit.connection)
    options: list[Option[int | None]] = [
        Option(str(number), office.name, number, (*office.aliases, office.code))
        for number, office in known.items()
        if run or number in theirs
    ]
    if run:
        options.insert(0, Option("0", _("Toda la entidad"), None, ("entidad", "todas", "gobernacion")))
    return await talk.ask("office", Pick(_("¿Qué oficina invita?"), options))


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)
