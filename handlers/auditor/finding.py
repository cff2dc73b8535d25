"""/hallazgo: Internal Control writes down a finding; those who run the plan hear it. It can be taken back, visibly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.subject import Subject, Sure, named
from models import audit, remarks
from models.owed import Owed
from models.people import RUN, Role
from models.remarks import Remarked
from models.visibility import READ_ALL
from models.visit import Visit

# Findings shown at once.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, of what."""

    owed: Owed
    text: str


async def finding(talk: Talk, visit: Visit) -> Found | None:
    """On what, and what."""
    prompt = _("¿Sobre qué? Escriba el código de un entregable o el folio de un avance.")
    one = await talk.ask("what", Subject(prompt, visit, folios=True))
    text = await talk.ask("text", Words(_("¿Qué encontró en {what}?", what=named(one)), most=1000))
    sure = await talk.ask("sure", Sure(partial(_read_back, one, text), _("Sí, registrar")))
    return Found(one, text) if sure else None


def _read_back(one: Owed, text: str) -> Say:
    return paragraphs(_("Su hallazgo:"), lines(named(one), text),
                      _("Queda escrito con la fecha de hoy y lo lee la coordinación. ¿Lo registro?"))  # fmt: skip


def _keep(visit: Visit, found: Found) -> Outcome:
    one = found.owed
    number = remarks.add(visit, "finding", one.id, one.report_id or None, found.text)
    audit.record(visit.connection, visit.now, visit.who.id, "finding.recorded", one.folio or one.code, remark=number)
    told = paragraphs(
        _("Hallazgo de Control Interno ({by}, {day}):", by=visit.who.name, day=visit.today),
        lines(named(one), found.text),
    )
    links = (Choice("/hallazgos", _("Ver los hallazgos")), Choice(f"/comentar {one.folio or one.code}", _("Comentar")))
    notice = Notice(f"remark:{number}", Reply(told, links=links), RUN)
    undo = Choice(f"/retirar_nota {number}", _("Retirar el hallazgo"))
    return Outcome(Reply(_("Registrado con el número {n}. La coordinación ya lo sabe.", n=number), links=(undo,)),
                   (notice,))  # fmt: skip


async def findings(talk: Talk, visit: Visit) -> Reply:
    """Reads only: the newest findings."""
    found = remarks.latest(visit, "finding", SHOWN)
    if not found:
        return Reply(_("No hay hallazgos."))
    return Reply(paragraphs(_("Hallazgos, primero los más nuevos:"), *(_line(one, visit) for one in found)))


def _line(one: Remarked, visit: Visit) -> Say:
    head = {"n": one.id, "what": one.folio or one.code, "by": one.by, "day": one.at.astimezone(visit.zone).date()}
    if one.ended:
        return lines(_("{n}. {what}, {by}, {day}. Retirado.", **head), one.text)
    return lines(_("{n}. {what}, {by}, {day}", **head), one.text)


FINDING = Conversation(
    name="finding",
    command="/hallazgo",
    run=finding,
    commit=_keep,
    title=_("Registrar un hallazgo"),
    phrases=("hallazgo", "registrar un hallazgo", "tengo un hallazgo"),
    roles=frozenset({Role.AUDITOR}),
)
FINDINGS = Conversation(
    name="findings",
    command="/hallazgos",
    run=findings,
    title=_("Ver los hallazgos"),
    phrases=("hallazgos", "ver los hallazgos"),
    roles=READ_ALL,
)
