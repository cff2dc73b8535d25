"""A page to chat with the bot as a person, for who has no account at hand. Its script is in page.html."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.graph_api.chats import Raw, Shown, media_id
from tests.emulators.graph_api.people import Person

if TYPE_CHECKING:
    from tests.emulators.whatsapp import WhatsAppEmulator

PATIENCE = 25.0  # seconds a question for news stays open
MOST_SHOWN = 200  # messages
_HTML = Path(__file__).with_name("page.html")


class Page:
    """The routes of the page."""

    def __init__(self, whatsapp: WhatsAppEmulator) -> None:
        self.whatsapp = whatsapp

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
        policy = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:"
        return web.Response(
            text=_HTML.read_text("utf-8"), content_type="text/html", headers={"Content-Security-Policy": policy}
        )

    async def chat(self, request: web.Request) -> web.Response:
        """The chat as it looks now, once it is past the revision already seen; the person has read it then."""
        person = self._person(request)
        with suppress(TimeoutError):
            await person.news(int(request.query.get("seen", -1)), PATIENCE)
        await person.reads()
        return web.json_response({
            "bot": self.whatsapp.info["verified_name"], "name": person.name, "revision": person.revision,
            "typing": person.typing,
            "messages": [self._described(one) for one in person.history[-MOST_SHOWN:]],
        })  # fmt: skip

    async def says(self, request: web.Request) -> web.Response:
        """Type what is in the body."""
        return web.json_response(await self._person(request).says(await request.text()))

    async def taps(self, request: web.Request) -> web.Response:
        """Tap the option whose label is in the body, on the message named."""
        person, wanted = self._person(request), request.query["message"]
        message = next(one for one in person.shown if one.id == wanted)
        return web.json_response(await person.taps(await request.text(), on=message))

    async def sends(self, request: web.Request) -> web.Response:
        """Send the body: as a photo, or as a file with its name."""
        person, data = self._person(request), await request.read()
        if name := request.query.get("file"):
            return web.json_response(await person.sends_document(data, name))
        return web.json_response(await person.sends_photo(data))

    async def file(self, request: web.Request) -> web.Response:
        """A picture or file of the chat: pictures are shown, all else is saved."""
        stored = self.whatsapp.media.kept.get(request.match_info["id"])
        if not stored:
            raise web.HTTPNotFound
        shown = stored.mime in {"image/jpeg", "image/png", "image/webp"}
        how = "inline" if shown else "attachment"
        headers = {"Content-Type": stored.mime, "Content-Disposition": how, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=stored.data, headers=headers)

    def _described(self, message: Raw | Shown) -> Raw:
        ours = isinstance(message, Shown)
        raw = message.raw if isinstance(message, Shown) else message
        kind = raw.get("type", "text")
        content = raw.get(kind) or {}
        stored = self.whatsapp.media.kept.get(media_id(raw))
        described: Raw = {"ours": ours, "id": message.id if isinstance(message, Shown) else message["id"], "kind": kind}
        if stored:
            picture = stored.mime.startswith("image/")
            name = content.get("filename", "") or stored.name
            described["file"] = {"id": stored.id, "name": name, "picture": picture}
        if isinstance(message, Shown):
            described["text"] = message.text
            described["list"] = content.get("action", {}).get("button", "") if kind == "interactive" else ""
            described["options"] = [{"label": one.label, "description": one.description} for one in message.options]
        else:
            described["text"] = _typed(kind, content)
        return described

    def _person(self, request: web.Request) -> Person:
        query = request.query
        return self.whatsapp.person(query["id"], query.get("name") or "Ana Lucía", query.get("user", ""))


def _typed(kind: str, content: Any) -> str:
    if kind == "interactive":
        return str(content[content["type"]]["title"])
    if kind == "location":
        return f"Lugar: {content['latitude']}, {content['longitude']}"
    known = content if isinstance(content, dict) else {}
    return str(known.get("body") or known.get("text") or known.get("caption") or known.get("emoji") or "")
