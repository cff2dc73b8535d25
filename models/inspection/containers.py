"""Documents: PDF and Office files, new and old.

They are looked at from outside: no XML is parsed and nothing is unpacked to disk.
"""

from __future__ import annotations

import re
import struct
from mmap import mmap
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from models.inspection.findings import TYPES, Refused

_CHUNK = 1 << 20
MOST_ENTRIES = 10_000
MOST_EXPANDED = 500 << 20
BOMB_EXPANDED, BOMB_RATIO = 20 << 20, 150  # real spreadsheets reach 60:1, deflated zeros 1000:1

_PAGE = re.compile(rb"/Type\s{0,4}/Page(?![A-Za-z])")
_OUTSIDE = re.compile(r"^[\\/]|^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)")
# VBA, Excel 4 macros, and OpenDocument's Basic modules and scripts (its empty libraries are only lists)
_MACROS = re.compile(
    r"vbaproject\.bin$|^xl/macrosheets/|^scripts/.|^basic/(?!.*script-l[bc]\.xml$).*[^/]$", re.IGNORECASE
)
_OPEN_DOCUMENT = {mime: ending for ending, (_, mime) in TYPES.items() if ending in {"odt", "ods", "odp"}}
_MAIN_PARTS = {"word/document": "docx", "xl/workbook": "xlsx", "ppt/presentation": "pptx"}
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_FREE, _SPECIAL = 0xFFFFFFFF, 0xFFFFFFFA  # marks in an allocation table


def pdf(data: mmap) -> str:
    """A PDF ends with its mark, give or take what scanners pad it with. Protected ones are accepted too."""
    if b"%%EOF" not in data[-4096:]:
        raise Refused("cut_off", "no %%EOF")
    return "pdf"


def pages(data: mmap) -> int | None:
    """How many pages a PDF declares in clear; None where it keeps them compressed."""
    return sum(1 for _ in _PAGE.finditer(data)) or None


def office(path: Path) -> str:
    """A zip archive that is one of the Office formats, read through once. Raises Refused."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            _check_list(entries)
            extension = _office_type(archive, {entry.filename for entry in entries})
            for entry in entries:
                _check_entry(archive, entry)
            return extension
    except BadZipFile as error:
        raise Refused("cut_off", str(error)) from error


def _check_list(entries: list[ZipInfo]) -> None:
    expanded = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or (expanded > BOMB_EXPANDED and expanded > BOMB_RATIO * packed):
        raise Refused("hostile", f"{len(entries)} entries, {packed} bytes expand to {expanded}")
    if expanded > MOST_EXPANDED:
        raise Refused("too_large", f"expands to {expanded} bytes")
    for entry in entries:
        if _OUTSIDE.search(entry.orig_filename):
            raise Refused("hostile", f"an entry outside its folder: {entry.orig_filename[:80]!r}")
        if _MACROS.search(entry.filename):
            raise Refused("hostile", f"macros: {entry.filename[:80]!r}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted", "needs a password")
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise Refused("not_allowed", "a way of packing that Office does not use")


def _office_type(archive: ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        for part, extension in _MAIN_PARTS.items():
            if any(name.startswith(part) and name.endswith(".xml") for name in names):
                return extension
    if "mimetype" in names:
        with archive.open("mimetype") as file:
            extension = _OPEN_DOCUMENT.get(file.read(100).decode().strip(), "")
        if extension:
            return extension
    raise Refused("not_allowed", "a zip archive that is no Office document")


def _check_entry(archive: ZipFile, entry: ZipInfo) -> None:
    """Read to the end, so that sizes and checksums are true. Only attackers declare XML entities here."""
    markup = entry.filename.lower().endswith((".xml", ".rels"))
    tail = b""
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            if markup and b"<!ENTITY" in window.replace(b"\0", b""):
                raise Refused("hostile", f"entities in {entry.filename[:80]!r}")
            if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in window:
                raise Refused("encrypted", "needs a password")
            tail = window[-32:]


def ole(data: mmap) -> str:
    """Office before 2007: a small file system (MS-CFB), told apart by the first main stream it names."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in {512, 4096}:
        raise Refused("cut_off", f"sectors of {sector} bytes")
    tables = [at for at in struct.unpack_from("<109I", data, 76) if at < _SPECIAL]
    form = f"<{sector // 4}I"
    table = [entry for at in tables for entry in struct.unpack_from(form, data, (at + 1) * sector)]
    last = max((at for at, entry in enumerate(table) if entry != _FREE), default=0)
    if (last + 1) * sector >= len(data):
        raise Refused("cut_off", f"sector {last} is missing")
    if _entry(data, "EncryptedPackage") >= 0:
        raise Refused("encrypted", "needs a password")
    if _entry(data, "VBA", storage=True) >= 0:
        raise Refused("hostile", "macros")
    places = {_entry(data, stream): extension for stream, extension in _STREAMS.items()}
    places.pop(-1, None)
    if not places:
        raise Refused("not_allowed", "none of the old Office formats")
    return places[min(places)]


def _entry(data: mmap, name: str, *, storage: bool = False) -> int:
    """Place of the directory entry of that name, or -1: UTF-16 padded to 64 bytes, its length, its type."""
    encoded = name.encode("utf-16-le")
    return data.find(encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded) + 2, 1 if storage else 2))
