"""/permiso: somebody is, or will be, away. From when to when, and who reports in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from conversation.messages import Choice, Reply
from conversation.questions import Pick
from conversation.talk import Talk
from conversation.texts import Say, _, listed, paragraphs
from handlers.base import Conversation, Notice, Outcome, said_like
from handlers.officer.answering import named
from handlers.officer.away_days import AwayDays
from handlers.wording import absent_in_words, leave_in_words
from models import audit, leaves, parties
from models.leaves import Absence
from models.parties import Party
from models.people import RUN, Role
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Away:
    """A leave, both days included; `party` stands in, None for nobody."""

    starts: date
    ends: date
    party: Party | None


async def absence(talk: Talk, visit: Visit) -> Away | Absence:
    """From when to when, and who stands in where there are colleagues; or an announced leave that is not taken."""
    announced = leaves.announced(visit.connection, visit.who.id, visit.today)
    days = await talk.ask("until", AwayDays(announced, visit.today))
    if isinstance(days, Absence):
        return days
    known = parties.colleagues(visit)
    if not known:
        return Away(*days, None)
    prompt = _("¿Quién reporta mientras tanto?")
    options = named(known, _("Nadie"), "nadie", "ninguno", "no hay", "no se")
    return Away(*days, await talk.ask("substitute", Pick(prompt, options)))


def _keep(visit: Visit, said: Away | Absence) -> Outcome:
    return _take_back(visit, said) if isinstance(said, Absence) else _go(visit, said)


def _go(visit: Visit, away: Away) -> Outcome:
    """Keep the leave instead of one it meets; whoever stands in hears of it, else whoever runs the plan."""
    who, party = visit.who, away.party
    leaves.make_room(visit.connection, who.id, away.starts, away.ends, visit.today)
    leave = leaves.take(visit.connection, who.id, away.starts, away.ends, party.id if party else None, visit.now)
    audit.record(visit.connection, visit.now, who.id, "leave.taken", f"person:{who.id}", leave=leave)
    if away.starts > visit.today:
        when = leave_in_words(away.starts, away.ends, visit.today)
        kept: Say = _("Anotado: {when} no le escribo sobre lo que vence.", when=when)
        link = Choice("/permiso", _("Ver o cambiar mis permisos"))
    else:
        kept = _("Hasta el {day} no le escribo sobre lo que vence.", day=away.ends)
        link = Choice("/volvi", _("Ya volví"))
    absent = absent_in_words(who.name, away.starts, away.ends, visit.today)
    if party:
        told = _("{absent}. Mientras tanto usted reporta en su lugar.", absent=absent)
        look = Choice("/pendientes", _("Ver pendientes"))
        notice = Notice(f"leave:{leave}", Reply(told, links=(look,)), people=(party.id,))
        return Outcome(Reply(paragraphs(kept, _("Le avisé a {name}.", name=party.name)), links=(link,)), (notice,))
    offices = listed(sorted(who.offices.values()))
    told = _("{absent} y nadie reemplaza. {offices}", absent=absent, offices=offices)
    cover = (Choice(f"/suplente {leave}", _("Nombrar suplente")),) if who.may({Role.OFFICER}) else ()
    notice = Notice(f"leave:{leave}", Reply(told, links=cover), RUN)
    known = _("La coordinación ya lo sabe y queda pendiente de lo suyo.")
    return Outcome(Reply(paragraphs(kept, known), links=(link,)), (notice,))


def _take_back(visit: Visit, leave: Absence) -> Outcome:
    """An announced leave is not taken; whoever heard of it hears of this too."""
    who, when = visit.who, leave_in_words(leave.starts, leave.ends, visit.today)
    leaves.end(visit.connection, leave.id, visit.today)
    audit.record(visit.connection, visit.now, who.id, "leave.cancelled", f"person:{who.id}", leave=leave.id)
    told = Reply(_("{name} ya no estará de permiso {when}.", name=who.name, when=when))
    heard = {"people": (leave.substitute_id,)} if leave.substitute_id else {"roles": RUN}
    return Outcome(
        Reply(_("Listo, cancelado: usted ya no estará de permiso {when}.", when=when)),
        (Notice(f"unleave:{leave.id}", told, **heard),),
    )


# "estoy de permiso hasta el lunes" → "hasta el lunes", "salgo de vacaciones del 5 al 10" → "del 5 al 10".
WORDS = re.compile(
    r"(?:me voy|salgo|salimos|estoy|estare|voy a estar|ando|sigo|quede|pedi|tengo)(?: de| a| en| con| por| un| una)* "
    r"(?:permiso|vacaciones|licencia|incapacidad|incapacitad[oa]|comision)(?: medica)?"
    r"(?: ((?:hasta|desde|del|a partir|entre) .+))?"
)


ABSENCE = Conversation(
    name="absence",
    command="/permiso",
    run=absence,
    commit=_keep,
    title=_("Avisar que estoy de permiso"),
    phrases=("estoy de permiso", "estoy de vacaciones", "estoy incapacitada", "estoy incapacitado"),
    understands=said_like(WORDS),
    roles=frozenset(Role),
)
