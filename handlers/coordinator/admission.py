"""/solicitudes, /admitir, /rechazar: who runs the plan lets people in, or not. Nobody lets themselves in."""

from __future__ import annotations

from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from models import audit, invitations
from models.invitations import Invited
from models.people import RUN, Role
from models.visit import Visit

# More people at once would not fit their buttons into a message.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody is let in."""

    invited: Invited
    accept: bool


async def waiting(talk: Talk, visit: Visit) -> Reply:
    """Reads only."""
    people = [invited for invited in invitations.waiting(visit.connection) if invited.person_id != visit.who.id]
    if not people:
        return Reply(_("Nadie está esperando ingreso."))
    more = len(people) - SHOWN
    text = paragraphs(
        _("Están esperando ingreso:"),
        lines(*(_("{name}: {charge}", name=one.name, charge=charge(one)) for one in people[:SHOWN])),
        n_("y {n} persona más", "y {n} personas más", more) if more > 0 else "",
    )
    return Reply(text, links=tuple(button for one in people[:SHOWN] for button in buttons(one)))


async def admit(talk: Talk, visit: Visit) -> Verdict | Reply:
    """Let somebody in."""
    return _verdict(talk, visit, accept=True)


async def refuse(talk: Talk, visit: Visit) -> Verdict | Reply:
    """Do not."""
    return _verdict(talk, visit, accept=False)


def charge(invited: Invited) -> Say:
    """What somebody is invited for: "responsable de Prensa"."""
    if invited.role == Role.OFFICER:
        return _("responsable de {office}", office=invited.office)
    if invited.role == Role.HEAD:
        return _("jefatura de {office}", office=invited.office)
    return {
        Role.COORDINATOR: _("coordinación del plan"),
        Role.AUDITOR: _("control interno"),
        Role.ADMINISTRATOR: _("administración de este chat"),
    }[invited.role]


def buttons(invited: Invited) -> tuple[Choice, Choice]:
    """Let this person in, or not."""
    return (
        Choice(f"/admitir {invited.id}", _("Admitir a {name}", name=invited.name)),
        Choice(f"/rechazar {invited.id}", _("No admitir a {name}", name=invited.name)),
    )


def _verdict(talk: Talk, visit: Visit, accept: bool) -> Verdict | Reply:
    """The verdict, or why there is none to give."""
    given = talk.argument.strip()
    invited = invitations.by_id(visit.connection, int(given)) if given.isdecimal() and len(given) < 10 else None
    if invited is None or invited.state == "open":
        look = Choice("/solicitudes", _("Ver solicitudes de ingreso"))
        return Reply(_("No encontré esa solicitud."), links=(look,))
    if invited.state == "confirmed":
        return Reply(_("Ya se admitió a {name}.", name=invited.name))
    if invited.state == "refused":
        return Reply(_("Ya se decidió no admitir a {name}.", name=invited.name))
    if invited.person_id == visit.who.id:
        return Reply(_("Nadie se admite a sí mismo. Otra persona de la coordinación debe confirmarlo."))
    if invited.by_id == visit.who.id and accept:
        return Reply(_("Usted invitó a {name}: otra persona de la coordinación lo confirma.", name=invited.name))
    return Verdict(invited, accept)


def _decide(visit: Visit, verdict: Verdict) -> Outcome:
    """Keep the verdict and tell the person."""
    invited, accept = verdict.invited, verdict.accept
    to_tell = invitations.decide(visit.connection, invited, accept, visit.who.id, visit.now)
    action = "invitation.confirmed" if accept else "invitation.refused"
    audit.record(visit.connection, visit.now, visit.who.id, action, f"invitation:{invited.id}")
    if accept:
        told = Reply(
            _("Ya puede entrar, {name}: {charge}.", name=invited.name, charge=charge(invited)),
            links=(Choice("/ayuda", _("Ver qué puedo hacer")),),
        )
        done = Reply(_("Listo: {name} ya puede entrar.", name=invited.name))
    else:
        told = Reply(_("La coordinación no confirmó su ingreso. Si es un error, hable con la entidad."))
        done = Reply(_("Listo: no se admitió a {name}.", name=invited.name))
    return Outcome(done, (Notice(f"admitted:{invited.id}", told, people=(to_tell,)),))


WAITING = Conversation(
    name="waiting",
    command="/solicitudes",
    run=waiting,
    title=_("Ver solicitudes de ingreso"),
    phrases=("por entrar", "quien espera", "quien quiere entrar", "solicitudes"),
    roles=RUN,
)
ADMIT = Conversation(
    name="admit", command="/admitir", run=admit, commit=_decide, title=_("Admitir a una persona"), roles=RUN,
    hidden=True,
)  # fmt: skip
REFUSE = Conversation(
    name="refuse", command="/rechazar", run=refuse, commit=_decide, title=_("No admitir a una persona"), roles=RUN,
    hidden=True,
)  # fmt: skip
