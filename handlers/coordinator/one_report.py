"""/avance: one report with its evidence (who, when, what kind, how its fingerprint begins) and what was decided."""

from __future__ import annotations

from datetime import datetime

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, n_, paragraphs
from handlers.asking import PAGE
from handlers.base import Conversation
from handlers.coordinator.filed import STATES
from handlers.coordinator.proof import PROOF
from handlers.coordinator.review_return import part_in_words
from handlers.wording import period_in_words, titled
from models.filed import Kept, Listed, evidence_of, one_filed
from models.history import Decision, history
from models.visibility import STAFF
from models.visit import Visit
from models.withholdings import MAY

ACCOUNT = 600
# Letters of a SHA-256 that tell two files apart at a glance.
FINGERPRINT = 12
# Decisions that are told, the newest.
DECISIONS = 5
KINDS: dict[str, Text] = {
    "photo": _("Foto"), "video": _("Video"), "voice": _("Nota de voz"), "audio": _("Nota de voz"),
    "document": _("Documento"), "link": _("Enlace"), "place": _("Ubicación"),
}  # fmt: skip


async def one_report(talk: Talk, visit: Visit) -> Reply:
    """Reads only. The argument is the folio and, where it has much evidence, the page of that."""
    folio, _sep, page = talk.argument.partition(" ")
    found = one_filed(visit, folio.upper()) if folio else None
    if found is None:
        return Reply(_("No encontré ese avance entre los que usted puede ver."), links=(_more_of(""),))
    proof = evidence_of(visit.connection, found)
    start = PAGE * (max(1, int(page)) - 1) if page.isdecimal() and len(page) < 4 else 0
    shown = proof[start : start + PAGE]
    text = paragraphs(
        _what(found) if not start else _("Avance {folio}.", folio=found.folio),
        _who(found, visit) if not start else "",
        lines(
            n_("{n} soporte:", "{n} soportes:", len(proof)) if proof else _("Sin soportes."),
            *(_evidence(number, one, visit) for number, one in enumerate(shown, start + 1)),
        ),
        _decided(history(visit, found.folio), visit) if not start else "",
    )
    rest = len(proof) - start - len(shown)
    further = [Choice(f"/avance {folio} {start // PAGE + 2}", _("Más ({n})", n=rest))] if rest > 0 else []
    scope = f"{found.number} {found.office_code}".strip()
    if PROOF.open_to(visit) and any(one.size for one in proof):
        further.append(Choice(f"{PROOF.command} {found.folio}", _("Descargar los soportes")))
    hide = [Choice(f"/ocultar {folio}", _("Ocultar un soporte"))] if proof and visit.who.may(MAY) else []
    links = (*further, _more_of(scope), Choice(f"/estado {scope}", _("Ver el estado")), *hide)
    return Reply(text, links=links)


# Names of their own, in every language; the page has none.
CHANNELS: dict[str, Say] = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": _("la página")}


def _more_of(scope: str) -> Choice:
    return Choice(f"/avances {scope}".strip(), _("Ver los avances"))


def _what(found: Listed) -> Say:
    version = _("versión {n}", n=found.version) if found.version > 1 else ""
    return lines(
        _("Avance {folio}: {n}, {state}.", folio=found.folio, n=found.quantity, state=STATES[found.state]),
        titled(found, found.office, period_in_words(found.period), found.item, version),
        found.account if len(found.account) <= ACCOUNT else found.account[:ACCOUNT] + "…",
    )


def _who(found: Listed, visit: Visit) -> Say:
    """The three dates are kept apart: what is declared, what the device said, when it came."""
    return lines(
        _("Lo reportó {name}. Dice que se hizo el {day}.", name=found.author, day=found.done_on),
        _("Enviado el {sent}; recibido el {received}, por {channel}.", sent=_at(found.sent_at, visit),
          received=_at(found.received_at, visit), channel=CHANNELS.get(found.channel, found.channel)),
    )  # fmt: skip


def _decided(decisions: list[Decision], visit: Visit) -> Say:
    """Who decided what, when and why; officers read it of their offices."""
    if not decisions:
        return ""
    shown = decisions[-DECISIONS:]
    earlier = len(decisions) - len(shown)
    return lines(
        _("Revisión:"),
        n_("– {n} decisión anterior.", "– {n} decisiones anteriores.", earlier) if earlier else "",
        *(_decision(one, visit) for one in shown),
    )


def _decision(one: Decision, visit: Visit) -> Say:
    told = {"name": one.by, "at": _at(one.at, visit), "version": one.version, "reason": one.reason}
    if one.outcome == "verified":
        return _("– {name} verificó la versión {version}, el {at}.", **told)
    if one.outcome == "reverted":
        return _("– {name} revirtió esa decisión, el {at}: {reason}", **told)
    if not one.part:
        return _("– {name} devolvió la versión {version}, el {at}: {reason}", **told)
    part = part_in_words(one.part, _("un soporte"))
    return _("– {name} devolvió de la versión {version} {part}, el {at}: {reason}", part=part, **told)


def _evidence(number: int, one: Kept, visit: Visit) -> Say:
    return lines(_piece(number, one, visit), _withheld(one, visit))


def _piece(number: int, one: Kept, visit: Visit) -> Say:
    kind, came = KINDS[one.kind], _at(one.received_at, visit)
    if one.kind in ("link", "place"):
        return _("{number}. {kind}: {ref}. Recibido el {came}.", number=number, kind=kind, ref=one.ref, came=came)
    # Photos of a platform have no name.
    told = _("{number}. {kind}{name}. Recibido el {came}. Huella {hash}…", number=number, kind=kind,
             name=one.name and f" {one.name}", came=came, hash=one.ref[:FINGERPRINT])  # fmt: skip
    return _("{told} En reserva: pueden salir menores.", told=told) if one.quarantined else told


def _withheld(one: Kept, visit: Visit) -> Say:
    """Who kept it from the public and when, and who showed it again."""
    if not one.held_at:
        return ""
    hidden = one.held_at.astimezone(visit.zone).date()
    if not one.shown_at:
        return _("No se publica: muestra datos personales ({by}, {day}).", by=one.held_by, day=hidden)
    return _("Estuvo oculto desde el {day}. {by} lo volvió a mostrar el {shown}: {reason}", day=hidden,
             by=one.shown_by, shown=one.shown_at.astimezone(visit.zone).date(), reason=one.why)  # fmt: skip


def _at(moment: datetime, visit: Visit) -> Text:
    local = moment.astimezone(visit.zone)
    return _("{day} a las {hour}", day=local.date(), hour=f"{local.hour}:{local:%M}")


ONE_REPORT = Conversation(
    name="one_report",
    command="/avance",
    run=one_report,
    title=_("Ver un avance con sus soportes"),
    roles=STAFF,
    hidden=True,
)
