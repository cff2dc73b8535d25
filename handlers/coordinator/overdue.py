"""/vencidos: what is late and whose, oldest first. At office level for everyone; names for those who may know them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from conversation.messages import Reply
from conversation.texts import _, n_
from handlers.asking import asking, remember
from handlers.base import Conversation, said_like
from handlers.owing import Owing, owed_alone, owing
from handlers.scopes import Asked
from models.directory import Directory
from models.due import due, missing
from models.visit import Visit

LATE = Owing("/vencidos", _("Todo lo vencido"), _("Vencido"))
ASKED = re.compile(
    r"(?:(?:que|cual|cuales)(?: cosas?| entregables)? (?:esta|estan|hay|se) "
    r"(?:vencid[oa]s?|atrasad[oa]s?|vencio|vencieron)"
    r"|(?:(?:ver|muestreme|deme) )?(?:lo |los |las )?(?:vencid[oa]s?|atrasad[oa]s?))(?: (.+))?"
)


def overdue(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """What should have been reported before today."""
    first, last = asked.days or (date.min, date.max)
    before = (first, min(last, visit.today - timedelta(days=1)))
    rows = [one for one in due(visit.connection, names.plan.id, replace(asked.scope, days=before)) if one.missing]
    what = asked.called(names)
    if not rows:
        return owed_alone(LATE, asked, _("{what}. Nada está vencido.", what=what))
    n = missing(rows)
    first_line = n_("{what}. Vencido: {n} entregable.", "{what}. Vencidos: {n} entregables.", n, what=what)
    return owing(LATE, asked, names, visit, rows, first_line)


OVERDUE = Conversation(
    name="overdue",
    command="/vencidos",
    run=asking("/vencidos", overdue),
    commit=remember,
    title=_("Ver qué está vencido"),
    phrases=("vencidos", "vencido", "atrasados", "what is late", "what is overdue"),
    understands=said_like(ASKED),
    consent=False,
)
