"""/temas: who runs the plan approves the topics of a month; a month without topics has its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, Shown, Stale, Words
from conversation.questions.values import clean
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Outcome
from handlers.coordinator.effect import effect_in_words
from handlers.coordinator.reading import SOON, stored
from handlers.coordinator.subject import Sure
from handlers.wording import period_in_words
from models import audit, planning
from models import topics as kept_topics
from models.following import Applied
from models.people import RUN
from models.planning import Stored
from models.visit import Visit
from plans.calendar import Period, periods
from plans.terms import Activity

NONE = ("ninguno", "ningun tema", "sin temas", "no hay", "no hubo", "none")
LONGEST, MOST = 120, 12
SPLIT = re.compile(r"\n|;|^\s*(?:[-*•]|\d{1,2}[.)])\s*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Approved:
    """The topics of a period, () with the reason why it has none."""

    kept: Stored
    period: str
    topics: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Topics, one a line; or none."""

    prompt: Say

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (Choice("none", _("Ningún tema")),), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice == "none" or fold(heard.text) in NONE:
            return Answer([])
        named = [clean(part) for part in SPLIT.split(heard.text)]
        topics = list(dict.fromkeys(part for part in named if any(c.isalnum() for c in part)))
        if not topics or len(topics) > MOST or max(map(len, topics)) > LONGEST:
            return Misread(_("Escriba los temas, uno por línea: hasta {n}, cortos.", n=MOST))
        return Answer(topics)

    def load(self, stored: Any) -> tuple[str, ...]:
        if not isinstance(stored, list):
            raise Stale("")
        return tuple(stored)


async def topics(talk: Talk, visit: Visit) -> Approved | Reply | None:
    """Of which month, and which."""
    kept = stored(visit)
    row = next((one for one in kept.plan.activities if one.per == "topic"), None) if kept else None
    if kept is None or row is None:
        return Reply(_("Este plan no cuenta nada por temas."))
    known = periods(row.every, row.start, row.end)
    coming = [one for one in known if one.end >= visit.today]  # the month people mean comes first
    ordered = [*coming, *(one for one in reversed(known) if one not in coming)]
    options = [Option(one.key, _named(one, kept), one, _words(one)) for one in ordered]
    period = await talk.ask("period", Pick(_("¿De qué mes son los temas?"), options))
    now = kept.topics.get(period.key, kept.plan.topics)
    prompt = paragraphs(
        lines(_("Temas de hoy:"), *now) if now else _("Hoy no tiene temas."),
        _("Escriba los temas aprobados, uno por línea."),
    )
    named = await talk.ask("topics", Listed(prompt))
    reason = ""
    if not named:
        reason = await talk.ask("why", Words(_("¿Por qué no tiene temas? Queda escrito."), most=500))
    read_back = partial(_read_back, visit, kept, row, period, named, reason)
    sure = await talk.ask("sure", Sure(read_back, _("Sí, aprobar")))
    return Approved(kept, period.key, named, reason) if sure else None


def _named(period: Period, kept: Stored) -> Say:
    month = period_in_words(period.key) or period.key
    return _("{month} (aprobados)", month=month) if period.key in kept.topics else month


def _words(period: Period) -> tuple[str, ...]:
    month = period_in_words(period.key)
    return (period.key, month if isinstance(month, str) else getattr(month, "key", ""))


def _read_back(
    visit: Visit, kept: Stored, row: Activity, period: Period, named: tuple[str, ...], reason: str
) -> Say:  # fmt: skip
    month = period_in_words(period.key) or period.key
    return paragraphs(
        lines(_("Temas de {month} (actividad {n}):", month=month, n=row.number), *named) if named
        else lines(_("{month} queda sin temas (actividad {n}).", month=month, n=row.number),
                   _("Motivo: {reason}", reason=reason)),
        effect_in_words(planning.preview_topics(kept, period.key, named)),
        _("¿Confirma?"),
    )  # fmt: skip


def _keep(visit: Visit, given: Approved) -> Outcome:
    """What is owed follows within a minute, as with a reading."""
    connection, kept = visit.connection, given.kept
    if not visit.who.may(RUN):
        raise PermissionError("only who runs the plan approves topics")
    kept_topics.add(connection, kept.id, given.period, given.topics, given.reason, visit.who.id, visit.now)
    audit.record(
        connection, visit.now, visit.who.id, "topics.approved", f"{kept.plan.slug}:{given.period}",
        topics=len(given.topics),
    )  # fmt: skip
    month = period_in_words(given.period) or given.period
    done = _("Listo: los temas de {month} quedaron escritos. Para cambiarlos, apruébelos otra vez.", month=month)
    effect = planning.preview_topics(kept, given.period, given.topics)
    return Outcome(Reply(paragraphs(done, effect_in_words(effect), SOON)))


def told(done: Applied) -> Say:
    """What those concerned read once what is owed follows them."""
    month = period_in_words(done.about) or done.about
    return paragraphs(
        lines(_("{by} aprobó los temas de {month}:", by=done.by, month=month), *done.said) if done.said
        else lines(_("{by} dejó {month} sin temas.", by=done.by, month=month),
                   _("Motivo: {reason}", reason=done.reason)),
        effect_in_words(done.effect),
        _("Los entregables ya están al día."),
    )  # fmt: skip


TOPICS = Conversation(
    name="topics",
    command="/temas",
    run=topics,
    commit=_keep,
    title=_("Aprobar los temas de un mes"),
    phrases=("temas", "temas del mes", "aprobar temas", "registrar los temas"),
    roles=RUN,
)
