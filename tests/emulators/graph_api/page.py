"""How a chat on WhatsApp looks on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.emulators.graph_api.chats import Raw, Shown, media_id
from tests.emulators.graph_api.people import Person
from tests.emulators.shared import page

if TYPE_CHECKING:
    from tests.emulators.whatsapp import WhatsAppEmulator


class Page(page.Page[Person]):
    """With lists; who looks at it has read the messages."""

    platform, first = "WhatsApp", 573_001_112_233

    def __init__(self, whatsapp: WhatsAppEmulator) -> None:
        super().__init__(whatsapp.media.kept)
        self.whatsapp = whatsapp

    def person(self, query: Mapping[str, str], name: str) -> Person:
        """By the number, and the user id where there is one."""
        return self.whatsapp.person(query["id"], name, query.get("user", ""))

    async def look(self, person: Person) -> Raw:
        """The chat as it looks now."""
        await person.reads()
        return {
            "bot": self.whatsapp.info["verified_name"], "doing": "escribe…" if person.typing else "",
            "messages": [self._described(one) for one in person.history[-page.MOST_SHOWN :]],
            "keyboard": [], "notices": [], "commands": [],
        }  # fmt: skip

    async def tap(self, person: Person, message: str, label: str) -> Raw:
        """A button, or a row of a list."""
        return await person.taps(label, on=next(one for one in person.shown if one.id == message))

    def _described(self, message: Raw | Shown) -> Raw:
        raw = message.raw if isinstance(message, Shown) else message
        kind = raw.get("type", "text")
        content = raw.get(kind) or {}
        described: Raw = {"own": raw is message}
        if stored := self.whatsapp.media.kept.get(media_id(raw)):
            name = content.get("filename", "") or stored.name
            described["file"] = {"id": stored.id, "name": name, "picture": stored.mime.startswith("image/")}
        if isinstance(message, Shown):
            text = message.text
            described["id"] = message.id
            described["list"] = content.get("action", {}).get("button", "") if kind == "interactive" else ""
            described["rows"] = [[{"label": one.label, "description": one.description}] for one in message.options]
        else:
            text = _typed(kind, content)
            described["id"] = message["id"]
        return {**described, "text": text or ("" if stored else "(sin texto)")}


def _typed(kind: str, content: Any) -> str:
    if kind == "interactive":
        return str(content[content["type"]]["title"])
    if kind == "location":
        return f"Lugar: {content['latitude']}, {content['longitude']}"
    known = content if isinstance(content, dict) else {}
    return str(known.get("body") or known.get("text") or known.get("caption") or known.get("emoji") or "")
