"""/conclusiones: what came of an event and what was promised there; somebody else approves it, then people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from conversation.messages import Choice, Reply
from conversation.questions import Ahead, Maybe, Option, Pick, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.citizen.come import among
from handlers.citizen.event_card import titled
from models import audit, concluding, event_calls
from models.concluding import Promised, Proposed
from models.event_cards import CALLERS, Card
from models.offices import numbered
from models.people import RUN
from models.visit import Visit

MOST = 20
FARTHEST = timedelta(days=730)
GONE = _("De ese evento ya hay conclusiones.")
DECIDED = _("Eso ya se decidió.")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an event."""

    event: Card
    conclusions: str
    promises: tuple[Promised, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether people read it."""

    proposed: Proposed
    accept: bool


async def conclude(talk: Talk, visit: Visit) -> Told | Reply | None:
    """The event, the conclusions, then one promise after another until there are no more."""
    events = concluding.lacking(visit.connection, visit.who, visit.now, visit.today)
    if not events:
        return Reply(_("No hay eventos sin conclusiones."))
    event = await talk.ask("event", among(_("¿De cuál evento?"), events, GONE))
    words = Words(_("¿A qué conclusiones llegaron? La gente va a leer esto: use frases cortas."), most=1200, least=10)
    conclusions = await talk.ask("conclusions", words)
    promises = await _promises(talk, visit)
    prompt = paragraphs(
        titled(event),
        _told(conclusions, promises),
        _("¿Está bien? Otra persona lo aprueba antes de avisar a la gente."),
    )
    sure = await talk.ask("sure", YesNo(prompt, yes=_("Sí, pedir aprobación"), no=_("No")))
    return Told(event, conclusions, promises) if sure else None


async def _promises(talk: Talk, visit: Visit) -> tuple[Promised, ...]:
    made: list[Promised] = []
    known = numbered(visit.connection)
    mine = [number for number in known if number in visit.who.offices]
    options = [
        Option(str(number), known[number].name, number, (*known[number].aliases, known[number].code))
        for number in dict.fromkeys((*mine, *known))
    ]
    for number in range(1, MOST + 1):
        first = number == 1
        asked: Say = _("¿Qué se prometió? Escriba el primer compromiso.") if first else _("¿Qué más se prometió?")
        none = _("No se prometió nada") if first else _("Nada más")
        text = await talk.ask(f"promise{number}", Maybe(asked, none=none, most=300))
        if not text:
            break
        office = await talk.ask(f"office{number}", Pick(_("¿Qué oficina lo va a hacer?"), options))
        latest = visit.today + FARTHEST
        due = await talk.ask(f"due{number}", Ahead(_("¿Hasta qué día tiene plazo?"), visit.today, latest))
        made.append(Promised(text, office, known[office].name, due))
    return tuple(made)


async def approve(talk: Talk, visit: Visit) -> Verdict | Reply | None:
    """Shows what people will read, and how many they are."""
    proposed = await _chosen(talk, visit)
    if isinstance(proposed, Reply):
        return proposed
    people, span = event_calls.outlook(visit.connection, proposed.event, visit.today)
    if span:
        return Reply(_("Ahora no se puede anunciar nada: hay una restricción hasta el {day}. {reason}", day=span.end,
                       reason=span.reason))  # fmt: skip
    prompt = paragraphs(
        titled(proposed.event), _told(proposed.conclusions, proposed.promises),
        n_("Lo sabrá {n} persona suscrita.", "Lo sabrán {n} personas suscritas.", people),
        _("También quien vino o preguntó."),
        _("Mire que no nombre candidatos, partidos ni lemas. ¿Aprueba que se anuncie?"),
    )  # fmt: skip
    sure = await talk.ask("sure", YesNo(prompt, yes=_("Sí, anunciar"), no=_("Ahora no")))
    return Verdict(proposed, accept=True) if sure else None


async def decline(talk: Talk, visit: Visit) -> Verdict | Reply:
    """They are to be told anew."""
    proposed = await _chosen(talk, visit)
    return proposed if isinstance(proposed, Reply) else Verdict(proposed, accept=False)


async def _chosen(talk: Talk, visit: Visit) -> Proposed | Reply:
    waiting = {one.event.id: one for one in concluding.waiting(visit.connection)}
    if not waiting:
        return Reply(_("No hay conclusiones por aprobar."))
    events = [one.event for one in waiting.values()]
    chosen = waiting[(await talk.ask("event", among(_("¿De cuál evento?"), events, DECIDED))).id]
    if chosen.by == visit.who.id:
        return Reply(_("Usted las escribió. Otra persona de la coordinación debe aprobarlas."))
    return chosen


def _ask(visit: Visit, told: Told) -> Outcome:
    """Keep what is to be approved; who runs the plan is asked."""
    connection, who, event = visit.connection, visit.who, told.event
    concluding.propose(connection, event, who, told.conclusions, told.promises, visit.now)
    audit.record(connection, visit.now, who.id, "event.concluded", f"event:{event.key}", promises=len(told.promises))
    asking = Reply(
        paragraphs(_("Unas conclusiones esperan su aprobación."), titled(event),
                   _told(told.conclusions, told.promises)),
        links=(
            Choice(f"/aprobar_conclusiones {event.key}", _("Revisar y aprobar")),
            Choice(f"/no_aprobar_conclusiones {event.key}", _("No aprobar")),
        ),
    )  # fmt: skip
    notice = Notice(f"event:conclusions:{event.id}:{visit.now.isoformat()}", asking, RUN)
    return Outcome(Reply(_("Listo. Otra persona de la coordinación debe aprobarlo. Después se avisa a la gente.")),
                   (notice,))  # fmt: skip


def _decide(visit: Visit, verdict: Verdict) -> Outcome:
    """Announce it or not; who wrote it hears of it."""
    connection, who, proposed = visit.connection, visit.who, verdict.proposed
    event = proposed.event
    again = Choice(f"/conclusiones {event.key}", _("Escribirlas de nuevo"))
    see = Choice(f"/evento {event.key}", _("Ver el evento"))
    if verdict.accept:
        concluding.approve(connection, proposed, who, visit.today, visit.now)
        done: Say = _("Listo. Aprobado. Se avisa a la gente en horas hábiles.")
        told = Reply(_("Se aprobaron sus conclusiones de {title}.", title=titled(event)), links=(see,))
    else:
        concluding.decline(connection, proposed, who, visit.today)
        done = _("Listo. No se anuncian.")
        told = Reply(_("No se aprobaron sus conclusiones de {title}.", title=titled(event)), links=(again,))
    action = "conclusions.approved" if verdict.accept else "conclusions.declined"
    audit.record(connection, visit.now, who.id, action, f"event:{event.key}", promises=len(proposed.promises))
    notice = Notice(f"event:conclusions:{event.id}:decided:{visit.now.isoformat()}", told, people=(proposed.by,))
    return Outcome(Reply(done, links=(see,)), (notice,))


def _told(conclusions: str, promises: Sequence[Promised]) -> Say:
    made = [
        lines(_("– {what}", what=one.text), _("A cargo: {office}, hasta el {day}.", office=one.office, day=one.due))
        for one in promises
    ]
    return paragraphs(
        _("Conclusiones: {text}", text=conclusions),
        lines(_("Compromisos:"), *made) if made else _("No hubo promesas."),
    )


CONCLUDE = Conversation(
    name="conclude", command="/conclusiones", run=conclude, commit=_ask, roles=CALLERS,
    title=_("Escribir las conclusiones de un evento"),
    phrases=("conclusiones", "registrar conclusiones", "escribir conclusiones", "registrar compromisos"),
)  # fmt: skip
APPROVE_CONCLUSIONS = Conversation(
    name="approve_conclusions", command="/aprobar_conclusiones", run=approve, commit=_decide, roles=RUN,
    title=_("Aprobar conclusiones"), phrases=("aprobar conclusiones", "conclusiones por aprobar"),
)  # fmt: skip
DECLINE_CONCLUSIONS = Conversation(
    name="decline_conclusions", command="/no_aprobar_conclusiones", run=decline, commit=_decide, roles=RUN,
    title=_("No aprobar conclusiones"), hidden=True,
)  # fmt: skip
