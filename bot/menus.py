"""The commands a platform shows to one person, where it shows them: their roles' own, in their language.

A menu leaves like a message, so that it is tried again and not lost: its text is empty, its buttons are the commands.
"""

from __future__ import annotations

from conversation.texts import Language, render
from handlers.table import CONVERSATIONS, listed
from models import people
from models.visit import Visit

# Channels that can show them.
SHOWN = frozenset({"telegram"})


def menu_for(visit: Visit, private: bool, spoken: str, about: str, language: Language) -> dict[str, object] | None:
    """The delivery that brings the person's menu up to date, None where it is.

    `spoken` is the language of the person's device, in which the platform shows everybody's menu; `about` is the
    message after which it changes.
    """
    who = visit.who
    if who.channel not in SHOWN or not private:
        return None
    own = bool(who.roles) or who.language != spoken
    wanted = f"{','.join(sorted(who.roles))}:{who.language}" if own else ""
    if wanted == who.menu:
        return None
    people.show_menu(visit.connection, who.channel, who.address, wanted)
    offered = listed(entry for entry in CONVERSATIONS if entry.open_to(visit))
    return {
        "dedupe_key": f"menu:{who.channel}:{who.address}:{about}", "kind": "menu", "priority": 1, "not_before": None,
        "person_id": who.id, "channel": who.channel, "address": who.address, "created_at": visit.now,
        "text": "", "picture": None, "wants": "",
        "buttons": [{"label": render(entry.title, language), "tap": entry.command} for entry in offered],
    }  # fmt: skip
