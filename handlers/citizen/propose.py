"""/proponer: a topic somebody wants to talk about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation.messages import Reply
from conversation.questions import Words
from conversation.talk import Talk
from conversation.texts import _
from conversation.understanding import fold
from handlers.base import Conversation, Outcome
from handlers.citizen.ask_question import Told
from handlers.citizen.permission import Given, keep, permitted, refused
from models import proposals
from models.visit import Visit

TOPIC = re.compile(
    r"(?:quiero |quisiera |me gustaria )?(?:proponer|que hablen|que se hable) (?:el tema )?(?:de |del |sobre )?(.+)"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What to talk about."""

    text: str
    given: Given


async def propose(talk: Talk, visit: Visit) -> Topic | Reply:
    """One question."""
    given = await permitted(talk, visit, early=True)
    if given is None:
        return refused(visit)
    words = Words(_("¿De qué quiere que se hable? Dígalo en una frase."), most=200, least=4)
    return Topic(await talk.ask("text", Told(visit, words)), given)


def _keep(visit: Visit, topic: Topic) -> Outcome:
    keep(visit, topic.given)
    proposals.propose(visit.connection, visit.who.id, topic.text, visit.now)
    return Outcome(Reply(_("Gracias. Quien prepara los eventos va a leer su tema. Aquí le digo qué se decide.")))


def _understands(text: str) -> str | None:
    """ "quiero que hablen del agua" → "agua"."""
    found = TOPIC.fullmatch(fold(text))
    if not found or found[1] in ("tema", "un tema", "temas"):
        return None
    # As it was written, not as it was understood.
    return " ".join(text.split()[-len(found[1].split()) :])


PROPOSE = Conversation(
    name="propose", command="/proponer", run=propose, commit=_keep, title=_("Proponer un tema"), consent=False,
    phrases=("proponer", "proponer un tema", "quiero proponer un tema", "tengo una propuesta"),
    understands=_understands,
)  # fmt: skip
