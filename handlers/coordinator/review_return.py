"""Returning a report: all of it or one part, what of it counts meanwhile, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions import Answer, Count, Misread, Option, Pick, Reading, Shown, Words
from conversation.talk import Talk
from conversation.texts import Say, _
from handlers.coordinator.review_card import piece_in_words
from models import plan
from models.review_queue import Card, Piece
from models.reviews import Part
from models.visit import Visit

# A reason fits into a message.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Returned:
    """What is returned and why. `piece`: of part "evidence"; `kept`: how much counts meanwhile."""

    part: Part
    piece: Piece | None
    kept: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Words):
    """Words, or one of the phrases the plan offers."""

    visit: Visit
    plan_id: int

    def show(self, draft: Any) -> Shown:
        offered = tuple(Choice(str(at), phrase) for at, phrase in enumerate(self._phrases()))
        return Shown(self.prompt, offered, "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if not heard.choice:
            return Words.read(self, heard, draft)
        phrases = dict(enumerate(self._phrases()))
        meant = phrases.get(int(heard.choice)) if heard.choice.isdecimal() else None
        return Answer(meant) if meant else Misread(_("Ese motivo ya no está; escríbalo."))

    def _phrases(self) -> list[str]:
        return [phrase[: self.most] for phrase in plan.returns(self.visit.connection, self.plan_id)]


async def returned(talk: Talk, visit: Visit, card: Card, whole: bool) -> Returned:
    """Asks for the part unless it is the whole, and for the reason."""
    part, piece = ("", None) if whole else await talk.ask(f"part-{card.id}", _parts(card))
    kept = 0
    if piece and card.quantity > 1:
        prompt = _("¿Cuántas de las {n} dejan de contar mientras lo corrige?", n=card.quantity)
        kept = card.quantity - await talk.ask(f"units-{card.id}", Count(prompt, most=card.quantity))
    prompt = _("¿Por qué lo devuelve? {name} lo leerá. Escríbalo o toque un motivo.", name=card.author)
    asked = Reason(prompt, most=LONGEST, visit=visit, plan_id=card.plan_id)
    return Returned(part, piece, kept, await talk.ask(f"why-{card.id}", asked))


def part_in_words(part: str, piece: Say = "") -> Say:
    """What of a report is meant: "soporte 2 (foto)", "la fecha"; "" is all of it."""
    return {
        "": "", "evidence": piece, "account": _("lo que se hizo"), "day": _("la fecha"), "quantity": _("la cantidad"),
    }[part]  # fmt: skip


def _parts(card: Card) -> Pick[tuple[Part, Piece | None]]:
    """By the number of a piece, or by name."""
    options: list[Option[tuple[Part, Piece | None]]] = [
        Option(f"e{one.id}", _capital(piece_in_words(one)), ("evidence", one), (str(one.number), one.name))
        for one in card.pieces
    ]
    options += [
        Option("account", _("Lo que se hizo"), ("account", None), ("relato", "texto", "que se hizo")),
        Option("day", _("La fecha"), ("day", None), ("fecha", "dia")),
    ]
    if card.target > 1 and not card.item:
        options.append(Option("quantity", _("La cantidad"), ("quantity", None), ("cantidad", "cuantas")))
    return Pick(_("¿Qué parte devuelve? Lo demás queda como está."), options)


def _capital(say: Say) -> Say:
    return _("El {what}", what=say)
