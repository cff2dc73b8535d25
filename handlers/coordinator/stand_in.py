"""/suplente: who runs the plan names who stands in for an officer on leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Option, Pick, Reading, Stale
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import _
from handlers.base import Conversation, Notice, Outcome
from handlers.wording import leave_in_words
from models import audit, leaves, parties
from models.leaves import Absence
from models.parties import Party
from models.people import RUN
from models.visit import Visit

LOOK = (Choice("/por_decidir", _("Ver qué falta por decidir")),)


@dataclass(frozen=True, slots=True)
class Named:
    """Who stands in during a leave."""

    absence: Absence
    party: Party


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of a leave; words that name none are kept as 0, and their value is None."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el número del permiso."), (), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        typed = heard.text.strip()
        return Answer(int(typed) if typed.isdecimal() and len(typed) < 10 else 0)

    def load(self, stored: Any) -> Absence | None:
        if not isinstance(stored, int):
            raise Stale("")
        return leaves.by_id(self.visit.connection, stored, self.visit.today)


async def stand_in(talk: Talk, visit: Visit) -> Named | Reply:
    """During which leave, and who."""
    if not talk.argument and talk.stored("leave") is None:
        return Reply(_("Escoja a quién se reemplaza."), links=LOOK)
    absence = await talk.ask("leave", Numbered(visit))
    if absence is None:
        return Reply(_("Ese permiso ya terminó."), links=LOOK)
    if absence.person_id == visit.who.id:
        return Reply(_("Nadie decide sobre su propio permiso. Lo decide otra persona de la coordinación."), links=LOOK)
    if absence.substitute:
        return Reply(_("Ya está: a {name} le reemplaza {who}.", name=absence.name, who=absence.substitute), links=LOOK)
    known = [party for party in parties.officers(visit) if party.id != absence.person_id]
    when = leave_in_words(absence.starts, absence.ends, visit.today)
    prompt = _("¿Quién reemplaza a {name} {when}?", name=absence.name, when=when)
    options = [Option(party.key, party.name, party) for party in known]
    return Named(absence, await talk.ask("who", Pick(prompt, options)))


def _cover(visit: Visit, named: Named) -> Outcome:
    absence, party = named.absence, named.party
    leaves.cover(visit.connection, absence.id, party.id)
    audit.record(
        visit.connection, visit.now, visit.who.id, "leave.covered", f"person:{absence.person_id}",
        substitute=party.id,
    )  # fmt: skip
    when = leave_in_words(absence.starts, absence.ends, visit.today)
    told = _("{who} reemplaza a {name} {when}.", who=party.name, name=absence.name, when=when)
    notice = Notice(f"covered:{absence.id}", Reply(told), people=(absence.person_id, party.id))
    return Outcome(Reply(_("Listo: {told} Ya les avisé.", told=told), links=LOOK), (notice,))


STAND_IN = Conversation(
    name="stand_in",
    command="/suplente",
    run=stand_in,
    commit=_cover,
    title=_("Nombrar quién reemplaza"),
    roles=RUN,
    hidden=True,
)
