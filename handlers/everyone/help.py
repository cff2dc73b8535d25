"""/ayuda: what this person can do here, in a few lines."""

from __future__ import annotations

from conversation.messages import Reply
from conversation.talk import Talk
from conversation.texts import _, lines, paragraphs
from handlers.base import Conversation
from models.visit import Visit


async def help_(talk: Talk, visit: Visit) -> Reply:
    """Reads only."""
    from handlers.table import CONVERSATIONS, listed, menu  # the table lists this conversation too

    shown = listed(c for c in CONVERSATIONS if c.open_to(visit) and c is not HELP)
    can = [c for c in shown if visit.who.consented or not c.consent]
    text = paragraphs(
        _("Esto es lo que puede hacer aquí. Toque, escriba la orden o dígalo con sus palabras:"),
        lines(*(_("{command}: {title}", command=c.command, title=c.title) for c in can)),
        _("En cualquier momento sirven las palabras atrás, cancelar y seguir."),
        "" if visit.who.consented else _("Para lo demás hace falta su permiso: escriba /inicio."),
    )
    return Reply(text, links=tuple(choice for choice in menu(visit) if choice.key != HELP.command))


HELP: Conversation = Conversation(
    name="help",
    command="/ayuda",
    run=help_,
    title=_("Ayuda"),
    phrases=("ayuda", "ayudeme", "que puedo hacer", "que puedo hacer aqui", "como funciona", "opciones", "menu"),
    consent=False,
)
