"""/lectura: who runs the plan decides how a row is counted, after seeing what that adds and removes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from conversation.messages import Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Outcome
from handlers.coordinator.effect import effect_in_words
from handlers.coordinator.subject import Sure
from models import audit, planning
from models.following import Applied
from models.people import RUN
from models.planning import Stored
from models.visit import Visit
from plans.terms import Activity, Alternative


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a row is to be counted, and why."""

    kept: Stored
    row: Activity
    offer: Alternative
    reason: str


async def reading(talk: Talk, visit: Visit) -> Chosen | Reply | None:
    """Which row, which of its readings, why."""
    kept = stored(visit)
    rows = [row for row in kept.plan.activities if len(row.alternatives) > 1] if kept else []
    if kept is None or not rows:
        return Reply(_("En este plan cada fila se cuenta de una sola forma."))
    options = [Option(str(row.number), _label(row, kept), row, (str(row.number),)) for row in rows]
    row = await talk.ask("row", Pick(_("¿De qué actividad decide cómo se cuenta?"), options))
    now = kept.choices.get(row.number, row.alternatives[0].key)
    offers = [Option(one.key, _offer(one, now), one, (one.text, one.key)) for one in row.alternatives]
    offer = await talk.ask("choice", Pick(_told(row, kept), offers))
    reason = await talk.ask("why", Words(_("¿Por qué? Queda escrito con su nombre y la fecha."), most=500))
    sure = await talk.ask("sure", Sure(partial(_read_back, visit, kept, row, offer, reason), _("Sí, decidir")))
    return Chosen(kept, row, offer, reason) if sure else None


def stored(visit: Visit) -> Stored | None:
    """The current plan with what was decided on it."""
    return planning.stored(visit.connection)


def _label(row: Activity, kept: Stored) -> Say:
    told = {"number": row.number, "title": row.title}
    if row.number in kept.choices:
        return _("{number}. {title} (decidido)", **told)
    return _("{number}. {title} (criterio provisional)", **told)


def _offer(offer: Alternative, now: str) -> Say:
    return _("{text} (hoy)", text=offer.text) if offer.key == now else offer.text


def _told(row: Activity, kept: Stored) -> Say:
    """What the plan says literally, and how it is counted today."""
    now = kept.choices.get(row.number, row.alternatives[0].key)
    text = next((offer.text for offer in row.alternatives if offer.key == now), "")
    return paragraphs(
        _("{number}. {title}", number=row.number, title=row.title),
        lines(
            _("El plan dice: «{text}»", text=row.target_text or row.text), _("Hoy se cuenta así: {text}.", text=text)
        ),
        _("¿Cómo se cuenta?"),
    )


def _read_back(visit: Visit, kept: Stored, row: Activity, offer: Alternative, reason: str) -> Say:
    effect = planning.preview(kept, row.number, offer.key)
    return paragraphs(
        _("La actividad {n} se contará así: {text}.", n=row.number, text=offer.text),
        effect_in_words(effect),
        _("Motivo: {reason}", reason=reason),
        _("Ningún avance se borra, y los cortes cerrados no cambian: se verá como ajuste. ¿Confirma?"),
    )


def _decide(visit: Visit, given: Chosen) -> Outcome:
    """What is owed follows within a minute (scheduler.readings); then all who run the plan and Internal Control hear of
    it, also who decided."""
    connection, row, offer = visit.connection, given.row, given.offer
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan decides")
    slug, by = given.kept.plan.slug, visit.who.name[:120]
    effect = planning.take(connection, given.kept, row.number, offer.key, by, given.reason, visit.now)
    audit.record(
        connection, visit.now, visit.who.id, "reading.decided", f"{slug}:{row.number}", choice=offer.key
    )  # fmt: skip
    done = _("Listo: quedó decidido y escrito quién, cuándo y por qué. Para cambiarlo, decida otra vez.")
    return Outcome(Reply(paragraphs(done, effect_in_words(effect), SOON)))


def told(done: Applied) -> Say:
    """What those concerned read once what is owed follows the decision."""
    return paragraphs(
        _("{by} decidió cómo se cuenta la actividad {n}: {text}.", by=done.by, n=done.about, text=done.said[0]),
        effect_in_words(done.effect),
        _("Motivo: {reason}", reason=done.reason),
        _("Los entregables ya están al día."),
    )


SOON = _("Los entregables se ponen al día en menos de un minuto. Le aviso aquí cuando estén.")
READING = Conversation(
    name="reading",
    command="/lectura",
    run=reading,
    commit=_decide,
    title=_("Decidir cómo se cuenta una actividad"),
    phrases=("lectura", "lecturas", "decidir una lectura", "criterio provisional", "como se cuenta"),
    roles=RUN,
)
