"""/reemplazar and /terminar_reemplazo: who runs the plan names who reports in an officer's place, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Ahead, Option, Pick
from conversation.talk import Talk
from conversation.texts import Say, _, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.stand_in import Numbered
from handlers.coordinator.subject import Sure
from models import audit, leaves, parties
from models.leaves import Absence
from models.parties import Party
from models.people import RUN
from models.visit import Visit

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Replaced:
    """Who reports for whom, the last day included."""

    officer: Party
    party: Party
    until: date


async def replace(talk: Talk, visit: Visit) -> Replaced | Reply | None:
    """For whom, who, until when. Somebody who is on leave already gets this one instead."""
    known = parties.all_officers(visit)
    if len(known) < 2:
        return Reply(_("Hace falta otra persona que reporte: invítela con /invitar."))
    options = [Option(party.key, party.name, party) for party in known]
    officer = await talk.ask("officer", Pick(_("¿A quién se reemplaza?"), options))
    others = [option for option in options if option.value.id != officer.id]
    party = await talk.ask("who", Pick(_("¿Quién reporta en lugar de {name}?", name=officer.name), others))
    asked = Ahead(_("¿Hasta qué día, incluido?"), visit.today, visit.today + LONGEST)
    until = await talk.ask("until", asked)
    sure = await talk.ask("sure", Sure(partial(_read_back, officer, party, until), _("Sí, reemplazar")))
    return Replaced(officer, party, until) if sure else None


def _read_back(officer: Party, party: Party, until: date) -> Say:
    return paragraphs(
        _("{who} reportará en lugar de {name} desde hoy hasta el {day}.", who=party.name, name=officer.name, day=until),
        _("Mientras tanto {name} no recibe avisos. ¿Confirma?", name=officer.name),
    )


def _keep(visit: Visit, given: Replaced) -> Outcome:
    connection, officer, party = visit.connection, given.officer, given.party
    leave = leaves.put_in(visit, officer.id, party.id, given.until)
    audit.record(
        connection, visit.now, visit.who.id, "leave.ordered", f"person:{officer.id}", leave=leave, substitute=party.id
    )
    told = _("{by} decidió que {who} reporte en lugar de {name} hasta el {day}.", by=visit.who.name, who=party.name,
             name=officer.name, day=given.until)  # fmt: skip
    notice = Notice(f"replaced:{leave}", Reply(told), people=(officer.id, party.id))
    undo = Choice(f"/terminar_reemplazo {leave}", _("Terminar el reemplazo"))
    return Outcome(Reply(_("Listo. Ya les avisé."), links=(undo,)), (notice,))


async def finish(talk: Talk, visit: Visit) -> Absence | Reply | None:
    """Which leave ends today."""
    absence = await talk.ask("leave", Numbered(visit))
    if absence is None:
        return Reply(_("Ese permiso ya terminó."))
    told = _("{name} vuelve a reportar desde hoy, y {who} deja de hacerlo en su lugar. ¿Confirma?", name=absence.name,
             who=absence.substitute or _("nadie"))  # fmt: skip
    return absence if await talk.ask("sure", Sure(lambda: told, _("Sí, terminar"))) else None


def _finish(visit: Visit, absence: Absence) -> Outcome:
    leaves.end(visit.connection, absence.id, visit.today)
    leaves.follow(visit.connection, visit.today, visit.now)
    audit.record(visit.connection, visit.now, visit.who.id, "leave.ended", f"person:{absence.person_id}",
                 leave=absence.id)  # fmt: skip
    told = _("{by} terminó el reemplazo: {name} vuelve a reportar desde hoy.", by=visit.who.name, name=absence.name)
    people = tuple(one for one in (absence.person_id, absence.substitute_id) if one)
    return Outcome(Reply(_("Listo. Ya les avisé.")), (Notice(f"unreplaced:{absence.id}", Reply(told), people=people),))


REPLACE = Conversation(
    name="replace",
    command="/reemplazar",
    run=replace,
    commit=_keep,
    title=_("Nombrar quién reporta en lugar de alguien"),
    phrases=("reemplazar", "reemplazar a alguien", "cambiar el suplente", "nombrar un suplente"),
    roles=RUN,
)
FINISH = Conversation(
    name="finish_replacement",
    command="/terminar_reemplazo",
    run=finish,
    commit=_finish,
    title=_("Terminar un reemplazo"),
    roles=RUN,
    hidden=True,
)
