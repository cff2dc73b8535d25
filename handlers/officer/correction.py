"""/corregir FOLIO: a new version of a report, visible as such, until somebody has reviewed it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conversation.messages import Attachment, Choice, Reply
from conversation.questions import Count, Date, Files, Option, Pick, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.officer.report import ask_minors
from handlers.wording import evidence_in_words
from models import audit, corrections, evidence, obligations, reports
from models.corrections import Correctable
from models.people import RUN, Role
from models.reports import Version
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Correction:
    """The old version, the new one as it shall be, and what is added to the evidence."""

    old: Version
    new: Version
    added: tuple[Attachment, ...] = ()


async def correct(talk: Talk, visit: Visit) -> Correction | Reply | None:
    """Which report, which part of it, and how it should read."""
    recent = corrections.recent(visit)
    if not recent:
        return Reply(_("No tiene avances que se puedan corregir. Los que ya fueron revisados no cambian."))
    options = [Option(one.version.folio, _label(one.version), one, (one.version.folio,)) for one in recent]
    gone = _("Ese avance ya no se puede corregir.")
    chosen = await talk.ask("report", Pick(_("¿Cuál avance corrige?"), options, gone=gone))
    correction = await _part(talk, visit, chosen)
    return correction if await talk.ask("sure", YesNo(_summary(correction), yes=_("Sí, corregir"))) else None


async def _part(talk: Talk, visit: Visit, chosen: Correctable) -> Correction:
    old = chosen.version
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
    match await talk.ask("part", Pick(prompt, parts)):
        case "account":
            account = await talk.ask("account", Words(_("Escriba cómo debe quedar.")))
            return Correction(old, replace(old, account=account))
        case "day":
            earliest = min(chosen.starts, visit.today)
            done_on = await talk.ask("day", Date(_("¿Qué día se hizo?"), earliest, visit.today))
            return Correction(old, replace(old, done_on=done_on))
        case "done":
            total = await talk.ask("done", Count(_("¿Cuántas unidades son en total?"), most=chosen.room))
            return Correction(old, replace(old, quantity=total))
    added = await talk.ask("proof", Files(_("Envíe los soportes que faltan. Al terminar, toque Listo.")))
    minors = await ask_minors(talk, added)
    return Correction(old, replace(old, minors=bool(old.minors or minors)), added)


def keep_correction(visit: Visit, correction: Correction) -> Outcome:
    """The old version is superseded, never changed."""
    connection, old, new = visit.connection, correction.old, correction.new
    reports.settle(connection, old.id, "superseded")
    if new.quantity != old.quantity:
        obligations.count_up(connection, old.obligation_id, new.quantity - old.quantity)
    version = old.version + 1
    report_id = reports.add(
        connection, plan_id=new.plan_id, obligation_id=new.obligation_id, folio=new.folio, version=version,
        state="reported", quantity=new.quantity, item=new.item, account=new.account, done_on=new.done_on,
        place=new.place, minors=new.minors, author_id=visit.who.id, channel=visit.who.channel, sent_at=visit.sent_at,
        received_at=visit.now,
    )  # fmt: skip
    evidence.carry_over(connection, old.id, report_id, bool(new.minors))
    if correction.added:
        evidence.add(
            connection, report_id, correction.added, bool(new.minors), visit.who.channel, visit.sent_at, visit.now
        )
    audit.record(connection, visit.now, visit.who.id, "report.corrected", new.folio, report=report_id, replaces=old.id)
    done = _("Corregido. El avance {folio} queda en su versión {version}.", folio=new.folio, version=version)
    told = _("{name} corrigió el avance {folio}: va en la versión {version}.", name=visit.who.name, folio=new.folio,
             version=version)  # fmt: skip
    notice = Notice(f"report:{new.plan_id}:{new.folio}:{version}", Reply(told), RUN)
    return Outcome(Reply(done, links=(Choice("/pendientes", _("Ver pendientes")),)), (notice,))


def _label(version: Version) -> Say:
    return _("{folio}: {account}", folio=version.folio, account=version.account[:40])


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
