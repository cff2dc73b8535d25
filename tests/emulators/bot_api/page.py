"""A page to chat with the bot as a person, for who has no account at hand. Its script is in page.html."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from tests.emulators.bot_api.chats import Raw, Shown
from tests.emulators.bot_api.people import Person

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramEmulator

PATIENCE = 25.0  # seconds a question for news stays open
MOST_SHOWN = 200  # messages
_HTML = Path(__file__).with_name("page.html")


class Page:
    """The routes of the page."""

    def __init__(self, telegram: TelegramEmulator) -> None:
        self.telegram = telegram

    def add_to(self, application: web.Application) -> None:
        """Add the routes."""
        application.router.add_get("/", self.show)
        application.router.add_get("/_/chat", self.chat)
        application.router.add_post("/_/says", self.says)
        application.router.add_post("/_/taps", self.taps)
        application.router.add_post("/_/sends", self.sends)
        application.router.add_get("/_/file/{file_id}", self.file)

    async def show(self, request: web.Request) -> web.Response:
        """The page itself; it asks no other host for anything."""
        policy = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:"
        return web.Response(
            text=_HTML.read_text("utf-8"), content_type="text/html", headers={"Content-Security-Policy": policy}
        )

    async def chat(self, request: web.Request) -> web.Response:
        """The chat as it looks now, once it is past the revision already seen."""
        person = self._person(request)
        with suppress(TimeoutError):
            await person.news(int(request.query.get("seen", -1)), PATIENCE)
        return web.json_response({
            "bot": self.telegram.bot, "name": person.title, "revision": person.revision, "action": person.action,
            "messages": list(person.history.values())[-MOST_SHOWN:], "keyboard": person.keyboard,
            "notices": person.notices, "commands": self._commands(person),
        })  # fmt: skip

    async def says(self, request: web.Request) -> web.Response:
        """Type what is in the body."""
        return web.json_response(await self._person(request).says(await request.text()))

    async def taps(self, request: web.Request) -> web.Response:
        """Tap the button whose label is in the body, on the message named."""
        person = self._person(request)
        message = person.history[int(request.query["message"])]
        return web.json_response(await person.taps(await request.text(), on=Shown(message)))

    async def sends(self, request: web.Request) -> web.Response:
        """Send the body: as a photo, or as a file with its name."""
        person, data = self._person(request), await request.read()
        if name := request.query.get("file"):
            return web.json_response(await person.sends_document(data, name))
        return web.json_response(await person.sends_photo(data))

    async def file(self, request: web.Request) -> web.Response:
        """A picture or file of the chat: pictures are shown, all else is saved."""
        stored = self.telegram.files.kept.get(request.match_info["file_id"])
        if not stored:
            raise web.HTTPNotFound
        shown = stored.mime in {"image/jpeg", "image/png"}
        return web.Response(
            body=stored.data,
            content_type=stored.mime,
            headers={"Content-Disposition": "inline" if shown else "attachment", "X-Content-Type-Options": "nosniff"},
        )

    def _person(self, request: web.Request) -> Person:
        return self.telegram.person(int(request.query["id"]), request.query.get("name") or "Ana Lucía")

    def _commands(self, person: Person) -> list[Raw]:
        menus = self.telegram.commands
        languages = (person.user["language_code"], "")
        scopes = (f"chat {person.id}", "all_private_chats", "default")
        return next((menus[key] for scope in scopes for each in languages if (key := (scope, each)) in menus), [])
