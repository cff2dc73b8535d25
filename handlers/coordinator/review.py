"""/revisar: what waits for review, one report after another. Nobody reviews their own, or those of an own office."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Amend, Option, Pick, Reading, Shown, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from conversation.understanding import best
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.review_card import amount, card_in_words, contact_sheet, duty, piece_in_words
from handlers.coordinator.review_return import Returned, part_in_words, returned
from models import audit, review_queue, reviews
from models.people import RUN
from models.review_queue import Card, Queue
from models.reviews import SEE
from models.visit import Visit
from plans.calendar import Calendar

# Business days an officer has to put right what was returned before the clock asks for it.
REST = 2
ABOUT = re.compile(r"(?:card|part|units|why|sure)-(\d+)")
PASSED = re.compile(r"skip-(\d+)")
SKIP = ("saltar", "salte", "despues", "luego", "siguiente", "otro", "el siguiente", "skip", "next")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided on a report: verified, or returned; neither where it is left as it is."""

    card: Card
    verified: bool
    returned: Returned | None
    again: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judge(Pick[str]):
    """A card and what can be decided on it. Passing over it is not answering it: its question stays unanswered."""

    card: Card | None = None
    links: tuple[Choice, ...] = ()

    def show(self, draft: Any) -> Shown:
        picture = contact_sheet(self.card) if self.card else None
        again = _("¿Qué decide sobre {folio}?", folio=self.card.folio) if self.card else ""
        return replace(Pick.show(self, draft), links=self.links, picture=picture, again=again)

    def read(self, heard: Heard, draft: Any) -> Reading:
        if self.card and (heard.choice or best(heard.text, {"skip": SKIP}) == ["skip"]) in ("skip", True):
            return Amend(f"skip-{self.card.id}", 1)
        return Pick.read(self, heard, draft)


async def review(talk: Talk, visit: Visit) -> Decision | Reply:
    """The card that is open, or the most urgent one; what becomes of it."""
    passed = [int(found[1]) for name in talk.names if (found := PASSED.fullmatch(name))]
    waiting = review_queue.queue(visit, passed, _pinned(talk, visit, passed))
    card = waiting.pinned
    if card and (said := settled(card)):
        talk.note(said)
        card = None
    if card is None:
        if not waiting.cards:
            return _nothing(visit, passed, decided="seen" in talk.names)
        card = waiting.cards[0]
    verdict = await talk.ask(f"card-{card.id}", _judge(card, waiting, visit, passed, began=len(talk.names) < 2))
    if verdict == "stop":
        return Reply(_left(waiting.total), links=(Choice("/revisar", _("Seguir revisando")),))
    given = None if verdict == "verify" else await returned(talk, visit, card, whole=verdict == "return")
    prompt, yes = _read_back(card, given)
    sure = await talk.ask(f"sure-{card.id}", YesNo(prompt, yes=yes, no=_("No, dejarlo como está")))
    again = {"seen": 1, **{f"skip-{one}": 1 for one in passed}}
    return Decision(card, sure and given is None, given if sure else None, again)


def settled(card: Card) -> Say:
    """Why there is nothing to decide (any more), "" where there is."""
    if card.own:
        return _("Nadie revisa su propio avance, ni los de una dependencia para la que reporta: {folio} lo revisa otra "
                 "persona.", folio=card.folio)  # fmt: skip
    who: dict[str, Any] = {"folio": card.folio, "by": card.by}
    said: dict[str, Say] = {
        "reported": "",
        "verified": _("{by} ya verificó {folio}.", **who),
        "returned": _("{by} ya devolvió {folio}.", **who),
        "superseded": _("{author} acaba de corregir {folio}: hay una versión nueva.", author=card.author, **who),
        "withdrawn": _("{author} retiró {folio}: ya no hay que revisarlo.", author=card.author, **who),
    }
    return said[card.state]


def _pinned(talk: Talk, visit: Visit, passed: list[int]) -> int:
    """The report the open question is about, or the one asked for by its folio; 0 for none."""
    about = [int(found[1]) for name in talk.names if (found := ABOUT.fullmatch(name))]
    if about:
        return 0 if about[-1] in passed else about[-1]
    folio, talk.argument = talk.argument, ""
    return review_queue.by_folio(visit, folio) if folio else 0


def _judge(card: Card, waiting: Queue, visit: Visit, passed: list[int], began: bool) -> Judge:
    options = [
        Option("verify", _("Verificar"), "verify", ("verifico", "aprobar", "apruebo", "esta bien", "correcto", "ok")),
        Option("return", _("Devolver"), "return", ("devuelvo", "devuelvalo", "rechazar", "no sirve")),
        Option("part", _("Solo una parte"), "part", ("devolver una parte", "una parte")),
    ]
    decides = visit.who.may(RUN)
    options = options if decides else []
    options.append(Option("skip", _("Saltar"), "skip"))
    options.append(Option("stop", _("Terminar"), "stop", ("terminar", "termine", "parar", "basta", "no mas", "fin")))
    left = _("{n} por revisar; empiezo por la más urgente.", n=waiting.total)
    head = left if began and waiting.cards[:1] == [card] else _left(waiting.total, len(passed))
    clean = [one for one in waiting.cards if one.office_code == card.office_code and not one.alerts]
    links = (
        (Choice(f"/verificar_todo {card.office_code}", _("Verificar los {n} sin alertas", n=len(clean))),)
        if decides and len(clean) > 1
        else ()
    )
    return Judge(paragraphs(head, card_in_words(card, visit)), options, card=card, links=links)


