"""Whether the platforms take what they are given: asked of themselves, for `chasqui doctor`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.settings import Settings

# What was looked at, how it stands, and what to do about it.
Found = tuple[str, Literal["✓", "–", "✗"], str]


def telegram(read: Settings) -> Found:
    """Whether the bot's key is accepted."""
    if not read.telegram_token.get_secret_value():
        return "Telegram", "–", "Sin configurar: pida una clave a @BotFather y póngala en CHASQUI_TELEGRAM_TOKEN."
    from telegram.error import InvalidToken, TelegramError

    from bot.channels.telegram.client import Client

    async def name() -> str:
        client = Client(read.telegram_token.get_secret_value(), read.telegram_api)
        await client.open()
        try:
            return (await client.get_me()).username
        finally:
            await client.close()

    try:
        return f"Telegram (@{asyncio.run(name())})", "✓", ""
    except InvalidToken:
        return "Telegram", "✗", "No acepta la clave: copie la de @BotFather en CHASQUI_TELEGRAM_TOKEN."
    except TelegramError:
        return "Telegram", "✗", f"No responde {read.telegram_api}: revise la salida a internet."


def whatsapp(read: Settings) -> Found:
    """Whether the token is accepted for the number, and the account has our templates."""
    if not read.whatsapp_token.get_secret_value():
        return "WhatsApp", "–", "Sin configurar: docs/whatsapp.md dice qué pedirle a Meta."
    from bot import settings

    try:
        settings.whole(read)
    except settings.Misconfigured as error:
        return "WhatsApp", "✗", str(error)
    from bot.channels.whatsapp import account, results
    from bot.channels.whatsapp.client import Client, Me, NotDone
    from bot.channels.whatsapp.templates import Standing, standings
    from plans.whatsapp_templates import load

    async def asked() -> tuple[Me, list[Standing]]:
        client = Client(read.whatsapp_token.get_secret_value(), read.whatsapp_phone, read.whatsapp_api)
        await client.open()
        try:
            return await client.me(), standings(load(), await account.templates(client, read.whatsapp_account))
        finally:
            await client.close()

    try:
        me, found = asyncio.run(asked())
    except NotDone as error:
        if isinstance(error.found, results.Halted):
            return "WhatsApp", "✗", "Meta no acepta la clave: revise CHASQUI_WHATSAPP_TOKEN y los identificadores."
        return "WhatsApp", "✗", f"No responde {read.whatsapp_api}: revise la salida a internet."
    if wrong := sum(not one.fine for one in found):
        remedy = f"{wrong} plantillas por arreglar: «chasqui whatsapp templates check» dice cuáles."
        return f"WhatsApp ({me.number})", "–", remedy
    return f"WhatsApp ({me.number})", "✓", ""
