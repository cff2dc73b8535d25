"""/codigo: the six digits, and their QR, that are shown at the place; who comes says with them that they are there."""

from __future__ import annotations

from dataclasses import replace

from conversation.messages import Picture, Reply
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation
from handlers.citizen.event_card import titled
from handlers.coordinator.event_approval import WhichEvent
from handlers.everyone.poster import figures, ways_to
from models import attending, installation
from models.event_cards import CALLERS
from models.visit import Visit


async def show_code(talk: Talk, visit: Visit) -> Reply:
    """Reads only; the sheet is in the language of the plan."""
    event = await talk.ask("event", WhichEvent(visit))
    if not event.called_by(visit.who):
        return Reply(_("Ese evento es de otra oficina."))
    code = attending.code_of(visit.connection, event.id)
    if not code:
        return Reply(_("Ese evento todavía no está anunciado."))
    ways = installation.links(visit.connection)
    sheet = {
        **figures(replace(event, groups=[], transport=""), ways, visit.zone),
        "ways": ways_to(f"c_{event.key}_{code}", ways),
        "call": "Ya llegué: apunte aquí con la cámara.",
        "typed": f"O escriba: llegué {code}",
    }
    text = paragraphs(
        titled(event), _("Muestre este número en el lugar: {code}", code=code),
        _("Quien llega lo escribe así: llegué {code}. Solo sirve el {day}.", code=code, day=event.day),
    )  # fmt: skip
    return Reply(text, picture=Picture("poster", sheet, _("Para llegar: {code}", code=code)))


SHOW_CODE = Conversation(
    name="show_code", command="/codigo", run=show_code, title=_("Ver el código para llegar a un evento"),
    roles=CALLERS, phrases=("codigo del evento", "codigo de llegada", "codigo para llegar"),
)  # fmt: skip
