"""/lectura: who runs the plan decides how a row is counted, after seeing what that adds and removes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from conversation.messages import Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.effect import counts, effect_in_words
from handlers.coordinator.subject import Sure
from models import audit, planning
from models.figures import current_plan
from models.people import RUN, Role
from models.planning import Stored
from models.visit import Visit
from plans.terms import Activity, Alternative


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a row is to be counted, and why."""

    slug: str
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
    return Chosen(kept.plan.slug, row, offer, reason) if sure else None


def stored(visit: Visit) -> Stored | None:
    """The current plan with what was decided on it."""
    plan = current_plan(visit.connection)
    return planning.stored(visit.connection, plan.slug) if plan else None


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
    """The obligations follow at once; those who run the plan and Internal Control hear of it."""
    connection, row, offer = visit.connection, given.row, given.offer
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan decides")
    kept = planning.stored(connection, given.slug, held=True)
    if kept is None:
        return Outcome(Reply(_("Ese plan ya no está.")))
    effect = planning.decide(connection, kept, row.number, offer.key, visit.who.name[:120], given.reason, visit.now)
    audit.record(
        connection, visit.now, visit.who.id, "reading.decided", f"{given.slug}:{row.number}", choice=offer.key,
        **counts(effect),
    )  # fmt: skip
    told = paragraphs(
        _("{by} decidió cómo se cuenta la actividad {n}: {text}.", by=visit.who.name, n=row.number, text=offer.text),
        effect_in_words(effect),
        _("Motivo: {reason}", reason=given.reason),
    )
    notice = Notice(f"reading:{row.number}:{visit.now.isoformat()}", Reply(told), RUN | {Role.AUDITOR})
    done = _("Listo: quedó decidido y escrito quién, cuándo y por qué. Para cambiarlo, decida otra vez.")
    return Outcome(Reply(paragraphs(done, effect_in_words(effect))), (notice,))


READING = Conversation(
    name="reading",
    command="/lectura",
    run=reading,
    commit=_decide,
    title=_("Decidir cómo se cuenta una actividad"),
    phrases=("lectura", "lecturas", "decidir una lectura", "criterio provisional", "como se cuenta"),
    roles=RUN,
)
