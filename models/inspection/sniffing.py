"""The first look: which of the types we know do these bytes begin like, and is it one to be afraid of?"""

from __future__ import annotations

import codecs
import re
from mmap import mmap

from models.inspection.findings import TYPES, Refused

_HEAD = 1 << 14
_CHUNK = 1 << 20

_SIGNATURES = tuple(
    (re.compile(start, re.DOTALL), sniffed)
    for start, sniffed in (
        (rb"\xff\xd8\xff", "jpg"),
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"GIF8[79]a", "gif"),
        (rb"RIFF....WEBP", "webp"),
        (rb"RIFF....WAVE", "wav"),
        (rb"II\*\0|MM\0\*", "tif"),
        (rb"....ftyp", "bmff"),
        (rb"\x1a\x45\xdf\xa3", "ebml"),
        (rb"OggS", "ogg"),
        (rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "mp3"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", "aac"),
        (rb"#!AMR(-WB)?\n", "amr"),
        (rb"(\xef\xbb\xbf)?\s{0,64}%PDF-", "pdf"),
        (rb"PK\x03\x04", "zip"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    )
)
# Programs (Windows, Linux, macOS, Java, Android, WebAssembly), Windows shortcuts, scripts. "MZ" alone may
# begin a sentence ("MZ 4 lote 2"); a program has a zero byte soon after.
_PROGRAM = re.compile(
    rb"MZ[^\0]{0,62}\0|\x7fELF|\xca\xfe\xba\xbe|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|dex\n|\0asm"
    rb"|L\0\0\0\x01\x14\x02\0|(\xef\xbb\xbf)?\s{0,64}(#!|<\?php|@echo\b)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(rb"<(!doctype\s+(html|svg)|html|head|body|svg|script|iframe|meta)\b", re.IGNORECASE)
_ACTIVE = re.compile(rb"<(script|iframe|foreignobject)\b|\bon[a-z]{3,20}\s{0,8}=|javascript:", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_ALIASES = {"jpeg", "jpe", "jfif", "tiff", "oga", "opus", "m4v", "3gpp", "3g2", "tsv"}
_CLAIMS = {mime for _, mime in TYPES.values()} - {"text/plain"}  # how many apps declare a script


def sniff(data: mmap, name: str, declared_mime: str) -> str:
    """An extension of the allow-list, or "zip", "ole", "bmff", "ebml": families that need a closer look.

    Raises Refused: not_allowed for what is not on the list, hostile for markup that runs code, and disguised
    where a program or markup claims to be something harmless. A wrong but harmless claim is no matter.
    """
    for signature, sniffed in _SIGNATURES:
        if signature.match(data):
            return sniffed
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    declared = declared_mime.partition(";")[0].strip().lower()
    claims = extension in TYPES or extension in _ALIASES or declared in _CLAIMS
    # Without its zero bytes UTF-16 reads like ASCII.
    markup = _MARKUP.search(data[:_HEAD].replace(b"\0", b""))
    if markup or _PROGRAM.match(data):
        if claims:
            raise Refused("disguised", f"a program or markup sent as {extension or declared}")
        if markup and _ACTIVE.search(data):
            raise Refused("hostile", "markup that runs code")
        raise Refused("not_allowed", "a program or markup")
    return _text(data, extension, declared)


def _text(data: mmap, extension: str, declared: str) -> str:
    if not (extension in {"txt", "csv", "tsv"} or (not extension and declared in {"text/plain", "text/csv"})):
        raise Refused("not_allowed", f"unknown bytes {data[:16]!r}")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _CHUNK):
            if _CONTROL.search(decoder.decode(data[at : at + _CHUNK], final=at + _CHUNK >= len(data))):
                raise Refused("not_allowed", "control characters in a text")
    except UnicodeDecodeError as error:
        raise Refused("not_allowed", "a text that is not UTF-8") from error
    return "csv" if extension == "csv" or declared == "text/csv" else "txt"
