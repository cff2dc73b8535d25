"""/evento: an event by its key, with what it still needs for who works on it; without one, to call a new one.

/eventos: those that are coming.
"""

from __future__ import annotations

import re
from datetime import date

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, n_, paragraphs
from handlers.base import Conversation, said_like
from handlers.citizen.event_card import card, joining, titled, when, where
from handlers.coordinator.event_approval import asking
from handlers.officer.calling import Called, call, called
from handlers.wording import tenths
from models import event_cards, surveyed
from models.event_cards import CALLERS, Card
from models.event_checklist import Item, checklist
from models.people import RUN, Role
from models.surveyed import LEAST, Result
from models.visit import Visit

KEY = re.compile(r"(?:e_)?(e\d{4,6})", re.IGNORECASE)
NAMED = re.compile(r"(?:evento |ver (?:el )?evento |event )(e\d{4,6})")
SHOWN = 6
NAMES: dict[str, Text] = {
    "call": _("Convocatoria"), "prior_report": _("Informe previo"), "attendance": _("Asistencia"),
    "questions": _("Respuestas a las preguntas"), "conclusions": _("Conclusiones"), "commitments": _("Compromisos"),
    "survey": _("Encuesta"), "mechanism": _("Mecanismo de diálogo"), "space": _("Espacio con un grupo de valor"),
    "hearing": _("Audiencia pública"),
}  # fmt: skip
COUNTED = ("attendance", "commitments", "survey")


async def event(talk: Talk, visit: Visit) -> Called | Reply | None:
    """One event, or a new one."""
    if found := KEY.fullmatch(talk.argument.strip()):
        return _one(found[1], visit)
    if visit.who.may(CALLERS):
        return await call(talk, visit)
    return coming_events(visit)


async def events(talk: Talk, visit: Visit) -> Reply:
    """Reads only."""
    return coming_events(visit)


def coming_events(visit: Visit) -> Reply:
    """The next events, each with a button."""
    found = event_cards.coming(visit.connection, visit.now, SHOWN)
    subscribe = Choice("/avisos", _("Recibir avisos de eventos"))
    if not found:
        return Reply(_("Por ahora no hay eventos anunciados. ¿Le aviso cuando haya uno?"), links=(subscribe,))
    told = [lines(titled(one), when(one, visit.zone), where(one)) for one in found]
    looks = tuple(Choice(f"/evento {one.key}", _("Ver {title}", title=one.title)) for one in found)
    return Reply(paragraphs(_("Próximos eventos:"), *told), links=(*looks, subscribe))


def _one(key: str, visit: Visit) -> Reply:
    found = event_cards.find(visit.connection, key, visit.who)
    if found is None:
        return Reply(_("No encontré ese evento."), links=(Choice("/eventos", _("Ver los próximos eventos")),))
    works = found.called_by(visit.who) or visit.who.may((Role.AUDITOR,))
    needs = checklist(visit.connection, found) if works and found.state not in ("declined", "cancelled") else []
    opinion = surveyed.result(visit.connection, found.id) if needs else None
    waits = asking(found, visit.zone) if found.waits and visit.who.may(RUN) else None
    text = paragraphs(
        waits.text if waits and found.proposed_change else "", card(found, visit.zone), _needs(needs, visit.today),
        _opinion(opinion) if opinion and opinion.count else "",
    )  # fmt: skip
    return Reply(text, links=(*(waits.links if waits else ()), *joining(found), *_doings(found, needs, visit)))


def _needs(items: list[Item], today: date) -> Say:
    """The checklist: what is missing first, and since or until when."""
    if not items:
        return ""
    missing = [item for item in items if not item.done]
    return paragraphs(
        lines(_("Falta:"), *(_missing(item, today) for item in missing)) if missing else _("No le falta nada."),
        lines(_("Ya está:"), *(_ready(item) for item in items if item.done)) if len(missing) < len(items) else "",
    )


def _missing(item: Item, today: date) -> Say:
    name: Say = NAMES[item.name]
    if item.name == "questions":
        name = n_("{n} pregunta sin responder", "{n} preguntas sin responder", item.count)
    if item.due is None:
        return _("– {what}", what=name)
    late = _("– {what}: venció el {day}", what=name, day=item.due)
    return late if item.due < today else _("– {what}: hasta el {day}", what=name, day=item.due)


def _ready(item: Item) -> Say:
    if item.name in COUNTED:
        return _("– {what}: {n}", what=NAMES[item.name], n=item.count)
    return _("– {what}", what=NAMES[item.name])


def _opinion(told: Result) -> Say:
    """What those who came thought, without names; of too few only how many they are."""
    if not told.told:
        return n_("Encuesta: {n} respuesta. El resultado se ve desde {least}.",
                  "Encuesta: {n} respuestas. El resultado se ve desde {least}.", told.count, least=LEAST)  # fmt: skip
    return lines(
        _("Encuesta: {n} respuestas.", n=told.count),
        _("Cómo se explicó: {mark} de 5.", mark=tenths(told.clear)),
        _("Cómo se escuchó: {mark} de 5.", mark=tenths(told.heard)),
        _("Dieron 4 o 5 en las dos: {n} de {all}.", n=told.content, all=told.count),
        n_("{n} persona dijo qué debe cambiar.", "{n} personas dijeron qué debe cambiar.", told.comments)
        if told.comments else "",
    )  # fmt: skip


def _doings(found: Card, needs: list[Item], visit: Visit) -> tuple[Choice, ...]:
    """What this person can do about it."""
    reports = [
        Choice(f"/reportar {item.code}", _("Reportar: {what}", what=NAMES[item.name])) for item in needs if item.code
    ]
    if not found.called_by(visit.who):
        return tuple(reports)
    if found.state == "held" and not found.conclusions_at:
        reports.insert(0, Choice(f"/conclusiones {found.key}", _("Escribir las conclusiones")))
    if found.state not in ("announced", "changed"):
        return tuple(reports)
    changes = (
        Choice(f"/cambiar_evento {found.key}", _("Cambiar")), Choice(f"/cancelar_evento {found.key}", _("Cancelar")),
        Choice(f"/afiche {found.key}", _("Ver el afiche")),
        Choice(f"/codigo {found.key}", _("Ver el código para llegar")),
    )  # fmt: skip
    return (*changes, *reports)


EVENT = Conversation(
    name="event",
    command="/evento",
    run=event,
    commit=called,
    title=_("Ver un evento, o convocar uno"),
    phrases=("convocar un evento", "registrar un evento", "crear un evento", "nuevo evento"),
    understands=said_like(NAMED),
    consent=False,
)
EVENTS = Conversation(
    name="events",
    command="/eventos",
    run=events,
    title=_("Ver los próximos eventos"),
    phrases=("eventos", "proximos eventos", "que eventos hay", "cuando hay eventos", "agenda", "calendario de eventos",
             "events"),
    consent=False,
)  # fmt: skip
