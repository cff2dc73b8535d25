"""/aprobar_evento and /no_aprobar_evento: a second person decides whether people hear of an event or of its change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Reading, Stale, YesNo
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.citizen.event_card import card, changed, moment, titled
from models import audit, event_calls, event_cards
from models.event_cards import Card
from models.people import RUN
from models.visit import Visit

# Buttons in one message.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class WhichEvent:
    """An event by its key, "E0012"; its value is the event as it is now."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("¿Cuál evento? Escriba su código, por ejemplo E0001."), (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        key = heard.text.strip().upper()
        event = event_cards.find(self.visit.connection, key, self.visit.who) if key else None
        return Answer(event.key) if event else Misread(_("No encontré ese evento."))

    def load(self, stored: Any) -> Card:
        event = event_cards.find(self.visit.connection, str(stored), self.visit.who)
        if event is None:
            raise Stale("")
        return event


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether people hear of it."""

    event: Card
    accept: bool


async def waiting(talk: Talk, visit: Visit) -> Reply:
    """What waits for a second person."""
    events = event_cards.waiting(visit.connection)
    if not events:
        return Reply(_("Ningún evento espera aprobación."))
    told = lines(*(_("{code}: {title}", code=event.key, title=titled(event)) for event in events))
    looks = (Choice(f"/aprobar_evento {event.key}", _("Revisar {code}", code=event.key)) for event in events[:SHOWN])
    return Reply(paragraphs(_("Esperan aprobación:"), told), links=tuple(looks))


async def approve(talk: Talk, visit: Visit) -> Verdict | Reply | None:
    """Shows what people will read and how many they are."""
    event = await talk.ask("event", WhichEvent(visit))
    if refused := _refused(event, visit):
        return Reply(refused)
    # That an event is off is told at any time: people would come for nothing.
    off = event.proposed_change is not None and event.proposed_change["kind"] == "cancellation"
    people, span = event_calls.outlook(visit.connection, event, visit.today)
    if span and not off:
        return Reply(_("Ahora no se puede anunciar nada: hay una restricción hasta el {day}. {reason}", day=span.end,
                       reason=span.reason))  # fmt: skip
    if event.ends_at and event.ends_at <= visit.now:
        return Reply(_("Ese evento ya pasó. Ya no se puede anunciar."))
    prompt = paragraphs(
        asking(event, visit.zone).text,
        n_("Lo sabrá {n} persona suscrita.", "Lo sabrán {n} personas suscritas.", people),
        _("Mire que no nombre candidatos, partidos ni lemas. ¿Aprueba que se anuncie?"),
    )
    sure = await talk.ask("sure", YesNo(prompt, yes=_("Sí, anunciar"), no=_("Ahora no")))
    return Verdict(event, accept=True) if sure else None


async def decline(talk: Talk, visit: Visit) -> Verdict | Reply:
    """It is not announced."""
    event = await talk.ask("event", WhichEvent(visit))
    refused = _refused(event, visit)
    return Reply(refused) if refused else Verdict(event, accept=False)


def asking(event: Card, zone: ZoneInfo) -> Reply:
    """What waits, and buttons to decide on it."""
    change = event.proposed_change
    if change is None:
        text: Say = paragraphs(_("Un evento espera su aprobación."), card(event, zone))
    elif change["kind"] == "cancellation":
        text = paragraphs(_("Piden cancelar un evento."), titled(event), _("Motivo: {note}", note=change["note"]))
    else:
        before = {name: getattr(event, name) for name in change["values"]}
        before |= {name: value.isoformat() for name, value in before.items() if hasattr(value, "isoformat")}
        text = paragraphs(
            _("Piden cambiar un evento."), titled(event), changed(event, before, zone), _after(change["values"], zone),
            _("Motivo: {note}", note=change["note"]),
        )  # fmt: skip
    return Reply(text, links=(
        Choice(f"/aprobar_evento {event.key}", _("Revisar y aprobar")),
        Choice(f"/no_aprobar_evento {event.key}", _("No aprobar")),
    ))  # fmt: skip


def _after(values: dict[str, Any], zone: ZoneInfo) -> Say:
    if "day" in values:
        starts, ends = (datetime.fromisoformat(values[name]) for name in ("starts_at", "ends_at"))
        return _("Ahora sería: {when}.", when=moment(date.fromisoformat(values["day"]), starts, ends, zone))
    shown = [str(values[name]) for name in ("title", "place", "link", "transport", "capacity") if values.get(name)]
    return _("Ahora sería: {when}.", when=", ".join(shown)) if shown else ""


def _refused(event: Card, visit: Visit) -> Say:
    """Why this person cannot decide on it, "" where they can."""
    if not event.waits:
        return _("Sobre {code} no hay nada por aprobar.", code=event.key)
    if event_calls.proposer(event) == visit.who.id:
        return _("Usted lo propuso. Otra persona de la coordinación debe aprobarlo.")
    return ""


def _decide(visit: Visit, verdict: Verdict) -> Outcome:
    """Announce it or not; who asked for it hears of it."""
    connection, who, event = visit.connection, visit.who, verdict.event
    asked = event_calls.proposer(event)
    what = event.proposed_change["kind"] if event.proposed_change else "call"
    if not verdict.accept:
        event_calls.decline(connection, event, who)
        done: Say = _("Listo. No se anuncia {code}.", code=event.key)
        told: Say = _("No se aprobó lo que pidió de {code}: {title}.", code=event.key, title=titled(event))
    else:
        approved = event_calls.approve_change if event.proposed_change else event_calls.approve
        approved(connection, event, who, visit.now)
        done = _("Listo. Aprobado. Se avisa a la gente en horas hábiles.")
        told = _("Se aprobó lo que pidió de {code}: {title}. Se avisa a la gente.", code=event.key,
                 title=titled(event))  # fmt: skip
    action = "event.approved" if verdict.accept else "event.declined"
    audit.record(connection, visit.now, who.id, action, f"event:{event.key}", what=what, version=event.version)
    see = (Choice(f"/evento {event.key}", _("Ver el evento")),)
    notice = Notice(f"event:decided:{event.id}:{what}:{visit.now.isoformat()}", Reply(told, links=see),
                    people=(asked,) if asked else ())  # fmt: skip
    return Outcome(Reply(done, links=see), (notice,) if asked else ())


WAITING_EVENTS = Conversation(
    name="events_waiting", command="/eventos_por_aprobar", run=waiting, title=_("Ver eventos por aprobar"), roles=RUN,
    phrases=("eventos por aprobar", "que eventos faltan por aprobar"),
)  # fmt: skip
APPROVE_EVENT: Conversation = Conversation(
    name="approve_event", command="/aprobar_evento", run=approve, commit=_decide, title=_("Aprobar un evento"),
    roles=RUN, hidden=True,
)  # fmt: skip
DECLINE_EVENT = Conversation(
    name="decline_event", command="/no_aprobar_evento", run=decline, commit=_decide, title=_("No aprobar un evento"),
    roles=RUN, hidden=True,
)  # fmt: skip
