"""/quien_subio: who sent a piece of evidence and when, by each clock, and what looks like it."""

from __future__ import annotations

import re
from datetime import datetime

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, listed, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation
from handlers.coordinator.subject import CODE
from models.evidence import KINDS
from models.origins import Origin, origins
from models.visibility import READ_ALL
from models.visit import Visit

# Pieces told at once; each is some ten lines.
SHOWN = 3
PIECE = re.compile(r"(?:la |el |lo )?(?:foto|soporte|archivo|documento|imagen|video|pagina|pieza)?s? ?(\d{1,3})")
ASKS = re.compile(
    r"quien (?:subio|envio|mando|tomo|cargo)(?: (?:esa|esta|ese|este|la|el|eso|esto))?"
    r"(?: (?:foto|imagen|soporte|archivo|documento|evidencia|video|avance))?(?: y (?:a que hora|cuando))?(?: (.+))?"
)
FILES = ("photo", "video", "voice", "audio", "document")


async def who(talk: Talk, visit: Visit) -> Reply:
    """Reads only. The argument is a folio and perhaps the number of a piece of its evidence."""
    named = CODE.search(talk.argument.replace("_", "-"))
    found = origins(visit, named[0]) if named else []
    if named is None:
        return Reply(_("Responda al mensaje con la foto, o escriba el folio: /quien_subio A04-2022-05-0001"))
    if not found:
        return Reply(_("No encontré soportes con ese folio."))
    number = PIECE.fullmatch(fold(talk.argument.replace(named[0], " ")))
    first = int(number[1]) if number else 1
    shown = [one for one in found if first <= one.number < first + (1 if number else SHOWN)]
    rest = found[first - 1 + len(shown) :] if not number else []
    folio = found[0].folio
    links = [Choice(f"/quien_subio {folio} {one.number}", _("Soporte {n}", n=one.number)) for one in rest[:6]]
    links.append(Choice(f"/avance {folio}", _("Ver {folio}", folio=folio)))
    if not shown:
        return Reply(_("Ese avance no tiene un soporte {n}.", n=first), links=tuple(links))
    return Reply(paragraphs(_("Avance {folio}:", folio=folio), *(_piece(one, visit) for one in shown)),
                 links=tuple(links))  # fmt: skip


def _piece(one: Origin, visit: Visit) -> Say:
    """Times are kept apart: what the sender's clock said, when it reached us, what the officer and the camera claim."""
    details = one.details
    taken = str(details.get("taken_at", ""))
    return lines(
        _("Soporte {n} ({kind}){name}", n=one.number, kind=KINDS[one.kind], name=one.name and f" {one.name}"),
        _("Lo envió {author} ({office}), por {channel}.", author=one.author, office=one.office, channel=one.channel)
        if one.office else _("Lo envió {author}, por {channel}.", author=one.author, channel=one.channel),
        _("Enviado: {sent}. Recibido: {received}.", sent=_at(one.sent_at, visit), received=_at(one.received_at, visit)),
        _("Fecha que declara el avance: {day}. Llegó con la versión {version}.", day=one.done_on, version=one.version),
        _("Según la cámara: {taken}. No prueba cuándo fue.", taken=taken) if taken else "",
        _("Huella SHA-256: {hash}", hash=one.ref) if one.kind in FILES else _("Es: {ref}", ref=one.ref),
        _received(one),
        _("Se parece o es igual a lo de: {folios}.", folios=listed(one.alike)) if one.alike
        else _("No se encontró igual ni parecido en otro avance."),
    )  # fmt: skip


def _received(one: Origin) -> Say:
    if one.kind not in FILES:
        return ""
    if one.details.get("recompressed"):
        return _("La plataforma lo comprimió al enviarlo: no es el original, y perdió los datos de la cámara.")
    return _("No consta que la plataforma lo comprimiera.")


def _at(moment: datetime, visit: Visit) -> Text:
    local = moment.astimezone(visit.zone)
    return _("{day} a las {hour}", day=local.date(), hour=f"{local.hour}:{local:%M:%S}")


def _understands(text: str) -> str | None:
    """ "¿quién subió esa foto y a qué hora?" → ""; with a folio behind it, the folio as it was typed."""
    folio = CODE.search(text)
    found = ASKS.fullmatch(fold(text[: folio.start()] if folio else text).strip())
    return text[folio.start() :].strip("¿?¡! ") if found and folio else (found[1] or "") if found else None


WHO = Conversation(
    name="who",
    command="/quien_subio",
    run=who,
    title=_("Ver quién subió un soporte y cuándo"),
    phrases=("quien subio esa foto", "quien subio esa foto y a que hora", "quien envio eso"),
    understands=_understands,
    roles=READ_ALL,
    quotes=True,
)
