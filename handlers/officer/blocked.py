"""/bloqueado: somebody else must act first. Who, and what is missing; it is counted against them from today on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.messages import Reply
from conversation.questions import Pick, Words
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation, Notice, Outcome, said_like
from handlers.officer.answering import LONGEST, against, keep, named, report_it, told, which
from handlers.officer.unblock import awaited
from models import parties
from models.obligations import Duty
from models.parties import Party
from models.people import Role
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Stuck:
    """Who holds up an obligation (None: nobody of the entity), and what they have not done."""

    duty: Duty
    party: Party | None
    reason: str


async def blocked(talk: Talk, visit: Visit) -> Stuck | Reply:
    """Which obligation, who holds it up, and what is missing."""
    duty = await which(talk, visit, _("¿Cuál no puede avanzar?"))
    if isinstance(duty, Reply):
        return duty
    chosen = str(talk.stored("who"))  # looked up alone, as long as it holds
    known = [] if chosen.startswith("office") else parties.colleagues_and_coordinators(visit)
    known += [] if chosen.startswith("person") else parties.offices(visit)
    prompt = _("¿Quién lo detiene? Escriba la dependencia o la persona, o toque una.")
    party = await talk.ask("who", Pick(prompt, named(known, _("Alguien de fuera"), "otro", "otra entidad", "no se")))
    reason = await talk.ask("reason", Words(_("¿Qué falta de su parte? Una o dos frases bastan."), most=LONGEST))
    return Stuck(duty, party, reason)


def _count(visit: Visit, said: Stuck) -> Outcome:
    duty = said.duty
    party = said.party
    answer = keep(visit, duty, "blocked", reason=said.reason, **against(party))
    notice = told(visit, answer, duty, "blocked", said.reason, party=party)
    if party is None:
        alone = _("Anotado desde hoy. La coordinación ya lo sabe.")
        return Outcome(Reply(alone, links=(report_it(duty),)), (notice,))
    theirs = party.officers if party.kind == "office" else (party.id,)
    known = _("La coordinación y {name} ya lo saben.", name=party.name) if theirs else _("La coordinación ya lo sabe.")
    text = paragraphs(_("Anotado: desde hoy se cuenta como detenido por {name}.", name=party.name), known)
    # Who coordinates is told what the coordinators are: the same key is told to nobody twice.
    waits = Notice(notice.key, awaited(answer, visit.who.name, duty, said.reason), people=theirs)
    return Outcome(Reply(text, links=(report_it(duty),)), (notice, waits) if theirs else (notice,))


# "me tienen trancado".
WORDS = re.compile(
    r"(?:estoy|estamos|sigo|seguimos|me tienen|nos tienen|esta|quedo) (?:bloquead|trancad|frenad)[oa]s?"
    r"|(?:eso |esto )?(?:no )?depende de (?:otr[oa]s?|otra (?:dependencia|oficina|persona))"
)


BLOCKED = Conversation(
    name="blocked",
    command="/bloqueado",
    run=blocked,
    commit=_count,
    title=_("Decir quién detiene un entregable"),
    phrases=("bloqueado", "me tienen bloqueado"),
    understands=said_like(WORDS),
    roles=frozenset({Role.OFFICER}),
)
