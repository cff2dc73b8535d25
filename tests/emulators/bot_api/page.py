"""How a chat on Telegram looks on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.emulators.bot_api.chats import Raw, Shown
from tests.emulators.bot_api.people import Person
from tests.emulators.shared import page

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramEmulator

_DOING = {"": "", "typing": "escribe…", "upload_photo": "envía una foto…", "upload_document": "envía un archivo…"}


class Page(page.Page[Person]):
    """With a keyboard, commands, notices and messages that change."""

    platform, first = "Telegram", 1001

    def __init__(self, telegram: TelegramEmulator) -> None:
        super().__init__(telegram.files.kept)
        self.telegram = telegram

    def person(self, query: Mapping[str, str], name: str) -> Person:
        """By the number of the chat."""
        return self.telegram.person(int(query["id"]), name)

    async def look(self, person: Person) -> Raw:
        """The chat as it looks now."""
        keyboard = [[key if isinstance(key, str) else key["text"] for key in row] for row in person.keyboard]
        return {
            "bot": self.telegram.bot["first_name"], "doing": _DOING.get(person.action, "trabaja…"),
            "messages": [_described(one) for one in list(person.history.values())[-page.MOST_SHOWN :]],
            "keyboard": keyboard, "notices": person.notices, "commands": self._commands(person),
        }  # fmt: skip

    async def tap(self, person: Person, message: str, label: str) -> str:
        """A button below a message."""
        return await person.taps(label, on=Shown(person.history[int(message)]))

    def _commands(self, person: Person) -> list[Raw]:
        menus = self.telegram.commands
        languages = (person.user["language_code"], "")
        scopes = (f"chat {person.id}", "all_private_chats", "default")
        return next((menus[key] for scope in scopes for each in languages if (key := (scope, each)) in menus), [])


def _described(message: Raw) -> Raw:
    shown = Shown(message)
    described: Raw = {
        "id": shown.id, "own": not message["from"]["is_bot"], "text": shown.text, "file": _file(message),
        "date": message["date"], "edited": "edit_date" in message,
        "rows": [[{"label": one.label, "url": one.url} for one in row] for row in shown.rows],
    }  # fmt: skip
    if before := message.get("reply_to_message"):
        described["quoted"] = (Shown(before).text or "Un mensaje")[:80]
    if place := message.get("location"):
        described["text"] = f"Lugar: {place['latitude']}, {place['longitude']}"
    return described


def _file(message: Raw) -> Raw | None:
    if "photo" in message:
        largest: dict[str, Any] = message["photo"][-1]
        size = {"width": largest["width"], "height": largest["height"]}
        return {"id": largest["file_id"], "name": message.get("caption") or "Foto", "picture": True, "size": size}
    if document := message.get("document"):
        return {"id": document["file_id"], "name": document.get("file_name") or "Archivo"}
    return None
