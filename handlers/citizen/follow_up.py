"""/y: what adds to the question before it: "¿y agricultura?", "¿y en abril?", "¿y los vencidos?"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from conversation.messages import Reply
from conversation.talk import Talk
from conversation.texts import _
from conversation.understanding import fold
from handlers.asking import RECENT, Answer, Answered, answered, nothing, remember
from handlers.base import Conversation, said_like
from handlers.citizen.status import status_of
from handlers.coordinator.activity import activity_of
from handlers.coordinator.due_soon import DUE_SOON, due_soon
from handlers.coordinator.filed import reports_of
from handlers.coordinator.missing import MISSING, who_is_missing
from handlers.coordinator.overdue import OVERDUE, overdue
from handlers.scopes import Asked, read
from models import questions
from models.directory import directory
from models.visit import Visit

ANSWERS: dict[str, Answer] = {
    "/estado": status_of, "/vencidos": overdue, "/por_vencer": due_soon, "/quien_falta": who_is_missing,
    "/actividad": activity_of, "/avances": reports_of,
}  # fmt: skip
# More words are a sentence of their own.
ASKED = re.compile(r"(?:y|and|what about) ((?:\w+ ){0,5}\w+)")
# So long it may do so beside an open question too.
JUST_NOW = timedelta(minutes=5)
# "¿y qué está vencido?" asks something else about the same.
OTHERS = (OVERDUE, DUE_SOON, MISSING)


async def follow_up(talk: Talk, visit: Visit) -> Reply | Answered:
    """Without a question before it, it is one about the state."""
    names = directory(visit.connection)
    if names is None:
        return nothing()
    command, _sep, words = questions.last(visit.connection, visit.who.id, visit.now - RECENT).partition(" ")
    typed = fold(talk.argument)
    read_before = read(words, names, visit.today)
    before = read_before if isinstance(read_before, Asked) else Asked()
    same = replace(before, days=None)
    for other in OTHERS:
        rest = "" if typed in other.phrases else other.understands and other.understands(typed)
        if rest is not None:
            return answered(other.command, rest or same.words, ANSWERS[other.command], names, visit, same)
    command = command if command in ANSWERS else "/estado"
    return answered(command, typed, ANSWERS[command], names, visit, before)


def _asked_nothing(visit: Visit) -> bool:
    return not questions.last(visit.connection, visit.who.id, visit.now - JUST_NOW)


FOLLOW_UP = Conversation(
    name="follow_up",
    command="/y",
    run=follow_up,
    commit=remember,
    title=_("Preguntar algo más de lo mismo"),
    understands=said_like(ASKED),
    consent=False,
    hidden=True,
    idle=_asked_nothing,
)
