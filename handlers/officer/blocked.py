"""/bloqueado: somebody else must act first. Who, and what is missing; it is counted against them from today on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.messages import Reply
from conversation.questions import Pick, Words
from conversation.talk import Talk
from conversation.texts import _
from conversation.understanding import fold
from handlers.base import Conversation, Outcome
from handlers.officer.answering import LONGEST, against, keep, named, report_it, told, which
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
    known = [*parties.colleagues_and_coordinators(visit), *parties.offices(visit)]
    prompt = _("¿Quién lo detiene? Escriba la dependencia o la persona, o toque una.")
    party = await talk.ask("who", Pick(prompt, named(known, _("Alguien de fuera"), "otro", "otra entidad", "no se")))
    reason = await talk.ask("reason", Words(_("¿Qué falta de su parte? Una o dos frases bastan."), most=LONGEST))
    return Stuck(duty, party, reason)


def _count(visit: Visit, said: Stuck) -> Outcome:
    duty = said.duty
    answer = keep(visit, duty, "blocked", reason=said.reason, **against(said.party))
    if said.party:
        text = _("Anotado: desde hoy se cuenta como detenido por {name}. La coordinación ya lo sabe.",
                 name=said.party.name)  # fmt: skip
    else:
        text = _("Anotado desde hoy. La coordinación ya lo sabe.")
    notice = told(visit, answer, duty, "blocked", said.reason, party=said.party)
    return Outcome(Reply(text, links=(report_it(duty),)), (notice,))


WORDS = re.compile(
    r"(?:estoy|estamos|sigo|seguimos|me tienen|nos tienen|esta|quedo) (?:bloquead|trancad|frenad)[oa]s?"
    r"|(?:eso |esto )?(?:no )?depende de (?:otr[oa]s?|otra (?:dependencia|oficina|persona))"
)


def _understands(text: str) -> str | None:
    """ "me tienen trancado"."""
    return "" if WORDS.fullmatch(fold(text)) else None


BLOCKED = Conversation(
    name="blocked",
    command="/bloqueado",
    run=blocked,
    commit=_count,
    title=_("Decir quién detiene un entregable"),
    phrases=("bloqueado", "me tienen bloqueado"),
    understands=_understands,
    roles=frozenset({Role.OFFICER}),
)
