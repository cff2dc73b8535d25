"""/retiro: somebody no longer works on the plan, or works for another office now."""

from __future__ import annotations

from conversation.messages import Reply
from conversation.questions import YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, listed, paragraphs
from handlers.base import Conversation, Notice, Outcome
from models import audit, people
from models.people import RUN, Role
from models.visit import Visit


async def leaving(talk: Talk, visit: Visit) -> bool | None:
    """Asks before it ends anything."""
    prompt = paragraphs(
        _("¿Ya no trabaja en el plan? Dejará de recibir avisos y no podrá reportar. Lo que ya reportó se conserva."),
        _("Si cambió de dependencia, después pida a la coordinación una invitación para la nueva."),
    )
    return await talk.ask("sure", YesNo(prompt, yes=_("Sí, me retiro"), no=_("No, sigo"))) or None


def _leave(visit: Visit, sure: bool) -> Outcome:
    """End every role, and tell who runs the plan: somebody else must report now."""
    who = visit.who
    people.leave(visit.connection, who.id, visit.now)
    roles = sorted(role.value for role in who.roles)
    audit.record(visit.connection, visit.now, who.id, "membership.ended", f"person:{who.id}", roles=roles)
    offices = listed([*sorted(who.offices.values())])
    told: Say = _("{name} se retiró del plan.", name=who.name)
    if who.offices:
        told = _("{name} se retiró: ya no reporta por {offices}. Invite a quien siga.", name=who.name, offices=offices)
    done = _("Listo, ya no está en el plan. Gracias por su trabajo. Puede seguir viendo cómo va con /estado.")
    return Outcome(Reply(done), (Notice(f"left:{who.id}:{visit.now.isoformat()}", Reply(told), RUN),))


LEAVE = Conversation(
    name="leave",
    command="/retiro",
    run=leaving,
    commit=_leave,
    title=_("Retirarme del plan"),
    phrases=("retiro", "retirarme", "ya no soy de la gobernacion", "ya no trabajo aqui",
             "ya no trabajo en la gobernacion", "me cambiaron de dependencia", "me trasladaron"),
    roles=frozenset(Role),
)  # fmt: skip
