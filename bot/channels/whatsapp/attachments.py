"""The files and places of a WhatsApp message. The bytes come later: what fetches them is in the details."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Mapping
from typing import Any

from bot.channels.whatsapp import CHANNEL
from conversation.messages import Attachment, AttachmentKind
from models.inspection import safe_name

# What the kinds of messages that bring a file are called here, and their media type where none is given.
FILES: Mapping[str, tuple[AttachmentKind, str]] = {
    "image": ("photo", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "audio": ("audio", "audio/ogg"),
    "document": ("document", ""),
}
# A file sent as such is called by its media type, as it will be once it has been looked at.
BY_TYPE: Mapping[str, AttachmentKind] = {"image": "photo", "video": "video", "audio": "audio"}
# What nobody can keep as evidence: stickers, contacts, orders, and whatever else there will be.
UNWANTED = Attachment("document", "", problem="no_file")
LONGEST_NAME, LONGEST_TYPE = 120, 100
MEDIA = re.compile(r"[\w.:-]{1,80}", re.ASCII)


def attached(kind: Any, content: Mapping[str, Any], number: str) -> tuple[Attachment, ...]:
    """What a message of this kind brings besides words. `number`: the message's, as the database has it.

    A file's ref is "whatsapp:" and its media id; its details hold "file_id" (the same), "message", where it
    lies for five minutes as "url" with its "sha256" (both told since version 24 of the API), and "recompressed" where
    WhatsApp has made the photo smaller. Its size is not told.
    """
    if kind in FILES:
        return (_file(kind, content, number),)
    return (_place(content),) if kind == "location" else ()


def said(value: Any) -> str:
    """A text, without what no database takes: zero bytes and halves of characters; "" for all that is none."""
    if not isinstance(value, str):
        return ""
    return value if value.isprintable() else value.replace("\0", "").encode("utf-8", "ignore").decode()


def _file(field: str, content: Mapping[str, Any], number: str) -> Attachment:
    kind, usual = FILES[field]
    mime = said(content.get("mime_type")).partition(";")[0].strip()[:LONGEST_TYPE] or usual
    if field == "document":
        kind = BY_TYPE.get(mime.partition("/")[0], kind)
    elif field == "audio" and content.get("voice") is True:
        kind = "voice"
    filename = said(content.get("filename"))
    name = safe_name(filename) if filename else ""
    media = said(content.get("id"))
    if not MEDIA.fullmatch(media):
        return Attachment(kind, "", name, mime, problem="cut_off")
    details: dict[str, Any] = {"file_id": media, "message": number}
    if (url := said(content.get("url"))) and (digest := _hexadecimal(said(content.get("sha256")))):
        details |= {"url": url, "sha256": digest}
    if field == "image":
        details["recompressed"] = True
    return Attachment(kind, f"{CHANNEL}:{media}", name, mime, details=details)


def _hexadecimal(base64: str) -> str:
    """A digest as the vault writes it, "" where it is none."""
    try:
        return a2b_base64(base64).hex()
    except ValueError:
        return ""


def _place(content: Mapping[str, Any]) -> Attachment:
    latitude, longitude = float(content["latitude"]), float(content["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("not on Earth")
    return Attachment("place", f"{latitude:.6f},{longitude:.6f}", said(content.get("name"))[:LONGEST_NAME])
