"""/permiso: somebody is away from today on. Until when, and who reports in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from conversation.messages import Choice, Reply
from conversation.questions import Ahead, Pick
from conversation.talk import Talk
from conversation.texts import _, listed, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from handlers.officer.answering import named
from models import audit, leaves, parties
from models.parties import Party
from models.people import RUN, Role
from models.visit import Visit

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Away:
    """A leave from today on, both days included; `party` stands in, None for nobody."""

    ends: date
    party: Party | None


async def absence(talk: Talk, visit: Visit) -> Away:
    """Until when, and who stands in where there are colleagues."""
    prompt = _("¿Hasta qué día estará ausente, ese día incluido? Por ejemplo: el viernes, 15 de junio.")
    ends = await talk.ask("until", Ahead(prompt, visit.today, visit.today + LONGEST))
    known = parties.colleagues(visit)
    if not known:
        return Away(ends, None)
    prompt = _("¿Quién reporta mientras tanto?")
    options = named(known, _("Nadie"), "nadie", "ninguno", "no hay", "no se")
    return Away(ends, await talk.ask("substitute", Pick(prompt, options)))


def _go(visit: Visit, away: Away) -> Outcome:
    """Keep the leave instead of an earlier one; whoever stands in hears of it, else whoever runs the plan."""
    who, party = visit.who, away.party
    leaves.come_back(visit.connection, who.id, visit.today)
    leave = leaves.take(visit.connection, who.id, visit.today, away.ends, party.id if party else None, visit.now)
    audit.record(visit.connection, visit.now, who.id, "leave.taken", f"person:{who.id}", leave=leave)
    until = _("Hasta el {day} no le escribo sobre lo que vence.", day=away.ends)
    back = Choice("/volvi", _("Ya volví"))
    if party:
        told = _("{name} está de permiso hasta el {day}. Mientras tanto usted reporta en su lugar.",
                 name=who.name, day=away.ends)  # fmt: skip
        look = Choice("/pendientes", _("Ver pendientes"))
        notice = Notice(f"leave:{leave}", Reply(told, links=(look,)), people=(party.id,))
        return Outcome(Reply(paragraphs(until, _("Le avisé a {name}.", name=party.name)), links=(back,)), (notice,))
    offices = listed(sorted(who.offices.values()))
    told = _("{name} está de permiso hasta el {day} y nadie reemplaza. {offices}",
             name=who.name, day=away.ends, offices=offices)  # fmt: skip
    cover = (Choice(f"/suplente {leave}", _("Nombrar suplente")),) if who.may({Role.OFFICER}) else ()
    notice = Notice(f"leave:{leave}", Reply(told, links=cover), RUN)
    known = _("La coordinación ya lo sabe y queda pendiente de lo suyo.")
    return Outcome(Reply(paragraphs(until, known), links=(back,)), (notice,))


WORDS = re.compile(
    r"(?:me voy|salgo|salimos|estoy|estare|voy a estar|ando|sigo|quede|pedi|tengo)(?: de| a| en| con| por| un| una)* "
    r"(?:permiso|vacaciones|licencia|incapacidad|incapacitad[oa]|comision)(?: medica)?(?: (hasta .+))?"
)


def _understands(text: str) -> str | None:
    """ "estoy de permiso hasta el lunes" → "hasta el lunes"."""
    found = WORDS.fullmatch(fold(text))
    return (found[1] or "") if found else None


ABSENCE = Conversation(
    name="absence",
    command="/permiso",
    run=absence,
    commit=_go,
    title=_("Avisar que estoy de permiso"),
    phrases=("estoy de permiso", "estoy de vacaciones", "estoy incapacitada", "estoy incapacitado"),
    understands=_understands,
    roles=frozenset(Role),
)
