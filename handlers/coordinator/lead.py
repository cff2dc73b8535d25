"""/encargar: who runs the plan gives what is missing of an activity to another office to lead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, _, lines, listed, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.subject import Area, Sure
from handlers.wording import titled
from models import audit, handovers, owed, parties
from models.owed import Owed
from models.parties import Party
from models.people import RUN
from models.visit import Visit

# An activity has at most as many open at a time: one a month for each office of a large entity.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """Which obligations pass to whom, and why."""

    owed: tuple[Owed, ...]
    office: Party
    reason: str


async def lead(talk: Talk, visit: Visit) -> Given | Reply | None:
    """Of which activity, perhaps only what counts for one office; to whom; why."""
    prompt = _("¿De qué actividad? Puede decir también de qué dependencia: 6, o: 6 agricultura.")
    scope = await talk.ask("what", Area(prompt, visit, activity=True))
    some = tuple(owed.about(visit, scope, True, MOST))
    if not some:
        return Reply(_("De eso no falta nada."), links=(Choice("/actividad", _("Ver las actividades")),))
    asked = lines(_what(some), _("¿Qué dependencia queda a cargo de lo que falta?"))
    options = [Option(one.key, one.name, one, one.words) for one in parties.offices(visit)]
    office = await talk.ask("office", Pick(asked, options))
    some = tuple(one for one in some if one.lead_id != office.id)
    if not some:
        return Reply(_("{office} ya está a cargo.", office=office.name))
    reason = await talk.ask("why", Words(_("¿Por qué? Queda escrito y lo leen las dos dependencias."), most=500))
    sure = await talk.ask("sure", Sure(partial(_read_back, some, office, reason), _("Sí, encargar")))
    return Given(some, office, reason) if sure else None


def _what(some: tuple[Owed, ...]) -> Say:
    """ "6. Publicar informes…: faltan 25, a cargo de Prensa (25)"."""
    led = Counter(one.lead for one in some)
    whose = [_("{office} ({n})", office=name or _("nadie"), n=n) for name, n in led.most_common(3)]
    return n_("{duty}: falta {n}, a cargo de {whose}.", "{duty}: faltan {n}, a cargo de {whose}.", len(some),
              duty=titled(some[0]), whose=listed(whose))  # fmt: skip


def _read_back(some: tuple[Owed, ...], office: Party, reason: str) -> Say:
    return paragraphs(
        n_("Va a encargar {n} entregable a {office}.", "Va a encargar {n} entregables a {office}.", len(some),
           office=office.name),
        lines(
            _what(some), _("Motivo: {reason}", reason=reason),
            "" if office.officers else _("Ojo: nadie reporta por {office}.", office=office.name),
        ),
        _("Lo ya reportado no cambia de manos. ¿Confirma?"),
    )  # fmt: skip


def _keep(visit: Visit, given: Given) -> Outcome:
    """Write it, and tell both offices. Messages to the old one notice it themselves."""
    some, office = given.owed, given.office
    handovers.hand_over(visit, [one.id for one in some], office.id, given.reason)
    first = some[0]
    audit.record(
        visit.connection, visit.now, visit.who.id, "activity.handed_over", f"activity:{first.number}",
        office=office.id, obligations=[one.id for one in some],
    )  # fmt: skip
    told = paragraphs(
        n_("{by} encargó {n} entregable a {office}.", "{by} encargó {n} entregables a {office}.", len(some),
           by=visit.who.name, office=office.name),
        lines(titled(first), _("Motivo: {reason}", reason=given.reason)),
    )  # fmt: skip
    theirs = {officer for one in some for officer in one.officers}
    people = tuple(sorted({*office.officers, *theirs}))
    look = Choice("/pendientes", _("Ver pendientes"))
    notice = Notice(f"lead:{first.id}:{office.id}:{visit.now.isoformat()}", Reply(told, links=(look,)), people=people)
    done = n_("Listo: {office} queda a cargo de {n} entregable.", "Listo: {office} queda a cargo de {n} entregables.",
              len(some), office=office.name)  # fmt: skip
    undo = Choice(f"/encargar {first.number}", _("Encargarlo a otra"))
    return Outcome(Reply(done, links=(undo,)), (notice,))


LEAD = Conversation(
    name="lead",
    command="/encargar",
    run=lead,
    commit=_keep,
    title=_("Encargar una actividad a otra dependencia"),
    phrases=("encargar", "cambiar la dependencia a cargo", "cambiar de responsable", "cambiar el lider"),
    roles=RUN,
)
