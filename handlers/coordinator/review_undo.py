"""/revertir: a decision on a report is taken back by another that names it; the report waits for review again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Option, Pick, Reading, Shown, Stale, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.review_return import LONGEST
from handlers.wording import period_in_words, titled
from models import audit, decided, review_queue, reviews
from models.decided import Decided
from models.people import RUN
from models.visit import Visit

LOOK = (Choice("/revisar", _("Revisar avances")),)


@dataclass(frozen=True, slots=True)
class Reverted:
    """Which decision is taken back, and why."""

    decision: Decided
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision by its number or its report's folio, or one of the newest. What names none is kept as 0: None."""

    visit: Visit
    recent: list[Decided]

    def show(self, draft: Any) -> Shown:
        options = [Option(str(one.id), _decision(one), one) for one in self.recent]
        return Pick(_("¿Cuál decisión revierte? También sirve escribir el folio."), options).show(draft)

    def read(self, heard: Heard, draft: Any) -> Reading:
        named = (heard.choice or heard.text).strip()
        if named.isdecimal():
            return Answer(int(named) if len(named) < 10 else 0)
        found = decided.one(self.visit, report_id=review_queue.by_folio(self.visit, named))
        return Answer(found.id if found else 0)

    def load(self, stored: Any) -> Decided | None:
        if not isinstance(stored, int):
            raise Stale("")
        return decided.one(self.visit, stored)


async def revert(talk: Talk, visit: Visit) -> Reverted | Reply | None:
    """Which decision, why, and whether to do it."""
    asks = not talk.argument and talk.stored("review") is None
    recent = decided.recent(visit) if asks else []
    if asks and not recent:
        return Reply(_("No hay decisiones que se puedan revertir."), links=LOOK)
    found = await talk.ask("review", Standing(visit, recent))
    if found is None:
        return Reply(_("Esa decisión no se puede revertir: no la encontré, o el avance cambió desde entonces."),
                     links=LOOK)  # fmt: skip
    if found.own:
        return Reply(_("Nadie decide sobre su propio avance, ni sobre los de una dependencia para la que reporta."))
    if not found.fits:
        return Reply(_("No se puede revertir: lo que faltaba ya se reportó en otro avance."), links=LOOK)
    prompt = _("¿Por qué la revierte? {name} lo leerá.", name=found.author)
    why = await talk.ask("why", Words(prompt, most=LONGEST))
    sure = paragraphs(
        _("Va a revertir esta decisión:"),
        lines(_decision(found), _duty(found), _("Motivo: {reason}", reason=why)),
        _("El avance vuelve a esperar revisión. La decisión queda a la vista. ¿Confirma?"),
    )
    return Reverted(found, why) if await talk.ask("sure", YesNo(sure, yes=_("Sí, revertir"))) else None


def _decision(one: Decided) -> Say:
    if one.outcome == "verified":
        return _("{folio}: lo verificó {by}", folio=one.folio, by=one.by)
    return _("{folio}: lo devolvió {by}", folio=one.folio, by=one.by)


def _duty(one: Decided) -> Say:
    return titled(one, one.topic, one.counted, period_in_words(one.period))


def _revert(visit: Visit, given: Reverted) -> Outcome:
    """Keep the new decision, and tell the author and whoever took the first."""
    found = given.decision
    number = reviews.revert(visit, found.judged, found.outcome, found.id, given.why)
    audit.record(
        visit.connection, visit.now, visit.who.id, "review.reverted", found.folio, report=found.report_id,
        review=number, reverts=found.id,
    )  # fmt: skip
    told = paragraphs(
        _("{by} revirtió lo que se había decidido sobre el avance {folio}: vuelve a esperar revisión.",
          by=visit.who.name, folio=found.folio),
        lines(_duty(found), _("Motivo: {reason}", reason=given.why)),
    )  # fmt: skip
    notice = Notice(f"review:{number}", Reply(told), people=(found.author_id, found.by_id))
    done = _("Listo: {folio} vuelve a esperar revisión.", folio=found.folio)
    again = Choice(f"/revisar {found.folio}", _("Revisar {folio}", folio=found.folio))
    return Outcome(Reply(done, links=(again,)), (notice,))


REVERT = Conversation(
    name="revert",
    command="/revertir",
    run=revert,
    commit=_revert,
    title=_("Revertir una revisión"),
    phrases=("revertir", "revertir una revision", "revertir la revision"),
    roles=RUN,
)
