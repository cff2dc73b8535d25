"""The look at every file before it counts as evidence: what it is by its bytes, and whether it may be kept.

Nothing is executed, unpacked to disk or fetched. Pillow and the HEIC reader are loaded with the first photo.
"""

from __future__ import annotations

import re
import unicodedata
from mmap import ACCESS_READ, mmap
from pathlib import Path

from models.inspection import containers, images, media
from models.inspection.findings import TYPES, Finding, Kind, Reason, Refused
from models.inspection.sniffing import sniff

__all__ = ["Finding", "Kind", "Reason", "Refused", "inspect", "safe_name"]

# What the first bytes alone cannot settle.
_CONFIRM = {
    "bmff": media.bmff,
    "ebml": media.ebml,
    "ogg": media.ogg,
    "mp3": media.mp3,
    "aac": media.aac,
    "amr": media.amr,
    "wav": media.wav,
    "pdf": containers.pdf,
    "ole": containers.ole,
}


def inspect(path: Path, name: str, declared_mime: str) -> Finding:
    """Say what the file at `path` is. `name` and `declared_mime` are claims and never decide alone.

    Blocks (a large photo takes about a second): call it in a thread. Raises Refused, and OSError if `path`
    cannot be opened.
    """
    if path.stat().st_size == 0:
        raise Refused("empty", "no bytes")
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        try:
            return _look(path, data, sniff(data, name, declared_mime))
        except Refused:
            raise
        except MemoryError as error:
            raise Refused("too_large", "more than there is memory for") from error
        except Exception as error:  # readers trip over damaged bytes in ways they do not document
            raise Refused("cut_off", f"{type(error).__name__}: {error}") from error


def _look(path: Path, data: mmap, sniffed: str) -> Finding:
    if sniffed == "zip":
        extension = containers.office(path)
    elif sniffed in _CONFIRM:
        extension = _CONFIRM[sniffed](data)
    else:
        extension = sniffed
    kind, mime = TYPES[extension]
    if kind == "photo":
        return images.photo(path, data, extension)
    return Finding(kind, mime, extension, pages=containers.pages(data) if extension == "pdf" else None)


def safe_name(name: str) -> str:
    """The file's name as shown and kept as metadata: 1 to 120 characters, no path, nothing invisible."""
    name = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # C: control, direction and other invisible characters, lone surrogates; Zl, Zp: line breaks.
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C" or sign in "\t\n")
    name = " ".join(name.split()).lstrip(". ")
    ending = match[0] if (match := re.search(r"\.\w{1,10}$", name)) else ""
    return (name.removesuffix(ending)[: 120 - len(ending)] + ending).rstrip(". ") or "archivo"
