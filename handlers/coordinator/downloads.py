"""/descargar: the files somebody asked for, how far they are, and each of them once more."""

from __future__ import annotations

from conversation.messages import Choice, Document, Reply
from conversation.talk import Talk
from conversation.texts import Say, _, lines
from handlers.base import Conversation
from handlers.coordinator.hand_out import HAND_OUT, TITLES
from models import hand_outs
from models.hand_outs import WHOLE, Kept
from models.people import Role
from models.visit import Visit

SHOWN = 8


async def downloads(talk: Talk, visit: Visit) -> Reply:
    """Reads only; the argument is the number of one."""
    mine = hand_outs.of(visit.connection, visit.who.id, SHOWN)
    ask = Choice(HAND_OUT.command, HAND_OUT.title)
    wanted = [one for one in mine if talk.argument and str(one.id) == talk.argument]
    if wanted and wanted[0].state == "ready":
        one = wanted[0]
        if not hand_outs.may(visit.who, one.kind, one.params["office_id"]):
            return Reply(_("Ese archivo ya no está disponible para usted."))
        document = Document(one.name, one.mime, one.sha256, one.size, _title(one))
        return Reply(_("Aquí está otra vez: {what}.", what=_title(one)), document=document)
    if not mine:
        return Reply(_("No tiene archivos pedidos."), links=(ask,))
    links = [Choice(f"/descargar {one.id}", one.name) for one in mine if one.state == "ready"]
    return Reply(lines(_("Sus archivos:"), *(_line(one, visit) for one in mine)), links=(*links, ask))


def _title(one: Kept) -> Say:
    return _("Copia de sus datos") if one.kind == "my-data" else TITLES[one.kind]  # type: ignore[index]


def _line(one: Kept, visit: Visit) -> Say:
    day = one.as_of.astimezone(visit.zone).date()
    told = {"what": _title(one), "period": one.params["period"], "day": day}
    if one.state == "ready":
        return _("{what} {period}, pedido el {day}: listo.", **told)
    if one.state == "failed":
        return _("{what} {period}, pedido el {day}: no se pudo hacer.", **told)
    if one.state == "making":
        return _("{what} {period}, pedido el {day}: va en {percent} %.", percent=one.progress, **told)
    return _("{what} {period}, pedido el {day}: en cola.", **told)


DOWNLOADS = Conversation(
    name="downloads",
    command="/descargar",
    run=downloads,
    title=_("Ver mis archivos"),
    phrases=("descargar", "descargas", "mis archivos", "mis informes"),
    roles=WHOLE | {Role.OFFICER},
)
