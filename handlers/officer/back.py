"""/volvi: somebody is back from a leave before its end."""

from __future__ import annotations

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import _, n_, paragraphs
from handlers.base import Conversation, Notice, Outcome
from models import audit, leaves, obligations
from models.leaves import Absence
from models.people import RUN, Role
from models.visit import Visit

LOOK = (Choice("/pendientes", _("Ver pendientes")),)


async def back(talk: Talk, visit: Visit) -> Absence | Reply:
    """The leave that ends."""
    absence = leaves.of(visit.connection, visit.who.id, visit.today)
    return absence or Reply(_("Hoy no está de permiso. Para avisar de uno, o ver los que anunció, escriba /permiso."))


def _return(visit: Visit, absence: Absence) -> Outcome:
    """End the leave; whoever heard of it hears of this too."""
    who = visit.who
    leaves.end(visit.connection, absence.id, visit.today)
    audit.record(visit.connection, visit.now, who.id, "leave.ended", f"person:{who.id}", leave=absence.id)
    left = obligations.left_for(visit)[1]
    told = Reply(_("{name} ya volvió de su permiso.", name=who.name))
    heard = {"people": (absence.substitute_id,)} if absence.substitute_id else {"roles": RUN}
    notice = Notice(f"back:{absence.id}", told, **heard)
    pending = n_("Tiene {n} meta pendiente.", "Tiene {n} metas pendientes.", left) if left else ""
    text = paragraphs(_("Qué bueno que volvió. Le vuelvo a avisar de lo que vence."), pending)
    return Outcome(Reply(text, links=LOOK if left else ()), (notice,))


BACK = Conversation(
    name="back",
    command="/volvi",
    run=back,
    commit=_return,
    title=_("Avisar que ya volví"),
    phrases=("ya volvi", "volvi", "ya regrese", "regrese", "ya estoy de vuelta"),
    roles=frozenset(Role),
)
