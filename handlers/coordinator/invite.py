"""/invitar: who runs the plan invites somebody by a link that is good once; a second person lets them in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Option, Pick, Reading, Shown, Stale, Words
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, paragraphs
from handlers.base import Conversation, Outcome
from handlers.coordinator.admission import charge
from handlers.coordinator.subject import Sure
from models import audit, invitations, parties, roster
from models.invitations import VALID, Invited
from models.parties import Party
from models.people import RUN, Role
from models.visit import Visit

ROLES: dict[Role, Text] = {
    Role.OFFICER: _("Responsable"), Role.HEAD: _("Jefatura"), Role.COORDINATOR: _("Coordinación"),
    Role.AUDITOR: _("Control interno"), Role.ADMINISTRATOR: _("Administración"),
}  # fmt: skip
WORDS = {
    Role.OFFICER: ("responsable", "officer"), Role.HEAD: ("jefe", "jefa", "head"),
    Role.COORDINATOR: ("coordinador", "coordinadora"), Role.AUDITOR: ("auditor", "auditora"),
    Role.ADMINISTRATOR: ("administrador", "administradora"),
}  # fmt: skip
OF_OFFICE = (Role.OFFICER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited as what. `office`: of an officer or a head."""

    name: str
    role: Role
    office: Party | None

    @property
    def charge(self) -> Say:
        """ "responsable de Prensa"."""
        return charge(Invited(0, self.name, self.role, self.office.name if self.office else "", "open", 0))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of an invitation, None for one there is not."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el número de la invitación."), (), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        typed = heard.text.strip()
        return Answer(int(typed) if typed.isdecimal() and len(typed) < 10 else 0)

    def load(self, stored: Any) -> Invited | None:
        if not isinstance(stored, int):
            raise Stale("")
        return invitations.by_id(self.visit.connection, stored)


async def invite(talk: Talk, visit: Visit) -> Guest | Reply | None:
    """Who, as what, of which office."""
    name = await talk.ask("name", Words(_("¿A quién invita? Escriba nombre y apellido."), most=120))
    # Only who administers makes others administer.
    offered = [role for role in Role if role != Role.ADMINISTRATOR or visit.who.may({Role.ADMINISTRATOR})]
    options = [Option(role.value, ROLES[role], role, WORDS[role]) for role in offered]
    role = await talk.ask("role", Pick(_("¿Qué hará {name} en el plan?", name=name), options))
    office = None
    if role in OF_OFFICE:
        known = [Option(one.key, one.name, one, one.words) for one in parties.offices(visit)]
        office = await talk.ask("office", Pick(_("¿De qué dependencia?"), known))
    guest = Guest(name, role, office)
    sure = await talk.ask("sure", Sure(partial(_read_back, guest, visit), _("Sí, invitar")))
    return guest if sure else None


def _read_back(guest: Guest, visit: Visit) -> Say:
    others = [one for one in roster.workers(visit.connection) if one.may(RUN) and one.id != visit.who.id]
    return paragraphs(
        _("Va a invitar a {name}: {charge}.", name=guest.name, charge=guest.charge),
        _("Otra persona de la coordinación confirma su ingreso.") if others
        else _("Ojo: nadie más coordina, y otra persona debe confirmar su ingreso. Mientras tanto se invita con "
               "«chasqui invite» en el servidor."),
        _("¿Confirma?"),
    )  # fmt: skip


def _create(visit: Visit, guest: Guest) -> Outcome:
    """The token is shown here and kept nowhere but in this message."""
    connection, office = visit.connection, guest.office
    number, token = invitations.write(visit, guest.name, guest.role, office.id if office else None)
    audit.record(
        connection, visit.now, visit.who.id, "invitation.created", f"invitation:{number}", role=guest.role.value,
        office=office.id if office else 0,
    )  # fmt: skip
    ends = (visit.now + VALID).astimezone(visit.zone)
    text = paragraphs(
        _("Invitación para {name}: {charge}.", name=guest.name, charge=guest.charge),
        lines(*invitations.ways(connection, token)),
        _("O, en un chat con nosotros, que escriba: /entrar {token}", token=token),
        _("Sirve una sola vez, hasta el {day} a las {hour}. Entréguela solo a esa persona.", day=ends.date(),
          hour=f"{ends.hour}:{ends:%M}"),
    )  # fmt: skip
    return Outcome(Reply(text, links=(Choice(f"/anular_invitacion {number}", _("Anular la invitación")),)))


async def cancel(talk: Talk, visit: Visit) -> Invited | Reply | None:
    """Which invitation nobody has used yet."""
    invited = await talk.ask("which", Numbered(visit))
    if invited is None or invited.state != "open":
        return Reply(_("Esa invitación no existe, o ya no está abierta."))
    told = _("¿Anulo la invitación de {name}? Ya no servirá.", name=invited.name)
    return invited if await talk.ask("sure", Sure(lambda: told, _("Sí, anular"))) else None


def _cancel(visit: Visit, invited: Invited) -> Outcome:
    invitations.cancel(visit, invited.id)
    audit.record(visit.connection, visit.now, visit.who.id, "invitation.cancelled", f"invitation:{invited.id}")
    return Outcome(Reply(_("Listo: la invitación de {name} ya no sirve.", name=invited.name)))


INVITE = Conversation(
    name="invite",
    command="/invitar",
    run=invite,
    commit=_create,
    title=_("Invitar a una persona"),
    phrases=("invitar", "invitar a alguien", "invitar a una persona"),
    roles=RUN,
)
CANCEL = Conversation(
    name="cancel_invitation",
    command="/anular_invitacion",
    run=cancel,
    commit=_cancel,
    title=_("Anular una invitación"),
    roles=RUN,
    hidden=True,
)
