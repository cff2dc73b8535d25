"""/propuestas: what people propose to talk about, without names; /decidir_tema: it becomes a topic, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, Shown, Stale, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.effect import counts, effect_in_words
from handlers.coordinator.reading import stored
from handlers.coordinator.subject import Sure
from handlers.coordinator.topics import LONGEST, MOST
from handlers.wording import period_in_words
from models import audit, planning, proposals
from models.event_cards import CALLERS
from models.people import RUN
from models.planning import Stored
from models.proposals import Proposed
from models.visit import Visit
from plans.calendar import Period, periods

SHOWN = 8
QUEUE = Choice("/propuestas", _("Ver las propuestas"))
NONE = Reply(_("No hay temas propuestos por decidir."))
GONE = _("Ese tema ya no espera una decisión.")


@dataclass(frozen=True, slots=True)
class WhichProposal:
    """A proposal by its number, while nobody has decided on it."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        found = proposals.waiting(self.visit.connection, SHOWN)
        return Shown(lines(_("¿Cuál tema? Escriba su número."), *map(_line, found)),
                     tuple(Choice(str(one.id), str(one.id)) for one in found), "text")  # fmt: skip

    def read(self, heard: Heard, draft: Any) -> Reading:
        named = (heard.choice or heard.text).strip()
        number = int(named) if named.isdecimal() and len(named) < 10 else 0
        return Answer(number) if proposals.find(self.visit.connection, number) else Misread(GONE)

    def load(self, stored: Any) -> Proposed:
        found = proposals.find(self.visit.connection, stored) if isinstance(stored, int) else None
        if found is None:
            raise Stale(GONE)
        return found


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a proposal: a topic of a period of a plan, or nothing, for a reason."""

    proposal: Proposed
    reason: str = ""
    slug: str = ""
    period: str = ""
    topic: str = ""


async def proposed(talk: Talk, visit: Visit) -> Reply:
    """Reads only."""
    found = proposals.waiting(visit.connection, SHOWN)
    if not found:
        return NONE
    decides = visit.who.may(RUN)
    links = [Choice(f"/decidir_tema {one.id}", _("Decidir {n}", n=one.id)) for one in found] if decides else []
    return Reply(paragraphs(_("Temas que propone la gente:"), lines(*map(_line, found))), links=tuple(links))


def _line(one: Proposed) -> Say:
    return _("{n}. {what}", n=one.id, what=one.text)


async def decide(talk: Talk, visit: Visit) -> Decided | Reply | None:
    """Which; whether it becomes a topic, of which month and under which name; or why it does not."""
    if not proposals.waiting(visit.connection, 1):
        return NONE
    one = await talk.ask("proposal", WhichProposal(visit))
    kept = stored(visit)
    known = _coming(kept, visit) if kept else []
    options = [
        *([Option("take", _("Aceptar como tema"), True, ("si", "aceptar"))] if known else []),
        Option("decline", _("No aceptar"), False, ("no", "rechazar")),
    ]
    prompt = paragraphs(
        _("La gente propone: «{text}».", text=one.text),
        _("¿Se acepta como tema?") if known else _("Este plan no tiene meses en los que quepa otro tema."),
    )
    if not await talk.ask("take", Pick(prompt, options)) or kept is None:
        why = await talk.ask("why", Words(_("¿Por qué no? Quien lo propuso lo leerá."), most=500))
        told = lines(_("No se acepta: «{text}».", text=one.text), _("Motivo: {reason}", reason=why))
        sure = paragraphs(told, _("¿Confirma?"))
        return Decided(one, why) if await talk.ask("sure", YesNo(sure, yes=_("Sí, no aceptar"))) else None
    months = [Option(period.key, period_in_words(period.key) or period.key, period, (period.key,)) for period in known]
    period = await talk.ask("period", Pick(_("¿De qué mes será tema?"), months))
    named = Words(_("¿Cómo se llama el tema? Todos lo leen: sin nombres ni datos de nadie."), most=LONGEST)
    topic = " ".join((await talk.ask("name", named)).split())
    read_back = partial(_read_back, kept, period, topic)
    sure_of_it = await talk.ask("sure", Sure(read_back, _("Sí, aceptar")))
    return Decided(one, "", kept.plan.slug, period.key, topic) if sure_of_it else None


def _coming(kept: Stored, visit: Visit) -> list[Period]:
    """Periods that are not over and have room for a topic."""
    row = next((one for one in kept.plan.activities if one.per == "topic"), None)
    known = periods(row.every, row.start, row.end) if row else []
    return [one for one in known if one.end >= visit.today and len(_of(kept, one.key)) < MOST]


def _of(kept: Stored, period: str) -> tuple[str, ...]:
    return tuple(kept.topics.get(period, kept.plan.topics))


def _with(kept: Stored, period: str, topic: str) -> tuple[str, ...]:
    """The topics of a period with one more; each once."""
    return tuple(dict.fromkeys((*_of(kept, period), topic)))


def _read_back(kept: Stored, period: Period, topic: str) -> Say:
    month, named = period_in_words(period.key) or period.key, _with(kept, period.key, topic)
    return paragraphs(
        lines(n_("{month} queda con {n} tema:", "{month} queda con {n} temas:", len(named), month=month), *named),
        effect_in_words(planning.preview_topics(kept, period.key, named)),
        _("Quien lo propuso lo sabrá. ¿Confirma?"),
    )


def _decide(visit: Visit, given: Decided) -> Outcome:
    """Keep the decision, and tell who proposed it. Not whose it is: that can be forgotten, the audit cannot."""
    connection, one = visit.connection, given.proposal
    kept = planning.stored(connection, given.slug, held=True) if given.period else None
    if kept is None:
        person = proposals.decide(visit, one.id, "declined", given.reason)
        audit.record(connection, visit.now, visit.who.id, "proposal.declined", f"proposal:{one.id}")
        told = lines(_("Su tema no se aceptó: «{text}».", text=one.text), _("Motivo: {reason}", reason=given.reason))
        return _told(one, person, told, _("Listo: el tema {n} no se aceptó.", n=one.id))
    person = proposals.decide(visit, one.id, "taken", "")
    named = _with(kept, given.period, given.topic)
    effect = planning.approve_topics(connection, kept, given.period, named, "", visit.who.id, visit.now)
    audit.record(
        connection, visit.now, visit.who.id, "proposal.taken", f"proposal:{one.id}",
        topics=f"{given.slug}:{given.period}", **counts(effect),
    )  # fmt: skip
    month = period_in_words(given.period) or given.period
    told = lines(_("Su tema se aceptó: «{text}».", text=one.text),
                 _("Se hablará de él en {month}: {topic}.", month=month, topic=given.topic))  # fmt: skip
    return _told(one, person, told, paragraphs(_("Listo: el tema {n} se aceptó.", n=one.id), effect_in_words(effect)))


def _told(one: Proposed, person: int, told: Say, done: Say) -> Outcome:
    return Outcome(Reply(done, links=(QUEUE,)), (Notice(f"proposal:{one.id}", Reply(told), people=(person,)),))


PROPOSED = Conversation(
    name="proposed", command="/propuestas", run=proposed, title=_("Ver los temas que propone la gente"), roles=CALLERS,
    phrases=("propuestas", "que propone la gente", "temas propuestos"),
)  # fmt: skip
DECIDE_TOPIC = Conversation(
    name="decide_topic", command="/decidir_tema", run=decide, commit=_decide, title=_("Decidir un tema propuesto"),
    roles=RUN, phrases=("decidir un tema", "aceptar un tema", "decidir una propuesta"),
)  # fmt: skip
