"""/cambiar_evento and /cancelar_evento: what is announced changes only once somebody else approves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Reply
from conversation.questions import Option, Pick, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, Text, _, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.citizen.event_card import titled
from handlers.coordinator.event_approval import WhichEvent, asking
from handlers.officer.call_questions import (
    Capacity,
    title_question,
    transport_question,
    when_asked,
    where_asked,
)
from models import audit, event_calls, event_cards
from models.event_cards import CALLERS, Card
from models.people import RUN
from models.visit import Visit

PARTS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "when": (_("El día o la hora"), ("la fecha y la hora", "el dia", "cuando")),
    "where": (_("El lugar"), ("el sitio", "donde", "el municipio", "el enlace")),
    "title": (_("El tema"), ("el titulo", "el nombre")),
    "transport": (_("El transporte"), ("el bus",)),
    "capacity": (_("El cupo"), ("cuantas personas caben",)),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Other values of an event, none to call it off, and why."""

    event: Card
    values: dict[str, Any]
    note: str


async def change(talk: Talk, visit: Visit) -> Wish | Reply | None:
    """One part of it, and why."""
    event = await talk.ask("event", WhichEvent(visit))
    if refused := _refused(event, visit):
        return Reply(refused)
    options = [Option(part, label, part, words) for part, (label, words) in PARTS.items()]
    part = await talk.ask("part", Pick(_("¿Qué cambia de {title}?", title=titled(event)), options))
    values = await _values(part, talk, visit)
    note = await talk.ask("why", Words(_("¿Por qué cambia? La gente va a leer este motivo."), most=300, least=4))
    sure = YesNo(_("¿Pido que aprueben este cambio?"), yes=_("Sí, pedir aprobación"), no=_("No"))
    return Wish(event, values, note) if await talk.ask("sure", sure) else None


async def cancel(talk: Talk, visit: Visit) -> Wish | Reply | None:
    """Why it is called off."""
    event = await talk.ask("event", WhichEvent(visit))
    if refused := _refused(event, visit):
        return Reply(refused)
    note = await talk.ask("why", Words(_("¿Por qué se cancela? La gente va a leer este motivo."), most=300, least=4))
    prompt = _("¿Pido que aprueben cancelar {title}?", title=titled(event))
    sure = await talk.ask("sure", YesNo(prompt, yes=_("Sí, pedir aprobación"), no=_("No")))
    return Wish(event, {}, note) if sure else None


async def _values(part: str, talk: Talk, visit: Visit) -> dict[str, Any]:
    if part == "when":
        return await when_asked(talk, visit)
    if part == "where":
        return await where_asked(talk)
    if part == "title":
        return {"title": await talk.ask("title", title_question())}
    if part == "transport":
        return {"transport": await talk.ask("transport", transport_question())}
    return {"capacity": await talk.ask("capacity", Capacity()) or None}


def _refused(event: Card, visit: Visit) -> Say:
    """Why this person cannot ask for a change of it, "" where they can."""
    if not event.called_by(visit.who):
        return _("Ese evento es de otra oficina.")
    if event.state not in ("announced", "changed"):
        return _("Ese evento no está anunciado, o ya pasó.")
    if event.proposed_change:
        return _("Ya hay un cambio de ese evento que espera aprobación.")
    return ""


def _ask(visit: Visit, wish: Wish) -> Outcome:
    """Keep what is asked for; who runs the plan is asked to approve it."""
    connection, who, event = visit.connection, visit.who, wish.event
    event_calls.propose_change(connection, event, who, wish.values, wish.note, visit.now)
    parts = sorted(wish.values)
    audit.record(connection, visit.now, who.id, "event.change_proposed", f"event:{event.key}", parts=parts)
    seen = event_cards.find(connection, event.key, who)
    assert seen is not None
    done = paragraphs(
        _("Listo. Otra persona de la coordinación debe aprobarlo."),
        _("Mientras tanto el evento sigue como estaba."),
    )
    notice = Notice(f"event:change:{event.id}:{visit.now.isoformat()}", asking(seen, visit.zone), RUN)
    return Outcome(Reply(done), (notice,))


CHANGE_EVENT = Conversation(
    name="change_event", command="/cambiar_evento", run=change, commit=_ask, title=_("Cambiar un evento anunciado"),
    roles=CALLERS, phrases=("cambiar un evento", "aplazar un evento", "mover un evento"),
)  # fmt: skip
CANCEL_EVENT = Conversation(
    name="cancel_event", command="/cancelar_evento", run=cancel, commit=_ask, title=_("Cancelar un evento"),
    roles=CALLERS, phrases=("cancelar un evento", "suspender un evento"),
)  # fmt: skip
