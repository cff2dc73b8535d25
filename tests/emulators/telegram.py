"""Telegram on this machine: a real HTTP server that speaks the Bot API, and people to chat with the bot.

    async with TelegramEmulator(token="7:secret") as telegram:
        ana = telegram.person(1001, "Ana Lucía Ortega")
        await ana.says("/reportar")
        asked = await ana.hears("¿Qué actividad")
        await ana.taps("Publicar la agenda")
        telegram.faults.plan(faults.lost_answer(), "sendMessage")

The bot's base address is `telegram.url` + "/bot", that of files `telegram.url` + "/file/bot".
`python -m tests.emulators.telegram --port 8081` runs it alone, with a page to chat as a person.

What is not as on the platform: marked text is read as HTML only, albums hold photos and documents, there are no
inline messages and no topics; a method that is missing is answered 404 and noted in `invalid`.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from tests.emulators.bot_api import faults
from tests.emulators.bot_api.chats import Button, Chat, Shown
from tests.emulators.bot_api.limits import Model
from tests.emulators.bot_api.page import Page
from tests.emulators.bot_api.people import Group, Person
from tests.emulators.bot_api.platform import Platform
from tests.emulators.bot_api.server import Server
from tests.emulators.shared.platform import Call

__all__ = ["Button", "Call", "Chat", "Group", "Person", "Shown", "TelegramEmulator", "faults"]

TOKEN = "7000000001:emulated"
USERNAME = "chasqui_bot"


class TelegramEmulator(Platform):
    """The platform with its server. What a test may look at and change:

    faults     what goes wrong: `faults.plan(faults.too_many(3), "sendMessage", times=2)`
    limits     `limits.set("window")` answers 429 above 30 a second and one a second in a chat; `limits.halt(seconds)`
    files      `files.link_lifetime`, `files.expire_links()`, `files.forget(file_id)`
    invalid    calls that broke the rules of the Bot API, in words: leaving `async with` fails unless it is empty, so
               that a test which expects some takes them out
    calls      every call (when, method, chat, status, parameters), `counts` by method and by status
    updates    `updates.pending`: not confirmed yet; `updates.add(chat, kind, body)` adds one of any kind
    commands   the command menus by (scope, language); `unanswered`: taps that still wait for their answer
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = USERNAME,
        port: int = 0,
        now: Callable[[], float] = time.time,
        retry_pause: float = 0.05,
        local: Path | None = None,
    ) -> None:
        """`now` dates messages (Unix seconds); a webhook that fails is tried again after `retry_pause` seconds.

        `local` is the folder of a local Bot API server: files of any size, and paths instead of links.
        """
        super().__init__(token, username, port=port, now=now, retry_pause=retry_pause, local=local)

    @property
    def url(self) -> str:
        """The root of the Bot API."""
        return self.root

    def person(self, chat_id: int, name: str = "Ana", language: str = "es", username: str = "") -> Person:
        """Somebody who has started the bot; the same one for the same id."""
        known = self.chats.get(chat_id)
        if not isinstance(known, Person):
            known = self.chats[chat_id] = Person(self, chat_id, name, language, username)
        return known

    def group(self, chat_id: int, title: str, *, privacy: bool = True) -> Group:
        """A group with the bot in it (-100… is a supergroup); without privacy the bot hears everything said there."""
        group = Group(self, chat_id, title, privacy=privacy)
        self.chats[chat_id] = group
        return group

    def application(self) -> web.Application:
        """The Bot API and the page."""
        application = Server(self).application()
        Page(self).add_to(application)
        return application

    async def restart(self, *, forget: bool = False) -> None:
        """Be gone and come back, with everything known or with pending updates, webhook and chats forgotten."""
        await self.stop()
        if forget:
            await self.forget()
        await self.start()


async def _alone(port: int, token: str, limit: Model | None) -> None:
    async with TelegramEmulator(token, port=port) as telegram:
        if limit:
            telegram.limits.set(limit)
        print(f"Telegram emulado: abra {telegram.url} (Ctrl-C termina)")
        print(f"Para el bot: {telegram.url}/bot{token}/", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Run it alone."""
    parser = argparse.ArgumentParser(description="Telegram emulado en esta máquina.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limit", choices=["window", "bucket"], help="30 messages/s in all, one a second in a chat")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_alone(given.port, given.token, given.limit))


if __name__ == "__main__":
    main()
