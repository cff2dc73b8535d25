"""/no_me_toca: it is somebody else's. Whose: whoever coordinates decides; until then it stays where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.messages import Reply
from conversation.questions import Pick
from conversation.talk import Talk
from conversation.texts import _
from handlers.base import Conversation, Outcome, said_like
from handlers.officer.answering import against, keep, named, told, which
from models import parties
from models.obligations import Duty
from models.parties import Party
from models.people import Role
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Theirs:
    """Whose an obligation is, None where the officer does not know."""

    duty: Duty
    party: Party | None


async def not_mine(talk: Talk, visit: Visit) -> Theirs | Reply:
    """Which obligation, and whose it is."""
    duty = await which(talk, visit, _("¿Cuál no le toca?"))
    if isinstance(duty, Reply):
        return duty
    others = [office for office in parties.offices(visit) if office.id not in visit.who.offices]
    prompt = _("¿A quién le toca? Escriba la dependencia o la persona, o toque una.")
    options = named([*parties.colleagues(visit), *others], _("No sé"), "no se", "ni idea", "no tengo idea")
    return Theirs(duty, await talk.ask("whose", Pick(prompt, options)))


def _pass_on(visit: Visit, said: Theirs) -> Outcome:
    answer = keep(visit, said.duty, "not_mine", **against(said.party))
    text = _("Anotado. La coordinación decide a quién le toca; le aviso. Mientras tanto sigue en su lista.")
    return Outcome(Reply(text), (told(visit, answer, said.duty, "not_mine", party=said.party),))


WHAT = r"(?:la |el )?(?:actividad )?(\d{1,3})"
# "la 4 no me toca" → "4".
WORDS = re.compile(
    rf"(?:eso |ese |esa |esto |esta |{WHAT} )?(?:ya )?no "
    r"(?:(?:me|nos) (?:toca|corresponde)(?: a mi| a nosotros)?"
    r"|es (?:mi[oa]|nuestr[oa]|de nosotros|para mi|para nosotros|de (?:mi|esta|nuestra) (?:dependencia|oficina)))"
    rf"(?: {WHAT})?"
)


NOT_MINE = Conversation(
    name="not_mine",
    command="/no_me_toca",
    run=not_mine,
    commit=_pass_on,
    title=_("Decir que algo no me toca"),
    phrases=("no me toca", "eso no me toca", "no me corresponde"),
    understands=said_like(WORDS),
    roles=frozenset({Role.OFFICER}),
)
