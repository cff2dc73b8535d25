"""/por_decidir: what officers answered and nobody has decided, and who is away with nobody in their place."""

from __future__ import annotations

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation
from handlers.coordinator.verdicts import REPLIES
from handlers.wording import absent_in_words
from models import blockers, leaves
from models.blockers import Blocked
from models.people import RUN
from models.visit import Visit

# More at once would not fit their buttons into a message.
SHOWN = 6


async def undecided(talk: Talk, visit: Visit) -> Reply:
    """Reads only. Nobody decides on their own answers, so they are left out."""
    answers = [one for one in blockers.waiting(visit.connection) if one.person_id != visit.who.id]
    absent = [one for one in leaves.uncovered(visit.connection, visit.today) if one.person_id != visit.who.id]
    if not answers and not absent:
        return Reply(_("No hay nada por decidir."))
    more = len(answers) + len(absent) - 2 * SHOWN
    told = [_line(one, visit) for one in answers[:SHOWN]]
    told += [
        _("{absent} y nadie reemplaza.", absent=absent_in_words(one.name, one.starts, one.ends, visit.today))
        for one in absent[:SHOWN]
    ]
    links = [Choice(f"/decidir {one.id}", _("Decidir {code}", code=one.code)) for one in answers[:SHOWN]]
    links += [Choice(f"/suplente {one.id}", _("Suplente de {name}", name=one.name)) for one in absent[:SHOWN]]
    return Reply(
        paragraphs(_("Por decidir:"), lines(*told), n_("y {n} más", "y {n} más", more) if more > 0 else ""),
        links=tuple(links),
    )


def _line(one: Blocked, visit: Visit) -> Say:
    told = {"code": one.code, "name": one.name}
    if one.kind == "late":
        return _("{code}: {name} no alcanza; propone el {day}.", day=one.proposed_on, **told)
    if one.kind == "blocked":
        who: Say = one.against or _("alguien de fuera")
        since = one.at.astimezone(visit.zone).date()
        held = _("{code}: {name} no puede avanzar; lo detiene {who}, desde el {day}.", who=who, day=since, **told)
        return lines(held, REPLIES[one.reply]) if one.reply else held
    if one.against:
        return _("{code}: {name} dice que le toca a {who}.", who=one.against, **told)
    return _("{code}: {name} dice que no le toca.", **told)


UNDECIDED = Conversation(
    name="undecided",
    command="/por_decidir",
    run=undecided,
    title=_("Ver qué falta por decidir"),
    phrases=("por decidir", "que falta por decidir", "que hay por decidir", "decisiones pendientes"),
    roles=RUN,
)
