"""/reabrir: somebody who runs the plan asks, with a reason, that a close be opened again; a second person does it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.close import called, cut_of
from handlers.coordinator.subject import Sure
from models import audit, closes
from models.closes import Standing
from models.people import RUN, Role
from models.plan import timetable
from models.visit import Visit

LOOK = (Choice("/corte", _("Ver los cortes")),)
# The names of the questions carry the number of the close: an answer about one never opens another.
WHY, DONE = "why-", "done-"


@dataclass(frozen=True, slots=True)
class Reopening:
    """What is done about a close: asked for with a reason, opened, or kept closed."""

    close: Standing
    done: str
    reason: str = ""


async def reopen(talk: Talk, visit: Visit) -> Reopening | Reply | None:
    """Which close; why, or what becomes of what somebody else asked."""
    found = _which(talk, visit)
    talk.argument = ""
    if found is None:
        return Reply(_("Ese corte no está cerrado."), links=LOOK)
    if found.asked_by is None:
        prompt = _("{what}: ¿por qué hay que reabrirlo? Otra persona de la coordinación lo decide.", what=called(found))
        reason = await talk.ask(f"{WHY}{found.id}", Words(prompt, most=500))
        sure = await talk.ask(f"sure-{found.id}", Sure(partial(_read_back, found, reason), _("Sí, pedirlo")))
        return Reopening(found, "ask", reason) if sure else None
    mine = found.asked_by == visit.who.id
    options = [] if mine else [Option("open", _("Reabrirlo"), "open", ("reabrir", "si", "confirmo"))]
    options.append(Option("keep", _("Dejarlo cerrado"), "keep", ("no", "cerrado", "dejarlo")))
    done = await talk.ask(f"{DONE}{found.id}", Pick(_asked(found, mine), options))
    return Reopening(found, done)


def _which(talk: Talk, visit: Visit) -> Standing | None:
    """The close that stands of what was named, or the one that was asked about."""
    known = timetable(visit.connection)
    if known is None:
        return None
    numbers = [int(name.rpartition("-")[2]) for name in talk.names if name.startswith((WHY, DONE))]
    cut = cut_of(talk.argument, known, visit) if talk.argument else None
    every = closes.standing(visit.connection, known.plan_id, cut.key if cut else "", figures=False)
    found = [one for one in every if not one.reopened_at]
    if numbers:
        return next((one for one in found if one.id == numbers[-1]), None)
    return found[-1] if cut and found else None


def _read_back(found: Standing, reason: str) -> Say:
    return paragraphs(
        _("Va a pedir que se reabra: {what}.", what=called(found)),
        _("Motivo: {reason}", reason=reason),
        _("Lo confirma otra persona. Lo congelado se conserva a la vista. ¿Confirma?"),
    )


def _asked(found: Standing, mine: bool) -> Say:
    return paragraphs(
        lines(
            _("{name} pidió reabrir: {what}.", name=found.asker, what=called(found)),
            _("Motivo: {reason}", reason=found.reason),
        ),
        _("Usted lo pidió: lo confirma otra persona de la coordinación.") if mine
        else _("Si se reabre, deja de ser oficial hasta que se cierre de nuevo. Lo congelado se conserva."),
    )  # fmt: skip


def _keep(visit: Visit, given: Reopening) -> Outcome:
    found, connection = given.close, visit.connection
    what = called(found)
    if given.done == "ask":
        closes.ask_to_reopen(visit, found.id, given.reason)
        audit.record(connection, visit.now, visit.who.id, "close.reopening", f"close:{found.id}")
        asked = _("{by} pide reabrir: {what}.", by=visit.who.name, what=what)
        told: Say = paragraphs(asked, _("Motivo: {reason}", reason=given.reason))
        link = Choice(f"/reabrir {found.key}", _("Decidir si se reabre"))
        notice = Notice(f"reopening:{found.id}:{visit.now.isoformat()}", Reply(told, links=(link,)), RUN)
        return Outcome(Reply(_("Listo: otra persona de la coordinación debe confirmarlo."), links=LOOK), (notice,))
    if given.done == "keep":
        closes.keep_closed(visit, found.id)
        audit.record(connection, visit.now, visit.who.id, "close.kept", f"close:{found.id}")
        told = _("{by} decidió que siga cerrado: {what}.", by=visit.who.name, what=what)
        done = _("Listo: sigue cerrado.")
    else:
        closes.reopen(visit, found.id)
        audit.record(connection, visit.now, visit.who.id, "close.reopened", f"close:{found.id}", asked=found.asked_by)
        told = lines(
            _("{by} reabrió lo que pidió {name}: {what}.", by=visit.who.name, name=found.asker, what=what),
            _("Motivo: {reason}", reason=found.reason),
        )
        done = _("Listo: {what} queda abierto.", what=what)
    close = Choice(f"/corte {found.key}", _("Cerrar de nuevo {period}", period=found.key))
    again = (close,) if given.done == "open" else LOOK
    notice = Notice(f"reopening:{found.id}:{visit.now.isoformat()}", Reply(told), RUN | {Role.AUDITOR})
    return Outcome(Reply(done, links=again), (notice,))


REOPEN = Conversation(
    name="reopen",
    command="/reabrir",
    run=reopen,
    commit=_keep,
    title=_("Reabrir un corte"),
    phrases=("reabrir", "reabrir el corte", "reabrir un corte"),
    roles=RUN,
)
