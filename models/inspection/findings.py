"""What an inspection can say: a finding about a file that may be kept, or the reason why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["photo", "voice", "audio", "video", "document"]
Reason = Literal["empty", "cut_off", "disguised", "too_large", "hostile", "not_allowed", "encrypted"]

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

# The allow-list: extension → what people call it, media type. Nothing else is ever kept.
TYPES: dict[str, tuple[Kind, str]] = {
    "jpg": ("photo", "image/jpeg"),
    "png": ("photo", "image/png"),
    "webp": ("photo", "image/webp"),
    "gif": ("photo", "image/gif"),
    "heic": ("photo", "image/heic"),
    "heif": ("photo", "image/heif"),
    "tif": ("photo", "image/tiff"),
    "ogg": ("voice", "audio/ogg"),
    "amr": ("voice", "audio/amr"),
    "weba": ("voice", "audio/webm"),
    "mp3": ("audio", "audio/mpeg"),
    "m4a": ("audio", "audio/mp4"),
    "3ga": ("audio", "audio/3gpp"),
    "aac": ("audio", "audio/aac"),
    "wav": ("audio", "audio/wav"),
    "mp4": ("video", "video/mp4"),
    "mov": ("video", "video/quicktime"),
    "3gp": ("video", "video/3gpp"),
    "webm": ("video", "video/webm"),
    "pdf": ("document", "application/pdf"),
    "docx": ("document", _OOXML + "wordprocessingml.document"),
    "xlsx": ("document", _OOXML + "spreadsheetml.sheet"),
    "pptx": ("document", _OOXML + "presentationml.presentation"),
    "odt": ("document", _ODF + "text"),
    "ods": ("document", _ODF + "spreadsheet"),
    "odp": ("document", _ODF + "presentation"),
    "doc": ("document", "application/msword"),
    "xls": ("document", "application/vnd.ms-excel"),
    "ppt": ("document", "application/vnd.ms-powerpoint"),
    "txt": ("document", "text/plain"),
    "csv": ("document", "text/csv"),
}


class Refused(Exception):
    """The file is not kept. `reason` is a key that handlers put into words; `detail` is for the log only."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file is, by its bytes alone.

    width, height  pixels of a photo as stored; None for anything else
    taken_at       when the camera says it was taken: its own clock, without a zone. A claim, never a proof
    has_gps        the photo carries a position (which is not read)
    exif_stripped  a photo without camera, time and place: a platform took them out, or it never had any
    pages          of a PDF (None where its page tree is compressed) or a TIFF
    """

    kind: Kind
    mime: str
    extension: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    has_gps: bool = False
    exif_stripped: bool = False
    pages: int | None = None
