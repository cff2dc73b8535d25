"""/baja and /alta: nothing but answers in this chat, and everything again. Their words mean it in any state."""

from __future__ import annotations

import re

from conversation.messages import Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from models import audit, people, reachability, subscriptions
from models.people import RUN
from models.visit import Visit

# Whole messages only: inside another one they may speak of anything ("se dio de baja un contrato").
OUT = frozenset((
    "baja", "alto", "stop", "darme de baja", "dar de baja", "dame de baja", "deme de baja", "denme de baja",
    "quiero darme de baja", "baja del servicio", "no mas mensajes", "no mas avisos", "no mas recordatorios",
    "no quiero mas mensajes", "no quiero mas avisos", "no quiero recibir mensajes", "no quiero recibir avisos",
    "no quiero recibir mas mensajes", "no quiero recibir mas avisos", "no me escriba mas", "no me escriban mas",
    "no me escribas mas", "no me envie mas mensajes", "no me envien mas mensajes", "no me mande mas mensajes",
    "no me manden mas mensajes", "unsubscribe", "stop all", "stop messages", "no more messages",
))  # fmt: skip
IN = frozenset((
    "alta", "darme de alta", "quiero volver a recibir", "quiero volver a recibir avisos", "volver a recibir",
    "volver a recibir avisos", "volver a recibir mensajes", "start", "unstop", "start messages",
))  # fmt: skip
COURTESY = re.compile(r"^(por favor|please) | (por favor|porfa|please|gracias|thank you|thanks)$")


def opted(text: str) -> Conversation | None:
    """What a message wants that says nothing but one of the words; "/start" is a greeting and no word."""
    said = COURTESY.sub("", fold(text))
    if said in OUT:
        return STOP
    return RESUME if said in IN and not text.startswith("/") else None


async def decided(talk: Talk, visit: Visit) -> bool:
    """Nothing is asked: what was said is meant."""
    return True


def _stop(visit: Visit, _decided: bool) -> Outcome:
    """Mute the chat. Who runs the plan hears of somebody who works on it and is written to nowhere else now."""
    who = visit.who
    reachability.mute(visit.connection, who.channel, who.address, visit.now)
    ended = subscriptions.end_all(visit.connection, who.id, visit.now)
    _record(visit, "contact.muted")
    more: Say = _("También dejó sus avisos de eventos.") if ended else ""
    notices: tuple[Notice, ...] = ()
    if people.reached(visit.connection, people=(who.id,)):
        more = lines(more, _("En su otro chat siguen llegando. Si allá tampoco los quiere, escriba BAJA allá."))
    elif who.roles:
        more = lines(more, _("La coordinación ya lo sabe. Lo que está a su cargo sigue a su cargo."))
        told = _(
            "{name} pidió no recibir avisos, pero sigue a cargo de lo suyo. Búsquele por otro medio.", name=who.name
        )
        notices = (Notice(f"muted:{who.id}:{visit.today}", Reply(told), RUN),)
    done = _("Listo: aquí ya no le llegan avisos ni recordatorios. Lo que usted escriba sí se lo respondo. Para volver "
             "a recibirlos escriba ALTA.")  # fmt: skip
    return Outcome(Reply(paragraphs(done, more)), notices)


def _resume(visit: Visit, _decided: bool) -> Outcome:
    if not reachability.unmute(visit.connection, visit.who.channel, visit.who.address):
        return Outcome(Reply(_("En este chat los avisos no están apagados. Para apagarlos escriba BAJA.")))
    _record(visit, "contact.unmuted")
    return Outcome(Reply(_("Listo: aquí le vuelven a llegar avisos y recordatorios. Para apagarlos escriba BAJA.")))


def _record(visit: Visit, action: str) -> None:
    # Who never consents is forgotten, what the audit refers to is not.
    actor = visit.who.id if visit.who.consented else None
    audit.record(visit.connection, visit.now, actor, action, f"person:{visit.who.id}", channel=visit.who.channel)


STOP = Conversation(
    name="stop", command="/baja", run=decided, commit=_stop, title=_("Dejar de recibir avisos"), consent=False,
)  # fmt: skip
RESUME = Conversation(
    name="resume", command="/alta", run=decided, commit=_resume, title=_("Volver a recibir avisos"), consent=False,
    hidden=True,
)  # fmt: skip
