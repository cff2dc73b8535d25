"""A report as its reviewer reads it: what was done, what shows it, what to look at twice, what was decided before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from conversation.messages import Picture
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from handlers.wording import due_in_words, evidence_in_words, period_in_words, titled
from models.evidence import KINDS
from models.review_queue import Alert, Card, Piece
from models.visit import Visit

# What is told in words and has no place in the picture.
WORDED = ("link", "place")


def duty(card: Card) -> Say:
    """ "4. Difundir espacio de participación (mayo)"."""
    return titled(card, card.topic, card.counted, period_in_words(card.period))


def card_in_words(card: Card, visit: Visit) -> Say:
    """All of it but the pictures."""
    came = card.received_at.astimezone(visit.zone)
    place = (card.place or {}).get("name") or (card.place or {}).get("position")
    return paragraphs(
        lines(
            duty(card),
            card.office,
            _("De {author}, {day}, {time}", author=card.author, day=came.date(), time=f"{came.hour}:{came:%M}"),
            _("Folio {folio}, versión {version}", folio=card.folio, version=card.version)
            if card.version > 1 else _("Folio {folio}", folio=card.folio),
        ),
        lines(
            card.item,
            _("Qué se hizo: {account}", account=card.account),
            amount(card),
            _("Lugar: {place}", place=place) if place else "",
            _("Fecha: {day}", day=card.done_on),
            _("Según el plan, {due}.", due=due_in_words(card.due, visit.today, card.agreed)),
        ),
        _evidence(card),
        lines(_("Ojo:"), *map(_alert, card.alerts)) if card.alerts else "",
        _history(card, visit),
    )  # fmt: skip


def amount(card: Card) -> Say:
    """How much it reports, and how far the target is with it."""
    return _("Cantidad: {n}. Con esto la meta va en {reported} de {target}.", n=card.quantity,
             reported=card.reported, target=card.target)  # fmt: skip


def piece_in_words(piece: Piece) -> Say:
    """ "soporte 2 (foto)"."""
    return _("soporte {n} ({kind})", n=piece.number, kind=KINDS[piece.kind])


def contact_sheet(card: Card) -> Picture | None:
    """All files in one picture, numbered as in the words; None where there are none."""
    files = [piece for piece in card.pieces if piece.kind not in WORDED]
    if not files:
        return None
    odd = {alert.piece.id for alert in card.alerts if alert.piece and alert.kind != "unseen"}
    tiles = [
        {"number": one.number, "kind": one.kind, "ref": one.ref, "name": one.name, "minors": one.minors,
         "odd": one.id in odd}
        for one in files
    ]  # fmt: skip
    shown = _("{number}. {title}", number=card.number, title=card.title)
    figures: dict[str, Any] = {
        "entity": card.office, "heading": asdict(shown), "plan": card.folio, "day": card.received_on.isoformat(),
        "tiles": tiles,
    }  # fmt: skip
    told = [_("{n}. {kind}: {name}", n=one.number, kind=KINDS[one.kind], name=one.name) for one in files]
    return Picture("evidence", figures, lines(_("Soportes del avance {folio}:", folio=card.folio), *told))


def _evidence(card: Card) -> Say:
    if not card.pieces:
        return ""
    told = [
        _("{n}. {what}", n=one.number, what=one.ref if one.kind == "link" else one.name or one.ref)
        for one in card.pieces
        if one.kind in WORDED
    ]
    minors = [str(one.number) for one in card.pieces if one.minors]
    return lines(
        _("Soportes: {evidence}", evidence=evidence_in_words(card.pieces)),
        *told,
        n_("Menores de edad en el soporte {which}: es solo para revisar, no se publica.",
           "Menores de edad en los soportes {which}: son solo para revisar, no se publican.", len(minors),
           which=listed(minors)) if minors else "",
    )  # fmt: skip


def _alert(alert: Alert) -> Say:
    which = piece_in_words(alert.piece) if alert.piece else ""
    day: date | None = alert.day
    return {
        "none": _("– No trae soportes."),
        "late": _("– Llegó tarde: vencía el {day}.", day=day),
        "used": _("– El {which} también está en {folio}.", which=which, folio=alert.folio),
        "alike": _("– El {which} se parece a una foto de {folio}.", which=which, folio=alert.folio),
        "cut": _("– El {which} está cortado: no se puede ver completo.", which=which),
        "outside": _("– El {which}: según la cámara es del {day}, fuera del periodo.", which=which, day=day),
        "unseen": _("– El {which} aún no se ha comparado con otras fotos.", which=which),
    }[alert.kind]


def _history(card: Card, visit: Visit) -> Say:
    if not card.returned_at:
        return ""
    return n_(
        "Corregido después de devolverlo. {by} lo devolvió el {day}: {reason}",
        "Corregido después de devolverlo {n} veces. {by} lo devolvió el {day}: {reason}",
        card.returns, by=card.returned_by, day=card.returned_at.astimezone(visit.zone).date(), reason=card.reason,
    )  # fmt: skip
