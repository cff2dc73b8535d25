"""/llamadas: who works on the plan and does not get messages, so that somebody calls them, and what they owe."""

from __future__ import annotations

from datetime import date

from conversation.messages import Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from handlers.base import Conversation
from handlers.wording import due_in_words
from models.calls import Unheard, unheard
from models.people import RUN
from models.visit import Visit

# More would not be called on one day.
SHOWN = 10
WHY = {
    "none": _("no tiene ningún chat con nosotros"),
    "blocked": _("bloqueó el chat o lo cerró"),
    "muted": _("pidió no recibir avisos"),
    "failed": _("no le llegó el último mensaje"),
}


async def calls(talk: Talk, visit: Visit) -> Reply:
    """Reads only. Whoever asks gets messages, so they are left out. Phone numbers are not shown to anyone."""
    people = [one for one in unheard(visit.connection, visit.today) if one.person_id != visit.who.id]
    if not people:
        return Reply(_("A todas las personas del plan les llegan mis mensajes."))
    more = len(people) - SHOWN
    return Reply(
        paragraphs(
            _("A estas personas no les llegan mis mensajes. Llámelas:"),
            *(_person(one, visit.today) for one in people[:SHOWN]),
            n_("y {n} persona más", "y {n} personas más", more) if more > 0 else "",
        )
    )


def _person(one: Unheard, today: date) -> Say:
    named = _("{name} ({offices})", name=one.name, offices=listed(one.offices)) if one.offices else one.name
    return lines(_("{who}: {why}.", who=named, why=WHY[one.why]), _owed(one, today))


def _owed(one: Unheard, today: date) -> Say:
    if not one.due:
        return ""
    late, soon = one.late, one.owed - one.late
    owed = [
        *([n_("{n} entregable vencido", "{n} entregables vencidos", late)] if late else []),
        *([n_("{n} que vence en 7 días o antes", "{n} que vencen en 7 días o antes", soon)] if soon else []),
    ]
    return _("Debe {owed}. El primero {due}.", owed=listed(owed), due=due_in_words(one.due, today))


CALLS = Conversation(
    name="calls",
    command="/llamadas",
    run=calls,
    title=_("Ver a quién llamar"),
    phrases=(
        "llamadas", "a quien llamo", "a quien debo llamar", "quienes no reciben mis mensajes",
        "a quienes no les llegan los mensajes",
    ),
    roles=RUN,
)  # fmt: skip
