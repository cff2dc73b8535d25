"""/corregir FOLIO: a new version of a report, visible as such, until somebody has reviewed it, or once it was returned.

Of a report of which one part was returned, only that part is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conversation.messages import Attachment, Choice, Reply
from conversation.questions import Count, Date, Files, Option, Pick, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from handlers.officer.report import ask_minors
from handlers.wording import evidence_in_words
from models import audit, corrections, evidence, obligations, reports
from models.corrections import Correctable
from models.evidence import KINDS
from models.people import RUN, Role
from models.reports import Version
from models.visit import Visit

FOLIO = re.compile(r"a\d+ \d{4}(?: \w+)* \d{4}")
# The part that was returned, and the question for it.
RETURNED = {"evidence": "proof", "account": "account", "day": "day", "quantity": "done"}


@dataclass(frozen=True, slots=True)
class Correction:
    """The old version, the new one as it shall be, what is added to the evidence, and what that takes the place of."""

    old: Version
    new: Version
    added: tuple[Attachment, ...] = ()
    without: int | None = None


async def correct(talk: Talk, visit: Visit) -> Correction | Reply | None:
    """Which report, which part of it, and how it should read."""
    recent = corrections.recent(visit)
    if not recent:
        return Reply(_("No tiene avances que se puedan corregir. Los que ya fueron revisados no cambian."))
    options = [Option(one.version.folio, _label(one.version), one, (one.version.folio,)) for one in recent]
    gone = _("Ese avance ya no se puede corregir.")
    if FOLIO.fullmatch(fold(talk.argument)) and fold(talk.argument) not in {fold(option.key) for option in options}:
        return Reply(gone)  # folios that look alike are others
    chosen = await talk.ask("report", Pick(_("¿Cuál avance corrige?"), options, gone=gone))
    correction = await _part(talk, visit, chosen)
    return correction if await talk.ask("sure", YesNo(_summary(correction), yes=_("Sí, corregir"))) else None


async def _part(talk: Talk, visit: Visit, chosen: Correctable) -> Correction:
    old = new = chosen.version
    if old.state == "returned":  # part of what it counted may have been reported anew meanwhile
        new = replace(old, quantity=min(old.quantity, chosen.room))
    parts = [
        Option("account", _("Lo que se hizo"), "account", ("relato", "texto", "descripcion", "que se hizo")),
        Option("proof", _("Agregar soportes"), "proof", ("soportes", "fotos", "evidencia", "foto")),
        Option("day", _("La fecha"), "day", ("fecha", "dia")),
    ]
    if chosen.room > 1 and not old.item:
        parts.append(Option("done", _("La cantidad"), "done", ("cantidad", "cuantas", "numero")))
    prompt = _(
        "Solo se corrige el relato, la fecha, la cantidad o los soportes. ¿Qué corrige de {folio}?", folio=old.folio
    )
    pick: Pick[str] = Pick(_asked(chosen, prompt), parts)
    match RETURNED.get(chosen.part) or await talk.ask("part", pick):
        case "account":
            account = await talk.ask("account", Words(_asked(chosen, _("Escriba cómo debe quedar."))))
            return Correction(old, replace(new, account=account))
        case "day":
            earliest = min(chosen.starts, visit.today)
            done_on = await talk.ask("day", Date(_asked(chosen, _("¿Qué día se hizo?")), earliest, visit.today))
            return Correction(old, replace(new, done_on=done_on))
        case "done":
            total = await talk.ask(
                "done", Count(_asked(chosen, _("¿Cuántas unidades son en total?")), most=chosen.room)
            )
            return Correction(old, replace(new, quantity=total))
    prompt = _("Envíe los soportes que faltan. Al terminar, toque Listo.")
    if chosen.evidence_id:
        piece = _("soporte {n} ({kind})", n=chosen.number, kind=KINDS[chosen.kind])
        prompt = _("Envíe lo que reemplaza el {piece}. Al terminar, toque Listo.", piece=piece)
    added = await talk.ask("proof", Files(_asked(chosen, prompt)))
    minors = await ask_minors(talk, added)
    return Correction(old, replace(new, minors=bool(old.minors or minors)), added, chosen.evidence_id)


def _asked(chosen: Correctable, prompt: Say) -> Say:
    """What is asked, after why it was returned."""
    if not chosen.by:
        return prompt
    return paragraphs(_("{by} devolvió {folio}: {reason}", by=chosen.by, folio=chosen.version.folio,
                        reason=chosen.reason), prompt)  # fmt: skip


def keep_correction(visit: Visit, correction: Correction) -> Outcome:
    """The old version is superseded, never changed."""
    connection, old, new = visit.connection, correction.old, correction.new
    reports.settle(connection, old, "superseded")
    if new.quantity != old.counted:
        obligations.count_up(connection, old.obligation_id, new.quantity - old.counted)
    version = old.version + 1
    report_id = reports.add(
        connection, plan_id=new.plan_id, obligation_id=new.obligation_id, folio=new.folio, version=version,
        state="reported", quantity=new.quantity, item=new.item, account=new.account, done_on=new.done_on,
        place=new.place, minors=new.minors, author_id=visit.who.id, channel=visit.who.channel, sent_at=visit.sent_at,
        received_at=visit.now,
    )  # fmt: skip
    evidence.carry_over(
        connection, old.id, report_id, correction.added, bool(new.minors), visit.who.channel, visit.sent_at,
        visit.now, correction.without,
    )  # fmt: skip
    audit.record(connection, visit.now, visit.who.id, "report.corrected", new.folio, report=report_id, replaces=old.id)
    done = _("Corregido. El avance {folio} queda en su versión {version}.", folio=new.folio, version=version)
    told = _("{name} corrigió el avance {folio}: va en la versión {version}.", name=visit.who.name, folio=new.folio,
             version=version)  # fmt: skip
    look = Choice(f"/revisar {new.folio}", _("Revisar"))
    notice = Notice(f"report:{new.plan_id}:{new.folio}:{version}", Reply(told, links=(look,)), RUN)
    return Outcome(Reply(done, links=(Choice("/pendientes", _("Ver pendientes")),)), (notice,))


def _label(version: Version) -> Say:
    said = {"folio": version.folio, "account": version.account[:40]}
    return _("{folio}, devuelto: {account}", **said) if version.state == "returned" else _("{folio}: {account}", **said)


def _summary(correction: Correction) -> Say:
    new, added = correction.new, correction.added
    return paragraphs(
        _("El avance {folio} quedará así:", folio=new.folio),
        lines(
            _("Qué se hizo: {account}", account=new.account),
            _("Cantidad: {quantity}", quantity=new.quantity),
            _("Fecha: {day}", day=new.done_on),
            _("Soportes que agrega: {evidence}", evidence=evidence_in_words(added)) if added else "",
        ),
        _("La versión anterior se conserva. ¿Lo corrijo?"),
    )


CORRECT = Conversation(
    name="correct",
    command="/corregir",
    run=correct,
    commit=keep_correction,
    title=_("Corregir un avance"),
    phrases=("corregir", "corregir avance", "quiero corregir", "cambiar un avance"),
    roles=frozenset({Role.OFFICER}),
    files=True,
)
