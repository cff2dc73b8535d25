"""The files the platform keeps: their ids, the links that lead to them, the sizes of a photo."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.emulators.bot_api.faults import ApiError
from tests.emulators.shared.files import Kept, Stored

MOST_DOWNLOADED = 20 << 20  # bytes, unless the Bot API server is a local one
THUMBNAILS = (90, 320)  # pixels of the longer side
_METADATA = (0xE1, 0xED)  # segments of a JPEG in which cameras and editors write


@dataclass(slots=True)
class Files(Kept):
    """Every file; a photo counts as three."""

    link_lifetime: float = 3600
    local: Path | None = None  # folder of a local Bot API server: no limit, and paths instead of links
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, data: bytes, name: str, mime: str, size: int | None = None) -> Stored:
        """Keep a file; `size` where it pretends to weigh something else."""
        return self.keep(f"AgAD{next(self._numbers):06}", data, name, mime, size)

    def add_photo(self, data: bytes, size: int | None = None) -> list[dict[str, Any]]:
        """Keep a photo without what its camera wrote; its three sizes, the smallest first."""
        *small, (width, height, original) = photo_sizes(data)
        weighed = [(*each, None) for each in small] + [(width, height, original, size)]
        return [
            {**described(self.add(pixels, "photo.jpg", "image/jpeg", weight)), "width": width, "height": height}
            for width, height, pixels, weight in weighed
        ]

    def link(self, file_id: str) -> dict[str, Any]:
        """What getFile answers: a File with a path for a while. Raises ApiError."""
        stored = self.kept.get(file_id)
        if not stored:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if self.local:
            kept = self.local / f"{file_id}-{Path(stored.name).name}"
            kept.write_bytes(stored.data)
            return {**described(stored), "file_path": str(kept)}
        if stored.size > MOST_DOWNLOADED:
            raise ApiError(400, "Bad Request: file is too big")
        folder = stored.mime.split("/", maxsplit=1)[0]
        path = f"{folder}s/file_{next(self._numbers)}{Path(stored.name).suffix}"
        self.give(path, stored)
        return {**described(stored), "file_path": path}

    def at(self, path: str) -> Stored:
        """What a link leads to. Raises ApiError."""
        if stored := self.behind(path):
            return stored
        raise ApiError(404, "Not Found")


def described(stored: Stored) -> dict[str, Any]:
    """A file as it is described inside a message."""
    return {"file_id": stored.id, "file_unique_id": f"u{stored.id}", "file_size": stored.size}


@lru_cache(maxsize=256)
def photo_sizes(data: bytes) -> tuple[tuple[int, int, bytes], ...]:
    """Width, height and bytes of the three sizes of a photo; the last is the photo as given, without metadata."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            small = [_thumbnail(image, most) for most in THUMBNAILS]
    except UnidentifiedImageError:  # a test's own bytes
        return ((90, 68, data), (320, 240, data), (800, 600, data))
    return (*small, (width, height, without_metadata(data)))


def _thumbnail(image: Image.Image, most: int) -> tuple[int, int, bytes]:
    small, written = image.convert("RGB"), io.BytesIO()
    small.thumbnail((most, most))
    small.save(written, "JPEG", quality=60)
    return (*small.size, written.getvalue())


def without_metadata(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP and IPTC; anything else as it is."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] not in _METADATA:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])
