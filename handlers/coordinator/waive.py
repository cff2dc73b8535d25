"""/dispensar and /restablecer: who runs the plan takes an obligation off by an act, with a reason, and puts it back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.subject import Subject, Sure, named
from handlers.wording import due_in_words, progress_in_words
from models import audit, waivers
from models.owed import Owed
from models.people import RUN
from models.visit import Visit

WHICH = _("¿Cuál entregable? Escriba su código (A04-2022-05), o la actividad con su mes o dependencia.")


@dataclass(frozen=True, slots=True)
class Waived:
    """What is taken off, and by which act."""

    owed: Owed
    act: str
    reason: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What is owed again, and why."""

    owed: Owed
    why: str


async def waive(talk: Talk, visit: Visit) -> Waived | Reply | None:
    """Which, by which act and why; what changes is read back."""
    one = await talk.ask("what", Subject(WHICH, visit, open_only=True))
    if one.withdrawn:
        back = (Choice(f"/restablecer {one.code}", _("Restablecer {code}", code=one.code)),) if one.waived else ()
        return Reply(_("{duty}. Ya no se debe.", duty=named(one)), links=back)
    act = await talk.ask("act", Words(_("¿Qué acto administrativo lo autoriza? Por ejemplo: Resolución 123 de 2022."),
                                      most=200))  # fmt: skip
    reason = await talk.ask("why", Words(_("¿Por qué? Queda escrito y lo leen quienes lo deben."), most=500))
    sure = await talk.ask("sure", Sure(partial(_read_back, one, act, reason, visit), _("Sí, dispensar")))
    return Waived(one, act, reason) if sure else None


def _read_back(one: Owed, act: str, reason: str, visit: Visit) -> Say:
    return paragraphs(
        _("Va a dispensar este entregable. Deja de contar en las cifras y nadie recibe avisos por él."),
        lines(
            named(one),
            _("Según el plan, {due}.", due=due_in_words(one.due, visit.today)),
            _("Va {progress}.", progress=progress_in_words(one.reported, one.target)),
            _("Acto: {act}", act=act),
            _("Motivo: {reason}", reason=reason),
        ),
        _("Los avances que tiene se conservan. ¿Confirma?"),
    )


def _keep(visit: Visit, given: Waived) -> Outcome:
    one = given.owed
    waivers.waive(visit, one.id, given.reason, given.act)
    audit.record(visit.connection, visit.now, visit.who.id, "obligation.waived", one.code, act=given.act)
    told = paragraphs(
        _("{by} dispensó este entregable: ya no se debe.", by=visit.who.name),
        lines(named(one), _("Acto: {act}", act=given.act), _("Motivo: {reason}", reason=given.reason)),
    )
    notice = Notice(f"waived:{one.id}:{visit.now.isoformat()}", Reply(told), people=one.officers)
    undo = Choice(f"/restablecer {one.code}", _("Restablecer {code}", code=one.code))
    return Outcome(Reply(_("Listo: {code} queda dispensado.", code=one.code), links=(undo,)), (notice,))


async def restore(talk: Talk, visit: Visit) -> Restored | Reply | None:
    """Which, and why."""
    one = await talk.ask("what", Subject(WHICH, visit))
    if not one.waived:
        return Reply(_("{duty}. No está dispensado.", duty=named(one)))
    why = await talk.ask("why", Words(_("¿Por qué se vuelve a pedir? Queda escrito."), most=500))
    sure = await talk.ask("sure", Sure(partial(_asked_again, one, why), _("Sí, restablecer")))
    return Restored(one, why) if sure else None


def _asked_again(one: Owed, why: str) -> Say:
    return paragraphs(
        _("Este entregable se vuelve a deber y a contar:"),
        lines(named(one), _("Motivo: {reason}", reason=why)),
        _("La dispensa queda a la vista. ¿Confirma?"),
    )


def _put_back(visit: Visit, given: Restored) -> Outcome:
    one = given.owed
    waivers.restore(visit, one.id, given.why)
    audit.record(visit.connection, visit.now, visit.who.id, "obligation.restored", one.code)
    told = paragraphs(
        _("{by} restableció este entregable: se vuelve a deber.", by=visit.who.name),
        lines(named(one), _("Según el plan, {due}.", due=due_in_words(one.due, visit.today)),
              _("Motivo: {reason}", reason=given.why)),
    )  # fmt: skip
    look = Choice("/pendientes", _("Ver pendientes"))
    notice = Notice(f"restored:{one.id}:{visit.now.isoformat()}", Reply(told, links=(look,)), people=one.officers)
    return Outcome(Reply(_("Listo: {code} se vuelve a deber.", code=one.code)), (notice,))


WAIVE = Conversation(
    name="waive",
    command="/dispensar",
    run=waive,
    commit=_keep,
    title=_("Dispensar un entregable"),
    phrases=("dispensar", "dispensar un entregable", "eximir"),
    roles=RUN,
)
RESTORE = Conversation(
    name="restore",
    command="/restablecer",
    run=restore,
    commit=_put_back,
    title=_("Restablecer un entregable dispensado"),
    phrases=("restablecer", "quitar la dispensa"),
    roles=RUN,
    hidden=True,
)
