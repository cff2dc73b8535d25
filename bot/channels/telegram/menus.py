"""The command menu that everybody sees beside the input field, in each language."""

from __future__ import annotations

from bot.channels.telegram.client import Client
from bot.channels.telegram.render import LONGEST_TITLE
from bot.turn import Rules
from conversation.texts import render
from handlers.table import CONVERSATIONS, listed


async def publish(client: Client, rules: Rules) -> None:
    """What everyone may ask for; who has a role gets a menu of their own: see bot/menus.py."""
    public = listed(c for c in CONVERSATIONS if not c.roles)
    for code, language in rules.languages.items():
        menu = [(c.command.removeprefix("/"), render(c.title, language)[:LONGEST_TITLE]) for c in public]
        await client.set_commands("all_private_chats", "" if code == "es" else code, menu)
