"""/entrar: somebody invited asks to be let in. A second person confirms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.messages import Heard, Reply
from conversation.questions import Answer, Reading, YesNo
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.admission import buttons, charge
from handlers.everyone.welcome import VERSION, WAITS, Agreement, declined
from models import audit, invitations, people
from models.invitations import Invited
from models.people import RUN
from models.visit import Visit


@dataclass(frozen=True, slots=True)
class Token:
    """Asks for the token of an invitation. What is kept is the invitation's number: the token is kept nowhere.

    An answer that opens nothing is kept as 0, and its value is None.
    """

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el código de su invitación, o abra el enlace que recibió."), (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        words = heard.text.split()
        invited = invitations.by_token(self.visit.connection, words[-1], self.visit.now) if words else None
        return Answer(invited.id if invited else 0)

    def load(self, stored: Any) -> Invited | None:
        invited = invitations.by_id(self.visit.connection, stored) if isinstance(stored, int) and stored else None
        return invited if invited and invited.state == "open" else None


@dataclass(frozen=True, slots=True)
class Entering:
    """Who wants in, and the wording of the consent where it was given just now."""

    invited: Invited
    wording: str


async def enrol(talk: Talk, visit: Visit) -> Entering | Reply:
    """Whose invitation, the consent, and whether it is the right person."""
    if visit.who.status == "pending":
        return Reply(WAITS)
    invited = await talk.ask("invitation", Token(visit))
    if invited is None:
        return Reply(_("Esa invitación ya no sirve: se usó, se venció o está incompleta. Pida otra a la coordinación."))
    wording = "" if visit.who.consented else await talk.ask("consent", Agreement(visit))
    if not visit.who.consented and not wording:
        return declined()
    prompt = _("¿Usted es {name} ({charge})?", name=invited.name, charge=charge(invited))
    if not await talk.ask("identity", YesNo(prompt, yes=_("Sí, soy yo"), no=_("No soy yo"))):
        return Reply(_("Entonces no usé la invitación. Por favor avise a quien se la envió."))
    return Entering(invited, wording)


def _enter(visit: Visit, entering: Entering) -> Outcome:
    """Take the invitation; who runs the plan is asked to confirm."""
    connection, invited = visit.connection, entering.invited
    if entering.wording:
        people.consent(connection, visit.who, VERSION, entering.wording, visit.now)
    invitations.use(connection, invited, visit.who, visit.now)
    agreed = VERSION if entering.wording else ""
    audit.record(connection, visit.now, visit.who.id, "invitation.used", f"invitation:{invited.id}", consent=agreed)
    asked = Reply(
        _("{name} pide entrar: {charge}. ¿Conoce a esta persona?", name=invited.name, charge=charge(invited)),
        links=buttons(invited),
    )
    done = paragraphs(
        _("Gracias, {name}. Pedí a la coordinación que confirme su ingreso.", name=invited.name),
        _("Le avisaré por aquí."),
    )
    return Outcome(Reply(done), (Notice(f"waiting:{invited.id}", asked, RUN),))


ENROL = Conversation(
    name="enrol",
    command="/entrar",
    run=enrol,
    commit=_enter,
    title=_("Entrar con una invitación"),
    phrases=("tengo una invitacion", "entrar", "quiero entrar"),
    consent=False,
    hidden=True,
)
