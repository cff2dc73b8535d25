"""The files, links and places of a Telegram message. The bytes come later: what fetches them is in the details."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.channels.telegram import CHANNEL
from conversation.messages import Attachment, AttachmentKind
from conversation.questions.files import LINK, LONGEST_LINK
from models.inspection import safe_name

# What Telegram lets a bot download, in bytes; a local Bot API server has the other limit.
MOST, MOST_LOCAL = 20 << 20, 2000 << 20
# Where a message carries its one file, what people call it, and its media type where none is given. An animation is
# described as a document too, for old bots, and a live photo as a photo.
FILES: Mapping[str, tuple[AttachmentKind, str]] = {
    "photo": ("photo", "image/jpeg"),
    "animation": ("video", "video/mp4"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "voice": ("voice", "audio/ogg"),
    "audio": ("audio", "audio/mpeg"),
    "document": ("document", ""),
}
# A file sent as such is called by its media type, as it will be once it has been looked at.
BY_TYPE: Mapping[str, AttachmentKind] = {"image": "photo", "video": "video", "audio": "audio"}
# What people send and nobody can keep as evidence; of a contact not even the name is read.
UNWANTED = ("sticker", "contact", "poll", "dice", "game", "story", "paid_media", "checklist")
LONGEST_NAME = 120
USERNAME = re.compile(r"\w{4,32}", re.ASCII)


def attachments(message: Mapping[str, Any], most: int) -> tuple[Attachment, ...]:
    """Everything a Message brings besides words. `most`: the largest file that can be fetched, in bytes.

    A file's ref is "telegram:" and Telegram's lasting number for it; its details hold "file_id", which fetches it,
    "message", the number of the message it came with, and "recompressed" where Telegram has made the photo smaller.
    What cannot be kept has a problem instead.
    """
    found = [_link(post(message)), *map(_link, _hidden(message)), _file(message, most), _place(message)]
    kept = tuple(item for item in found if item)
    if kept or not any(field in message for field in UNWANTED):
        return kept
    return (Attachment("document", "", problem="no_file"),)


def clean(text: str) -> str:
    """Without what no database takes: zero bytes and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def post(message: Mapping[str, Any]) -> str:
    """The address of the public channel's post that was passed on, "" for everything else."""
    origin = message.get("forward_origin") or {}
    name = str((origin.get("chat") or {}).get("username") or "") if origin.get("type") == "channel" else ""
    return f"https://t.me/{name}/{int(origin['message_id'])}" if USERNAME.fullmatch(name) else ""


def _hidden(message: Mapping[str, Any]) -> Iterable[str]:
    """Addresses behind words; those that stand in the text itself are found there."""
    marks = message.get("entities") or message.get("caption_entities") or ()
    return (clean(mark["url"]) for mark in marks if mark["type"] == "text_link")


def _link(address: str) -> Attachment | None:
    fine = len(address) <= LONGEST_LINK and LINK.fullmatch(address)
    return Attachment("link", address) if fine else None


def _file(message: Mapping[str, Any], most: int) -> Attachment | None:
    field = next((field for field in FILES if message.get(field)), "")
    if not field:
        return None
    kind, mime = FILES[field]
    file = message[field]
    if field == "photo":
        file = max(file, key=lambda size: (size["width"] * size["height"], int(size.get("file_size") or 0)))
    mime = clean(file.get("mime_type") or mime)
    if field == "document":
        kind = BY_TYPE.get(mime.partition("/")[0], kind)
    name = safe_name(file["file_name"]) if file.get("file_name") else ""
    size = int(file.get("file_size") or 0)
    if size > most:
        return Attachment(kind, "", name, mime, size, problem="too_large")
    details: dict[str, Any] = {"file_id": str(file["file_id"]), "message": int(message["message_id"])}
    if field == "photo":
        details["recompressed"] = True
    return Attachment(kind, f"{CHANNEL}:{file['file_unique_id']}", name, mime, size, details=details)


def _place(message: Mapping[str, Any]) -> Attachment | None:
    place = message.get("location")
    if not place:
        return None
    where = f"{float(place['latitude']):.6f},{float(place['longitude']):.6f}"
    return Attachment("place", where, clean((message.get("venue") or {}).get("title") or "")[:LONGEST_NAME])
