"""/reportar: an officer says what was done, and shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from conversation.messages import Attachment, Choice, Reply
from conversation.questions import Count, Date, Option, Pick, Place, Spot, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome, said_like
from handlers.officer.review import Review, shows_people
from handlers.officer.which import Which
from handlers.wording import due_in_words, duty_in_words, evidence_in_words, progress_in_words
from models import audit, evidence, obligations, reports
from models.obligations import Duty, Filed
from models.people import RUN, Role
from models.visit import Visit
from plans.places import municipalities


@dataclass(frozen=True, slots=True)
class NewReport:
    """What the officer says was done."""

    duty: Duty
    item: str
    quantity: int
    account: str
    place: Spot | None
    done_on: date
    proof: tuple[Attachment, ...] = ()
    minors: bool | None = None


async def report(talk: Talk, visit: Visit) -> NewReport | Reply | None:
    """Which duty, told and shown: five messages from us in all, and nothing counts before the last one is answered.

    The day and the amount are taken for granted until somebody puts them right.
    """
    which = Which(_("¿Qué actividad va a reportar?"), visit)
    if not which.holds(talk.stored("duty")) and not which.open:
        return _nothing_owed(which.owed)
    duty = await talk.ask("duty", which)
    item = await _item(talk, duty)
    account = await talk.ask("account", Words(_("Cuente en una o dos frases qué se hizo.")))
    place = (
        await talk.ask("place", Place(_("¿Dónde fue? Escriba el lugar o comparta la ubicación.")))
        if duty.place
        else None
    )
    amount = Count("", most=duty.left) if duty.left > 1 and not duty.distinct else None
    quantity = talk.given("done", amount, 1) if amount else 1
    day = Date("", min(duty.starts, visit.today), visit.today)
    new = NewReport(duty, item, quantity, account, place, talk.given("day", day, visit.today))
    told = partial(_summary, new, visit.today)
    asked = Review(_proof_prompt(duty), least=max(1, len(duty.proofs)), told=told, day=day, amount=amount)
    reviewed = await talk.ask("review", asked)
    return replace(new, proof=reviewed.proof, minors=reviewed.minors) if reviewed.sends else None


def file_report(visit: Visit, new: NewReport) -> Outcome:
    """Keep the report with its evidence, count it, and tell those who run the plan."""
    connection, duty = visit.connection, new.duty
    filed = obligations.file(connection, duty.id, new.quantity)
    report_id = reports.add(
        connection, plan_id=duty.plan_id, obligation_id=duty.id, folio=filed.folio, version=1, state="reported",
        quantity=new.quantity, item=new.item, account=new.account, done_on=new.done_on, place=spot(new.place),
        minors=new.minors, author_id=visit.who.id, channel=visit.who.channel, sent_at=visit.sent_at,
        received_at=visit.now,
    )  # fmt: skip
    evidence.add(connection, report_id, new.proof, bool(new.minors), visit.who.channel, visit.sent_at, visit.now)
    hashes = [item.ref for item in new.proof if item.size]
    audit.record(connection, visit.now, visit.who.id, "report.filed", filed.folio, report=report_id, sha256=hashes)
    return Outcome(_receipt(visit, new, filed), (_told(visit, new, filed),))


async def ask_minors(talk: Talk, proof: tuple[Attachment, ...]) -> bool | None:
    """Whether minors can be seen; only asked where there is something to see."""
    if not shows_people(proof):
        return None
    return await talk.ask("minors", YesNo(_("¿Aparecen menores de edad en las fotos o videos?")))


def spot(place: Spot | None) -> dict[str, str] | None:
    """A place as it is kept."""
    return {"name": place.name, "position": place.position} if place else None


async def _item(talk: Talk, duty: Duty) -> str:
    """The step or municipality this report stands for, where each report must name another one."""
    if duty.distinct == "step":
        prompt, gone = _("¿Qué parte reporta?"), _("Esa parte ya está reportada.")
        every = [Option(step, step.capitalize(), step) for step in duty.steps]
    elif duty.distinct == "municipality":
        prompt, gone = _("¿En qué municipio? Escriba el nombre."), _("Ese municipio ya está reportado.")
        every = [Option(m.code, m.name, m.name, m.aliases) for m in municipalities()]
    else:
        return ""
    left = [option for option in every if option.value not in duty.items]
    closed = [option for option in every if option.value in duty.items]
    return await talk.ask("item", Pick(prompt, left, gone=gone, closed=closed))


def _proof_prompt(duty: Duty) -> Say:
    if duty.proofs:
        return _("Envíe los soportes, uno de cada uno: {proofs}. Sirven fotos, archivos o enlaces.",
                 proofs=listed(duty.proofs))  # fmt: skip
    return _("Envíe los soportes: fotos, un archivo o un enlace. Al terminar, toque Listo.")


def _summary(new: NewReport, today: date, proof: tuple[Attachment, ...]) -> Say:
    amount = _("Cantidad: {quantity} de {left} que faltan", quantity=new.quantity, left=new.duty.left)
    return paragraphs(
        _("Revise antes de enviar:"),
        lines(
            duty_in_words(new.duty),
            new.item,
            amount if new.duty.left > 1 and not new.item else "",
            _("Qué se hizo: {account}", account=new.account),
            _("Lugar: {place}", place=new.place.name or new.place.position) if new.place else "",
            _("Fecha: hoy, {day}", day=new.done_on) if new.done_on == today else _("Fecha: {day}", day=new.done_on),
            _("Soportes: {evidence}", evidence=evidence_in_words(proof)),
        ),
    )


def _receipt(visit: Visit, new: NewReport, filed: Filed) -> Reply:
    first, left = obligations.left_for(visit)
    return Reply(
        paragraphs(
            _("Recibido. El número de su avance (folio) es {folio}.", folio=filed.folio),
            lines(
                _("Guardé: {evidence}.", evidence=evidence_in_words(new.proof)),
                _("Los archivos donde aparecen menores no se publican.") if new.minors else "",
                _("Esta meta va en {progress}.", progress=progress_in_words(filed.reported, filed.target)),
            ),
            lines(
                n_("Le queda {n} meta pendiente.", "Le quedan {n} metas pendientes.", left),
                _("Lo más urgente: {duty}, {due}.", duty=duty_in_words(first),
                  due=due_in_words(first.due, visit.today)),
            ) if first else _("Usted está al día."),
        ),
        links=(Choice("/reportar", _("Reportar otro")), Choice("/pendientes", _("Ver pendientes"))),
    )  # fmt: skip


def _told(visit: Visit, new: NewReport, filed: Filed) -> Notice:
    offices = listed(sorted(visit.who.offices.values()))
    text = paragraphs(
        _("Nuevo avance de {name} ({office}).", name=visit.who.name, office=offices),
        lines(
            duty_in_words(new.duty),
            new.account if len(new.account) <= 300 else new.account[:300] + "…",
            _("Soportes: {evidence}. Va {progress}.", evidence=evidence_in_words(new.proof),
              progress=progress_in_words(filed.reported, filed.target)),
            _("Folio {folio}", folio=filed.folio),
        ),
    )  # fmt: skip
    look = Choice(f"/estado {new.duty.number}", _("Ver la actividad {number}", number=new.duty.number))
    judge = Choice(f"/revisar {filed.folio}", _("Revisar"))
    return Notice(f"report:{new.duty.plan_id}:{filed.folio}:1", Reply(text, links=(judge, look)), RUN)


def _nothing_owed(owed: list[Duty]) -> Reply:
    if owed:
        return Reply(_("Lo que falta aún no se puede reportar: primero debe cumplirse otra actividad."))
    return Reply(_("Usted está al día: no hay nada pendiente por reportar."))


# "ya publiqué la 1" → "1".
NUMBERED = re.compile(
    r"(?:ya |reportar |reporto |reporte |avance )+(?:publique |hice |hicimos |entregue |termine |cumpli )?"
    r"(?:de )?(?:la |el )?(?:actividad )?(\d{1,3})"
)


REPORT = Conversation(
    name="report",
    command="/reportar",
    run=report,
    commit=file_report,
    title=_("Reportar un avance"),
    phrases=("reportar", "reportar avance", "quiero reportar", "tengo un avance", "hecho", "ya lo hice",
             "registrar avance", "ya publique"),
    understands=said_like(NUMBERED),
    roles=frozenset({Role.OFFICER}),
    files=True,
)  # fmt: skip
