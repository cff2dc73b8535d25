"""A chat as those in it see it: what was said, what it looks like now, and waiting for more."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.shared.chats import Listener
from tests.emulators.shared.faults import Refusal

Raw = dict[str, Any]  # an object of the Bot API


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot as it looked at one moment (`at`: monotonic seconds); an edit shows it anew."""

    raw: Raw
    edited: bool = False
    at: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> int:
        """Its number in its chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """What is read, without marks; of a picture or file its caption."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons below it, row by row."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        """The buttons below it, in reading order."""
        return [button for row in self.rows for button in row]

    @property
    def file_id(self) -> str:
        """The id of its picture (the largest) or file; empty without one."""
        return file_id(self.raw)


def file_id(message: Raw) -> str:
    """The id of a message's picture (the largest) or file; empty without one."""
    found = message["photo"][-1] if "photo" in message else message.get("document", {})
    return str(found.get("file_id", ""))


@dataclass(eq=False)
class Chat(Listener[Shown]):
    """A private chat, named for its person, or a group."""

    id: int
    kind: str  # private, group, supergroup
    history: dict[int, Raw] = field(default_factory=dict)  # what it looks like now, by message id
    keyboard: list[list[Any]] = field(default_factory=list)  # instead of the letters, from ReplyKeyboardMarkup
    action: str = ""  # "typing" and the like, until the next message
    refusal: Refusal | None = None  # why the bot cannot write here

    @property
    def raw(self) -> Raw:
        """As the Bot API describes it."""
        name = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
        return {"id": self.id, "type": self.kind, **name}

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages as they look now, each once, in the order they came."""
        return list({message.id: message for message in self.shown}.values())

    def keep(self, message: Raw) -> Raw:
        """Put a message into the chat, in the place of its earlier version where it has one."""
        self.history[message["message_id"]] = message
        self.changed()
        return message

    def show(self, message: Raw, *, edited: bool = False) -> Raw:
        """Let people see a message of the bot."""
        self.shown.append(Shown(message, edited))
        self.action = ""
        return self.keep(message)
