"""/por_vencer: what falls due in the next days, and whose it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from conversation.messages import Reply
from conversation.texts import _, n_
from handlers.asking import asking, remember
from handlers.base import Conversation, said_like
from handlers.owing import Owing, owed_alone, owing
from handlers.scopes import Asked
from models.directory import Directory
from models.due import due, missing
from models.visit import Visit

SOON = timedelta(days=7)
NEXT = Owing("/por_vencer", _("Próximos 7 días"), _("Por vencer"))
ASKED = re.compile(
    r"(?:que|cual|cuales)(?: cosas?| entregables)? (?:se )?(?:(?:nos|me|les) )?"
    r"(?:vencen?|vence|va a vencer|van a vencer|esta por vencer|estan por vencer)(?: (.+))?"
    r"|(?:lo )?(?:por vencer|que vence|proximo a vencer|proximos a vencer)(?: (.+))?"
)


def due_soon(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """What is not reported of what falls due from today on: in the days that are asked for, or within a week."""
    first, last = asked.days or (visit.today, visit.today + SOON)
    days = (max(first, visit.today), last)
    rows = [one for one in due(visit.connection, names.plan.id, replace(asked.scope, days=days)) if one.missing]
    what = replace(asked, days=asked.days or days).called(names)
    if not rows:
        return owed_alone(NEXT, asked, _("{what}. No vence nada más.", what=what))
    n = missing(rows)
    first_line = n_("{what}. Por vencer: {n} entregable.", "{what}. Por vencer: {n} entregables.", n, what=what)
    return owing(NEXT, asked, names, visit, rows, first_line)


DUE_SOON = Conversation(
    name="due_soon",
    command="/por_vencer",
    run=asking("/por_vencer", due_soon),
    commit=remember,
    title=_("Ver qué vence pronto"),
    phrases=("por vencer", "que vence", "que vence pronto", "que se vence", "what is due"),
    understands=said_like(ASKED),
    consent=False,
)
