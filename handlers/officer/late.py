"""/no_alcanzo: it will not be done in time. Why, and by when: whoever coordinates decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from conversation.messages import Choice, Reply
from conversation.questions import Ahead, Words
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation, Outcome, said_like
from handlers.officer.answering import LONGEST, keep, report_it, told, which
from models.obligations import Duty
from models.people import Role
from models.visit import Visit

# Nobody asks for more than this.
FARTHEST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Late:
    """Why an obligation is late, and by when it will be done."""

    duty: Duty
    reason: str
    proposed_on: date


async def late(talk: Talk, visit: Visit) -> Late | Reply:
    """Which obligation, why, and the new date."""
    duty = await which(talk, visit, _("¿Cuál no alcanza?"))
    if isinstance(duty, Reply):
        return duty
    prompt = _("¿Por qué no alcanza? Escríbalo en una o dos frases.")
    reason = await talk.ask("reason", Words(prompt, most=LONGEST))
    after = max(duty.due, visit.today)
    by = Ahead(_("¿Para qué día estará? Por ejemplo: el viernes, en 3 días, 15 de junio."),
               after + timedelta(days=1), after + FARTHEST)  # fmt: skip
    return Late(duty, reason, await talk.ask("by", by))


def _propose(visit: Visit, said: Late) -> Outcome:
    duty = said.duty
    answer = keep(visit, duty, "late", reason=said.reason, proposed_on=said.proposed_on)
    text = paragraphs(
        _("Anotado. La coordinación decide si acepta el {day}; le aviso.", day=said.proposed_on),
        _("La fecha del plan no cambia: {due}.", due=duty.due),
    )
    blocked = Choice(f"/bloqueado {duty.code}", _("Otros lo detienen"))
    notice = told(visit, answer, duty, "late", said.reason, said.proposed_on)
    return Outcome(Reply(text, links=(report_it(duty), blocked)), (notice,))


# "no alcanzo a entregar la 4" → "4".
WORDS = re.compile(
    r"(?:ya )?no (?:lo |la |los |las |le )?(?:alcanc\w+|alcanz\w+|(?:voy|vamos|va) a alcanzar)(?: a \w+)?"
    r"(?: a tiempo)?(?: (?:con )?(?:la |el )?(?:actividad )?(\d{1,3}))?"
)


LATE = Conversation(
    name="late",
    command="/no_alcanzo",
    run=late,
    commit=_propose,
    title=_("Decir que no alcanzo y proponer otra fecha"),
    phrases=("no alcanzo", "no alcance", "no alcanzo a entregar", "necesito mas plazo", "necesito prorroga"),
    understands=said_like(WORDS),
    roles=frozenset({Role.OFFICER}),
)
