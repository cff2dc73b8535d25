"""What a person sees of the bot's messages, and waiting for more."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.shared.chats import Listener

Raw = dict[str, Any]  # an object of the Cloud API


@dataclass(frozen=True, slots=True)
class Option:
    """What can be tapped: a button, a row of a list, or the quick reply of a template."""

    label: str
    id: str
    description: str = ""
    kind: str = "button"  # button, row, template


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot (`at`: monotonic seconds)."""

    id: str
    raw: Raw  # as it was sent
    text: str  # all that is read: header, body, footer or caption; of a template with its parameters in place
    options: list[Option]
    at: float = field(default_factory=time.monotonic)

    @property
    def kind(self) -> str:
        """text, image, document, interactive, template …"""
        return str(self.raw.get("type", "text"))

    @property
    def media_id(self) -> str:
        """The id of its picture or file, be it in the header; empty without one."""
        return media_id(self.raw)

    @property
    def template(self) -> str:
        """The name of the template it was sent as; empty for a free message."""
        return str(self.raw.get("template", {}).get("name", ""))


def media_id(message: Raw) -> str:
    """The id of a message's picture or file, be it in the header; empty without one."""
    kind = message.get("type", "text")
    holder = message.get("interactive", {}).get("header", {}) if kind == "interactive" else message
    found = holder.get(holder.get("type", "text"), {})
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def shown(wamid: str, message: Raw) -> Shown:
    """A free message as its reader sees it."""
    kind = message.get("type", "text")
    content = message.get(kind, {})
    if kind != "interactive":
        return Shown(wamid, message, str(content.get("body") or content.get("caption") or ""), [])
    parts = [content.get(part, {}).get("text", "") for part in ("header", "body", "footer")]
    return Shown(wamid, message, "\n".join(filter(None, parts)), _options(content["action"]))


def _options(action: Raw) -> list[Option]:
    buttons = [Option(one["reply"]["title"], one["reply"]["id"]) for one in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return buttons + [Option(row["title"], row["id"], row.get("description", ""), "row") for row in rows]


def named(options: list[Option], label: str) -> Option | None:
    """The option a person means by `label`: its label or its description, or how either begins.

    A label that was shortened with "…" is also found by the whole of what it stands for.
    """

    def ranks(one: Option) -> tuple[bool, bool, bool]:
        exact = label in (one.label, one.description)
        begins = one.label.startswith(label) or one.description.startswith(label)
        return exact, begins, one.label.endswith("…") and label.startswith(one.label[:-1])

    return max((one for one in options if any(ranks(one))), key=ranks, default=None)


@dataclass(eq=False, kw_only=True)
class Chat(Listener[Shown]):
    """The chat of one person with the bot."""

    history: list[Raw | Shown] = field(default_factory=list)  # both sides, in order
    typing: bool = False

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages in the order they came."""
        return list(self.shown)
