"""/verificar_todo: several reports of one office at once, read back first; only those nothing speaks against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Option, Pick, Reading, Shown, Stale, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome, said_like
from handlers.coordinator.review_card import duty
from models import audit, review_queue, reviews
from models.people import RUN
from models.review_queue import Card
from models.visit import Visit

# Of those that wait as many are looked at; as many are read back, and no more verified at once than were.
LOOKED_AT, READ_BACK = 200, 15
GO_ON = (Choice("/revisar", _("Seguir revisando")),)


@dataclass(frozen=True, slots=True)
class Batch:
    """The reports to verify, and how many of those read back are no longer as they were."""

    cards: tuple[Card, ...]
    changed: int


@dataclass(frozen=True, slots=True)
class Offices:
    """Whose reports. The answer holds which they are now, so that none that comes later is verified unread."""

    clean: dict[str, list[Card]]

    def show(self, draft: Any) -> Shown:
        return self._pick().show(draft)

    def read(self, heard: Heard, draft: Any) -> Reading:
        reading = self._pick().read(heard, draft)
        if not isinstance(reading, Answer):
            return reading
        return Answer([card.id for card in self.clean[reading.stored][:READ_BACK]])

    def load(self, stored: Any) -> list[int]:
        if not isinstance(stored, list):
            raise Stale("")
        return stored

    def _pick(self) -> Pick[str]:
        options = [
            Option(code, _("{office} ({n})", office=cards[0].office, n=len(cards)), code, (code, cards[0].office))
            for code, cards in self.clean.items()
        ]
        return Pick(_("¿De qué dependencia? Solo se verifican los que no tienen alertas."), options)


async def verify_all(talk: Talk, visit: Visit) -> Batch | Reply | None:
    """Of which office; then the list, to be confirmed."""
    waiting = [card for card in review_queue.queue(visit, most=LOOKED_AT).cards if not card.alerts]
    waiting.sort(key=lambda card: card.office_code)  # most urgent first in each, as they were
    clean = {code: list(cards) for code, cards in groupby(waiting, key=lambda card: card.office_code)}
    if not clean and talk.stored("which") is None:
        return Reply(_("No hay avances sin alertas: se revisan uno por uno."), links=GO_ON)
    read = await talk.ask("which", Offices(clean))
    cards = tuple(card for card in waiting if card.id in read)
    if not cards:
        return Reply(_("Esos avances cambiaron o ya los revisó otra persona."), links=GO_ON)
    batch = Batch(cards, len(read) - len(cards))
    return batch if await talk.ask("sure", YesNo(_read_back(batch), yes=_("Sí, verificar"))) else None


def _read_back(batch: Batch) -> Say:
    cards = batch.cards
    return paragraphs(
        n_("Va a verificar {n} avance de {office}:", "Va a verificar {n} avances de {office}:", len(cards),
           office=cards[0].office),
        lines(*(_("{folio}: {duty}, {author}", folio=one.folio, duty=duty(one), author=one.author) for one in cards)),
        _changed(batch),
        _("Contarán oficialmente. ¿Confirma?"),
    )  # fmt: skip


def _changed(batch: Batch) -> Say:
    if not batch.changed:
        return ""
    return n_("{n} de la lista cambió o ya se revisó: no se toca.",
              "{n} de la lista cambiaron o ya se revisaron: no se tocan.", batch.changed)  # fmt: skip


def _verify(visit: Visit, batch: Batch) -> Outcome:
    """All or none; each has its own entry, and every author hears of it."""
    cards = batch.cards
    reviews.verify_all(visit, [card.judged for card in cards])
    folios = [card.folio for card in cards]
    audit.record_all(visit.connection, visit.now, visit.who.id, "report.verified", folios)
    told = paragraphs(
        n_("{by} verificó {n} avance: cuenta oficialmente.", "{by} verificó {n} avances: cuentan oficialmente.",
           len(cards), by=visit.who.name),
        lines(*(_("{folio}: {duty}", folio=one.folio, duty=duty(one)) for one in cards)),
    )  # fmt: skip
    people = tuple({card.author_id for card in cards})
    notice = Notice(f"verified:{visit.who.id}:{cards[0].id}:{len(cards)}", Reply(told), people=people)
    done = n_("Verificado {n} avance.", "Verificados {n} avances.", len(cards))
    undo = Choice("/revertir", _("Revertir alguno"))
    return Outcome(Reply(lines(done, _changed(batch)), links=(*GO_ON, undo)), (notice,))


# "verificar todo lo de prensa" → "prensa".
ALL = re.compile(
    r"(?:verificar|verifique|verifiqueme|aprobar|apruebe) todos?(?: (?:lo|los|las))?(?: del?)?(?: la)?(?: (.+))?"
)


VERIFY_ALL = Conversation(
    name="verify_all",
    command="/verificar_todo",
    run=verify_all,
    commit=_verify,
    title=_("Verificar varios avances sin alertas"),
    phrases=("verificar todo", "aprobar todo", "verificar varios"),
    understands=said_like(ALL),
    roles=RUN,
)
