"""/asistir and /no_asistir: I will come, I will not. Who finds no place waits for one, and is told when there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick
from conversation.talk import Talk
from conversation.texts import Say, _, n_, paragraphs
from handlers.base import Conversation, Outcome, said_like
from handlers.citizen.event_card import titled, when, where
from handlers.citizen.permission import Given, keep, permitted, refused
from handlers.places_asked import name_of
from models import attending, event_cards
from models.event_cards import Card
from models.visit import Visit

MOST = 60
GONE = _("Ese evento ya pasó, o no se va a hacer.")
AHEAD = Choice("/eventos", _("Ver los próximos eventos"))
# "voy a ir al foro de Cumbal" → "foro de cumbal".
GOING = re.compile(r"(?:si )?(?:voy a (?:ir|asistir)|quiero (?:ir|asistir)|asistire|ire|inscrib\w+|i will go) "
                   r"(?:a la |al |a el |a |en el |en la |en |to )?(.+)")  # fmt: skip
LEAVING = re.compile(r"(?:ya )?no (?:voy(?: a ir)?|puedo ir|asistire|ire) (?:a la |al |a el |a )?(.+)")


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody comes to an event, or not any more."""

    event: Card
    given: Given = ()


async def come(talk: Talk, visit: Visit) -> Coming | Reply:
    """Which event; who takes part for the first time is asked whether that may be kept."""
    events = event_cards.coming(visit.connection, visit.now, MOST)
    if not events:
        return Reply(_("Por ahora no hay eventos anunciados."), links=(Choice("/avisos", _("Recibir avisos")),))
    event = await talk.ask("event", among(_("¿A cuál va a ir?"), events))
    given = await permitted(talk, visit)
    return refused(visit) if given is None else Coming(event, given)


async def stay(talk: Talk, visit: Visit) -> Coming | Reply:
    """Which one of those they said they would come to."""
    theirs = attending.expected_at(visit.connection, visit.who.id)
    events = [one for one in event_cards.coming(visit.connection, visit.now, MOST) if one.id in theirs]
    if not events:
        return Reply(_("Usted no está en la lista de ningún evento."), links=(AHEAD,))
    if len(events) == 1 and not talk.argument and talk.stored("event") is None:
        return Coming(events[0])
    return Coming(await talk.ask("event", among(_("¿A cuál ya no va?"), events)))


def among(prompt: Say, events: Sequence[Card], gone: Say = GONE) -> Pick[Card]:
    """One of these events, by its title, its code or where it is."""
    options = [
        Option(one.key, one.title, one, (one.key, f"{one.key} {one.kind} {one.title} {name_of(one.municipality)}"))
        for one in events
    ]
    return Pick(prompt, options, gone=gone)


def _come(visit: Visit, coming: Coming) -> Outcome:
    keep(visit, coming.given)
    event = coming.event
    place = attending.come(visit.connection, event.id, visit.who.id, visit.now)
    leave = Choice(f"/no_asistir {event.key}", _("Ya no voy"))
    if place.state == "waiting":
        before = n_("Hay {n} persona antes.", "Hay {n} personas antes.", place.ahead) if place.ahead else ""
        text = paragraphs(
            titled(event), _("Por ahora no hay cupo. Usted quedó en la lista de espera."), before,
            _("Si se libera un cupo, es suyo y le aviso."),
        )  # fmt: skip
        return Outcome(Reply(text, links=(leave,)))
    head = _("Listo. Usted ya está en la lista.")
    text = paragraphs(head, titled(event), when(event, visit.zone), where(event))
    return Outcome(Reply(text, links=(leave, Choice(f"/preguntar {event.key}", _("Hacer una pregunta")))))


def _leave(visit: Visit, coming: Coming) -> Outcome:
    attending.leave(visit.connection, coming.event.id, visit.who.id, visit.now)
    back = Choice(f"/asistir {coming.event.key}", _("Sí voy a ir"))
    return Outcome(Reply(_("Listo. Ya no lo espero en {title}. Gracias por avisar.", title=titled(coming.event)),
                         links=(back,)))  # fmt: skip


def freed(event: Card) -> Reply:
    """A place became free for who waited."""
    text = paragraphs(titled(event), _("Se liberó un cupo y es suyo. ¡Lo esperamos!"))
    links = (Choice(f"/evento {event.key}", _("Ver el evento")), Choice(f"/no_asistir {event.key}", _("Ya no voy")))
    return Reply(text, links=links)


COME = Conversation(
    name="come", command="/asistir", run=come, commit=_come, title=_("Decir que voy a un evento"), consent=False,
    phrases=("voy a ir", "si voy", "quiero ir", "voy", "me inscribo", "inscribirme", "asistir", "cuenten conmigo"),
    understands=said_like(GOING),
)  # fmt: skip
STAY = Conversation(
    name="stay", command="/no_asistir", run=stay, commit=_leave, title=_("Decir que ya no voy a un evento"),
    phrases=("ya no voy", "no voy", "no voy a ir", "no puedo ir", "ya no puedo ir"), understands=said_like(LEAVING),
    consent=False, hidden=True,
)  # fmt: skip
