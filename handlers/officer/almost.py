"""/ya_casi: an officer is about to report; nobody asks again for two business days."""

from __future__ import annotations

import re

from conversation.messages import Reply
from conversation.talk import Talk
from conversation.texts import _
from handlers.base import Conversation, Outcome, said_like
from handlers.officer.answering import keep, report_it, which
from models import plan
from models.obligations import Duty
from models.people import Role
from models.visit import Visit
from plans.calendar import Calendar

REST = 2


async def almost(talk: Talk, visit: Visit) -> Duty | Reply:
    """Which obligation is almost done."""
    return await which(talk, visit, _("¿Cuál ya casi está?"))


def _rest(visit: Visit, duty: Duty) -> Outcome:
    """Nudges rest, and go on by themselves."""
    calendars = {one.plan_id: one.calendar for one in plan.timetables(visit.connection)}
    until = calendars.get(duty.plan_id, Calendar()).add_business_days(visit.today, REST)
    keep(visit, duty, "almost", quiet_until=until)
    text = _("Muy bien. Si no lo ha reportado, le vuelvo a preguntar desde el {day}.", day=until)
    return Outcome(Reply(text, links=(report_it(duty),)))


# "ya casi lo termino".
WORDS = re.compile(
    r"ya casi (?:(?:lo|la|los|las) )?(?:tengo|termin\w+|acab\w+|entreg\w+|report\w+|esta|estan|queda|quedan|list[oa]s?)"
    r"|casi list[oa]s?|estoy en eso|estamos en eso"
)


ALMOST = Conversation(
    name="almost",
    command="/ya_casi",
    run=almost,
    commit=_rest,
    title=_("Decir que ya casi está"),
    phrases=("ya casi",),
    understands=said_like(WORDS),
    roles=frozenset({Role.OFFICER}),
    idle=lambda _visit: True,
)
