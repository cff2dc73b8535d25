"""A page to chat with the bot as a person, for who has no account at hand. Its script is in page.html."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from aiohttp import web

from tests.emulators.shared.chats import Raw
from tests.emulators.shared.files import Stored

PATIENCE = 25.0  # seconds a question for news stays open
MOST_SHOWN = 200  # messages
_HTML = Path(__file__).with_name("page.html")
_POLICY = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:"


class Someone(Protocol):
    """Who chats on the page: as the people of both emulators do."""

    name: str
    revision: int

    async def news(self, seen: int, timeout: float) -> None: ...
    async def says(self, text: str) -> Raw: ...
    async def sends_photo(self, data: bytes) -> Raw: ...
    async def sends_document(self, data: bytes, name: str) -> Raw: ...


Person = TypeVar("Person", bound=Someone)


class Page(ABC, Generic[Person]):
    """The routes of the page: of which platform, and the id of who opens it without one."""

    platform: str
    first: int

    def __init__(self, files: Mapping[str, Stored]) -> None:
        self.files = files

    @abstractmethod
    def person(self, query: Mapping[str, str], name: str) -> Person:
        """Who has the page open."""

    @abstractmethod
    async def look(self, person: Person) -> Raw:
        """The chat as it looks now.

        bot       its name
        doing     what it is doing, as "escribe…"; empty: nothing
        messages  id, own (the person's), text, and what there is of: file (id, name, picture, size: {width, height}),
                  quoted, date (Unix seconds), edited, list (the label of the button that opens the rows), rows of
                  buttons (label, description, url)
        keyboard  instead of the letters: rows of words to say; commands: command, description; notices: all so far
        """

    @abstractmethod
    async def tap(self, person: Person, message: str, label: str) -> object:
        """Tap a button of the message with that id."""

    def add_to(self, application: web.Application) -> None:
        """Add the routes."""
        application.router.add_get("/", self.show)
        application.router.add_get("/_/chat", self.chat)
        application.router.add_post("/_/says", self.says)
        application.router.add_post("/_/taps", self.taps)
        application.router.add_post("/_/sends", self.sends)
        application.router.add_get("/_/file/{id}", self.file)

    async def show(self, _request: web.Request) -> web.Response:
        """The page itself; it asks no other host for anything."""
        page = _HTML.read_text("utf-8").replace("%PLATFORM%", self.platform).replace("%FIRST%", str(self.first))
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": _POLICY})

    async def chat(self, request: web.Request) -> web.Response:
        """The chat once it is past the revision already seen."""
        person = self._person(request)
        with suppress(TimeoutError):
            await person.news(int(request.query.get("seen", -1)), PATIENCE)
        look = await self.look(person)
        return web.json_response({"name": person.name, "revision": person.revision, **look})

    async def says(self, request: web.Request) -> web.Response:
        """Type what is in the body."""
        return web.json_response(await self._person(request).says(await request.text()))

    async def taps(self, request: web.Request) -> web.Response:
        """Tap the button whose label is in the body, on the message named."""
        return web.json_response(await self.tap(self._person(request), request.query["message"], await request.text()))

    async def sends(self, request: web.Request) -> web.Response:
        """Send the body: as a photo, or as a file with its name."""
        person, data = self._person(request), await request.read()
        if name := request.query.get("file"):
            return web.json_response(await person.sends_document(data, name))
        return web.json_response(await person.sends_photo(data))

    async def file(self, request: web.Request) -> web.Response:
        """A picture or file of the chat: pictures are shown, all else is saved."""
        stored = self.files.get(request.match_info["id"])
        if not stored:
            raise web.HTTPNotFound
        how = "inline" if stored.mime in {"image/jpeg", "image/png", "image/webp"} else "attachment"
        headers = {"Content-Type": stored.mime, "Content-Disposition": how, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=stored.data, headers=headers)

    def _person(self, request: web.Request) -> Person:
        return self.person(request.query, request.query.get("name") or "Ana Lucía")
