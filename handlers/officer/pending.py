"""/pendientes: what I owe, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation
from handlers.wording import due_in_words, period_in_words, titled
from models import obligations
from models.obligations import Duty
from models.people import Role
from models.visit import Visit

PAGE = 6
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """The duties of one activity and period, which may be many offices', in one line."""

    first: Duty
    offices: int
    left: int


async def pending(talk: Talk, visit: Visit) -> Reply:
    """Reads only. The argument is the page: "/pendientes 2"."""
    duties = obligations.open_for(visit)
    if not duties:
        return Reply(_("Usted está al día: no hay nada pendiente por reportar."))
    grouped = _grouped(duties)
    pages = -(-len(grouped) // PAGE)
    page = min(int(talk.argument), pages) if talk.argument.isdecimal() and int(talk.argument) else 1
    shown = grouped[(page - 1) * PAGE : page * PAGE]
    provisional = _("Criterio provisional: falta decidir cómo se cuentan algunas metas.")
    text = paragraphs(
        _header(duties, visit.today),
        *(_line(line, visit.today) for line in shown),
        provisional if any(line.first.provisional for line in shown) else "",
    )
    numbers = dict.fromkeys(line.first.number for line in shown if not line.first.blocked)
    links = [Choice(f"/reportar {number}", _("Reportar la {number}", number=number)) for number in numbers]
    if page < pages:
        links.append(Choice(f"/pendientes {page + 1}", _("Ver más")))
    return Reply(text, links=tuple(links))


def _grouped(duties: list[Duty]) -> list[Line]:
    ordered = sorted(duties, key=lambda d: (d.due, d.number, d.period, d.topic))
    grouped = [list(group) for _key, group in groupby(ordered, key=lambda d: (d.due, d.number, d.period, d.topic))]
    return [Line(group[0], len(group), sum(duty.left for duty in group)) for group in grouped]


def _header(duties: list[Duty], today: date) -> Say:
    late = sum(duty.due < today for duty in duties)
    soon = sum(today <= duty.due <= today + SOON for duty in duties)
    return lines(
        n_("Tiene {n} meta pendiente.", "Tiene {n} metas pendientes.", len(duties)),
        n_("{n} está vencida.", "{n} están vencidas.", late) if late else "",
        n_("{n} vence en los próximos 7 días.", "{n} vencen en los próximos 7 días.", soon) if soon else "",
    )


def _line(line: Line, today: date) -> Say:
    duty = line.first
    where: Say = n_("{n} dependencia", "{n} dependencias", line.offices) if line.offices > 1 else duty.office
    return lines(
        titled(duty, duty.topic, where, period_in_words(duty.period)),
        n_("Falta {n}: {due}.", "Faltan {n}: {due}.", line.left, due=due_in_words(duty.due, today, duty.agreed)),
        _("Primero debe cumplirse otra actividad.") if duty.blocked else "",
    )


PENDING = Conversation(
    name="pending",
    command="/pendientes",
    run=pending,
    title=_("Ver mis pendientes"),
    phrases=("pendientes", "pendiente", "que me falta", "que debo", "deme diciendo que me falta", "mis pendientes",
             "todavia no he publicado nada"),
    roles=frozenset({Role.OFFICER}),
)  # fmt: skip
