"""The files the platform keeps, and the addresses that lead to them for five minutes."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from dataclasses import dataclass, field

from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.errors import NO_OBJECT, GraphError
from tests.emulators.shared.files import Kept, Stored

LINK_LIFETIME = 300  # seconds
_OFFICE = "application/vnd.openxmlformats-officedocument."
# What may be uploaded, by kind of message, and the most bytes it may have there. Anything uploaded may be a document.
TYPES = {
    "image": {"image/jpeg", "image/png"},
    "audio": {"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/opus"},
    "video": {"video/mp4", "video/3gpp"},
    "sticker": {"image/webp"},
    "document": {
        "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
        "text/plain", f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    },
}  # fmt: skip
MOST = {"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20, "sticker": 500 << 10, "document": 100 << 20}
UPLOADED = set().union(*TYPES.values())


@dataclass(slots=True)
class Media(Kept):
    """Every file."""

    link_lifetime: float = LINK_LIFETIME
    # Not 1, 2, 3: an id of before a restart must not lead to another file.
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(10**15 + secrets.randbelow(10**15)))

    def add(self, data: bytes, name: str, mime: str, size: int | None = None) -> Stored:
        """Keep a file; `size` where it pretends to weigh something else."""
        return self.keep(str(next(self._numbers)), data, name, mime, size)

    def upload(self, data: bytes, name: str, mime: str) -> Stored:
        """Keep what the bot uploads. Raises GraphError."""
        kind = mime.partition(";")[0].strip()
        if kind not in UPLOADED:
            told = f"Param file must be a file with one of the following types: {', '.join(sorted(UPLOADED))}"
            raise GraphError(100, f"{told}. Received file of type '{mime}'.", noted=True)
        most = max(MOST[group] for group, types in TYPES.items() if kind in types)
        if not 0 < len(data) <= most:
            raise GraphError(131053, f"{name} weighs {len(data)} of {most} bytes", noted=True)
        return self.add(data, name, kind)

    def found(self, media_id: str) -> Stored:
        """The file of an id. Raises GraphError."""
        if media_id not in self.kept:
            told = f"Unsupported request. Object with ID '{media_id}' does not exist"
            raise GraphError(100, told, subcode=NO_OBJECT)
        return self.kept[media_id]

    def link(self, media_id: str, root: str) -> Raw:
        """Where a file is for a while, below `root`. Raises GraphError."""
        stored = self.found(media_id)
        key = secrets.token_urlsafe(12)
        self.give(key, stored)
        return {
            "messaging_product": "whatsapp",
            "url": f"{root}/whatsapp_business/attachments/?mid={media_id}&hash={key}",
            "mime_type": stored.mime,
            "sha256": hashlib.sha256(stored.data).hexdigest(),
            "file_size": stored.size,
            "id": media_id,
        }

    def at(self, key: str) -> Stored:
        """What an address leads to. Raises GraphError."""
        if stored := self.behind(key):
            return stored
        raise GraphError(131052)


def described(stored: Stored) -> Raw:
    """A file as it stands in a message."""
    digest = base64.b64encode(hashlib.sha256(stored.data).digest()).decode()
    return {"mime_type": stored.mime, "sha256": digest, "id": stored.id}
