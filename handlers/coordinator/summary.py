"""/resumen: what moved in a week, month or quarter, of the whole plan or of the office one heads."""

from __future__ import annotations

import re
from datetime import date, timedelta

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import _
from conversation.understanding import MONTHS, fold
from handlers.base import Conversation, said_like
from handlers.coordinator.summary_reply import summary_reply
from models import summary_times
from models.people import RUN, Role
from models.summaries import Span, midnight, span_of, summary
from models.visit import Visit

# Who reads of the whole plan; heads read of their own office.
WHOLE = RUN | {Role.AUDITOR}
WEEK = timedelta(days=7)
ASKED = re.compile(
    r"(?:(?:deme|muestreme|ver|quiero) )?(?:(?:el|un) )?resumen(?: (.+))?|(?:y )?que se (?:movio|ha movido)(?: (.+))?"
)
BEFORE = re.compile(r"(?:(?:de|del|en|el|la|este|esta|mes de) )+")
# "trimestre 2", "segundo trimestre"
QUARTER = re.compile(r"(?:trimestre |t)([1-4])|(primer|segundo|tercer|cuarto) trimestre")
ORDINALS = ("primer", "segundo", "tercer", "cuarto")


async def summarise(talk: Talk, visit: Visit) -> Reply:
    """Reads only; the argument says of what time."""
    span = _span(BEFORE.sub("", fold(talk.argument), count=1), visit)
    if span is None:
        return Reply(
            _("Pida el resumen de la semana, del mes, del trimestre o de un mes que ya pasó (/resumen mayo)."),
            links=tuple(Choice(f"/resumen {key}", label) for key, label in SPANS.items()),
        )
    whole = visit.who.may(WHOLE)
    offices = () if whole else summary_times.led(visit.connection, visit.who.id)
    found = summary(visit.connection, span, visit.today, offices)
    if found is None:
        return Reply(_("No hay entregables para mostrar."))
    if span.until.year < found.plan.year:
        return Reply(_("Eso es de antes del plan, o todavía no llega."))
    return summary_reply(found, visit.now, decides=visit.who.may(RUN))


def _span(typed: str, visit: Visit) -> Span | None:
    """The time that is meant, None where it is not clear. One that has not come yet is last year's."""
    today, zone = visit.today, visit.zone
    if typed in ("", "semana", "semanal", "hoy"):
        return Span("week", "", midnight(today - WEEK, zone), visit.now.astimezone(zone))
    if typed in ("mes", "mensual"):
        return span_of("month", today, zone)
    if typed in ("mes pasado", "mes anterior", "ultimo mes"):
        return span_of("month", today.replace(day=1) - timedelta(days=1), zone)
    if typed in ("trimestre", "trimestral"):
        return span_of("quarter", today, zone)
    if typed in MONTHS:
        return span_of("month", _past(MONTHS.index(typed) + 1, today), zone)
    if found := QUARTER.fullmatch(typed):
        number = int(found[1]) if found[1] else ORDINALS.index(found[2]) + 1
        return span_of("quarter", _past(3 * number - 2, today), zone)
    return None


def _past(month: int, today: date) -> date:
    """The first day of the newest month of this number that has begun."""
    return date(today.year - (month > today.month), month, 1)


SPANS = {"semana": _("De la semana"), "mes": _("Del mes"), "trimestre": _("Del trimestre")}
SUMMARY = Conversation(
    name="summary",
    command="/resumen",
    run=summarise,
    title=_("Ver el resumen"),
    phrases=("resumen", "resumen de la semana", "resumen semanal", "que se movio"),
    understands=said_like(ASKED),
    roles=WHOLE | {Role.HEAD},
)