def _left(count: int, passed: int = 0) -> Say:
    if not count:
        return _("No queda nada por revisar.")
    if not passed:
        return n_("Queda {n} por revisar.", "Quedan {n} por revisar.", count)
    return n_("Queda {n} por revisar, sin contar los que saltó ({passed}).",
              "Quedan {n} por revisar, sin contar los que saltó ({passed}).", count, passed=passed)  # fmt: skip


def _nothing(visit: Visit, passed: list[int], decided: bool) -> Reply:
    if passed:
        text = n_("Solo queda {n} que usted saltó.", "Solo quedan {n} que usted saltó.", len(passed))
        return Reply(text, links=(Choice("/revisar", _("Volver a los que salté")),))
    if decided:  # what others review is said to who asks; the turn that decides has cost enough
        return Reply(_left(0))
    theirs = review_queue.others(visit)
    other = n_("{n} lo revisa otra persona: es suyo o de su dependencia.",
               "{n} los revisa otra persona: son suyos o de su dependencia.", theirs) if theirs else ""  # fmt: skip
    return Reply(lines(_("No hay nada por revisar."), other))


def _read_back(card: Card, given: Returned | None) -> tuple[Say, Say]:
    """What will be written, to be confirmed, and the yes to it."""
    about = lines(_("{folio}: {duty}", folio=card.folio, duty=duty(card)), _("De: {author}", author=card.author))
    if given is None:
        alerts = n_("Tiene {n} alerta.", "Tiene {n} alertas.", len(card.alerts)) if card.alerts else ""
        text = paragraphs(_("Va a verificar este avance. Contará oficialmente."), lines(about, amount(card), alerts))
        return paragraphs(text, _("¿Confirma?")), _("Sí, verificar")
    part = _part(given)
    head = _("Va a devolver una parte de este avance: {part}.", part=part) if part else _("Va a devolver este avance.")
    text = paragraphs(head, lines(about, _("Motivo: {reason}", reason=given.reason), _counting(card, given)))
    return paragraphs(text, _("¿Confirma?")), _("Sí, devolver")


def _part(given: Returned) -> Say:
    return part_in_words(given.part, piece_in_words(given.piece) if given.piece else "")


def _counting(card: Card, given: Returned) -> Say:
    if given.kept:
        return n_("Mientras lo corrige cuenta {n} de {quantity}.", "Mientras lo corrige cuentan {n} de {quantity}.",
                  given.kept, quantity=card.quantity)  # fmt: skip
    return _("No cuenta hasta que lo corrija.")


def _decide(visit: Visit, given: Decision) -> Outcome:
    """Keep the decision, tell its author at once, and go on with the next."""
    card, back = given.card, given.returned
    if given.verified:
        number = reviews.verify(visit, card.judged)
        said = _("{by} verificó su avance {folio}: cuenta oficialmente.", by=visit.who.name, folio=card.folio)
        told: Say = lines(said, duty(card))
        links: tuple[Choice, ...] = (Choice("/pendientes", _("Ver pendientes")),)
        action, done = "report.verified", _("Verificado: {folio}.", folio=card.folio)
    elif back:
        again = Calendar().add_business_days(visit.today, REST)
        piece = back.piece.id if back.piece else None
        judged = replace(card.judged, kept=back.kept)
        number = reviews.give_back(visit, judged, back.reason, back.part, piece, again)
        told, links = _told(visit, card, back)
        action, done = "report.returned", _("Devuelto: {folio}. Ya le avisé a {name}.", folio=card.folio,
                                            name=card.author)  # fmt: skip
    else:
        return Outcome(Reply(_("{folio} queda como estaba.", folio=card.folio)), again=given.again)
    audit.record(visit.connection, visit.now, visit.who.id, action, card.folio, report=card.id, review=number)
    notice = Notice(f"review:{number}", Reply(told, links=links), people=(card.author_id,))
    undo = Choice(f"/revertir {number}", _("Revertir {folio}", folio=card.folio))
    return Outcome(Reply(done, links=(undo,)), (notice,), given.again)


def _told(visit: Visit, card: Card, back: Returned) -> tuple[Say, tuple[Choice, ...]]:
    """What the officer reads: what to do, and the button that does it."""
    part = _part(back)
    who = {"by": visit.who.name, "folio": card.folio}
    told = paragraphs(
        _("{by} devolvió una parte de su avance {folio}: {part}.", part=part, **who) if part
        else _("{by} devolvió su avance {folio}.", **who),
        lines(duty(card), _("Motivo: {reason}", reason=back.reason), _counting(card, back)),
        _("Toque Corregir: solo se pide esa parte, lo demás queda como está.") if part
        else _("Toque Corregir y diga qué cambia. Lo que ya envió se conserva."),
    )  # fmt: skip
    return told, (Choice(f"/corregir {card.folio}", _("Corregir")),)


REVIEW = Conversation(
    name="review",
    command="/revisar",
    run=review,
    commit=_decide,
    title=_("Revisar avances"),
    phrases=("revisar", "revisar avances", "que hay por revisar", "por revisar", "que falta por revisar",
             "quiero revisar", "cola de revision"),
    roles=SEE,
)  # fmt: skip
