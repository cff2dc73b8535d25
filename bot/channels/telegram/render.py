"""From a message in the database to the calls that show it. Never with markup: names and accounts arrive as typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.bodies import File, Stored
from bot.channels.pieces import head, pieces
from bot.handing import Handing
from models.deliveries import Outgoing
from models.outbox import Parcel

# Telegram's limits. It does not say what it counts as a character: in UTF-16 units a text is never shorter than in any
# other count.
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_TITLE = 256  # of a command, in the menu
LONGEST_DATA = 64  # bytes of UTF-8
MOST_BUTTONS = 100
MOST_BYTES = 50_000_000  # of a document
# Labels of at most so many characters stand two in a row on a narrow phone; a row may hold eight.
SHORT_LABEL, IN_ROW = 16, 2


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API: its parameters as JSON, its files by parameter, the `document` that lies on disk."""

    method: str
    params: dict[str, Any]
    files: dict[str, File] = field(default_factory=dict)
    document: Stored | None = None


def calls(
    message: Outgoing | Parcel, chat_id: int, draw: Callable[[Mapping[str, Any]], bytes], handing: Handing | None = None
) -> tuple[Call, ...]:
    """The calls that show a message, in order; the buttons stand under the last.

    `draw` makes a PNG of {"drawing", "figures", "alt"}; it may take long, so call this in a thread where there is one.
    """
    if isinstance(message, Parcel) and message.kind == "menu":
        commands = [
            {"command": each["tap"].lstrip("/"), "description": each["label"][:LONGEST_TITLE]}
            for each in message.buttons
        ]
        return (Call("setMyCommands", {"commands": commands, "scope": {"type": "chat", "chat_id": chat_id}}),)
    made: list[Call] = []
    text = message.text
    document, file = message.document, None
    if document and handing:
        file = handing.file(document, MOST_BYTES)
        text = text if file else f"{text}\n\n{handing.instead(message.id, document)}"
    if picture := message.picture:
        photo = File(f"{picture['drawing']}.png", draw(picture), "image/png")
        whole = len(head(text, LONGEST_CAPTION)) == len(text)
        made = [Call("sendPhoto", {"chat_id": chat_id, "caption": text if whole else ""}, {"photo": photo})]
        text = "" if whole else text
    plain = {"chat_id": chat_id, "link_preview_options": {"is_disabled": True}}
    shown = text if document and len(head(text, LONGEST_CAPTION)) == len(text) else ""
    if not (file and shown):
        made += [Call("sendMessage", {**plain, "text": piece}) for piece in pieces(text, LONGEST_TEXT)]
    if document and file:
        made.append(Call("sendDocument", {"chat_id": chat_id, "caption": shown or document["caption"]}, document=file))
    if keyboard := _keyboard(message):
        made[-1].params["reply_markup"] = {"inline_keyboard": keyboard}
    return tuple(made)


def _keyboard(message: Outgoing | Parcel) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = []
    for index, button in enumerate(message.buttons[:MOST_BUTTONS]):
        shown = {"text": button["label"], "callback_data": data(message.id, index, button["tap"])}
        if rows and len(rows[-1]) < IN_ROW and _short(rows[-1][-1]) and _short(shown):
            rows[-1].append(shown)
        else:
            rows.append([shown])
    return rows


def _short(button: Mapping[str, str]) -> bool:
    return len(button["text"]) <= SHORT_LABEL


def data(delivery_id: int, index: int, tap: str) -> str:
    """What the button carries: its tap, or where to look it up, "#<delivery>.<button>", if that is too long."""
    return tap if 1 <= len(tap.encode()) <= LONGEST_DATA else f"#{delivery_id}.{index}"
