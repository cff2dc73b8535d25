"""The command menu beside the input field, in each language."""

from __future__ import annotations

from bot.channels.telegram.client import Client
from bot.turn import Rules
from conversation.texts import render
from handlers.table import CONVERSATIONS

# Telegram shows a description of at most so many characters.
LONGEST = 256


async def publish(client: Client, rules: Rules) -> None:
    """What everyone may ask for; people with a role find the rest by /ayuda."""
    public = [c for c in CONVERSATIONS if not c.roles and not c.hidden]
    for code, language in rules.languages.items():
        menu = [(c.command.removeprefix("/"), render(c.title, language)[:LONGEST]) for c in public]
        await client.set_commands("all_private_chats", "" if code == "es" else code, menu)
