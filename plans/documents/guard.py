"""The door: which file may be opened at all, and as what. Nothing is parsed here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from plans.documents.lines import fold
from plans.terms import PlanError

Kind = Literal["text", "docx", "xlsx", "pdf"]

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_XML = 20 * MEGABYTE
MAX_RATIO = 200
MAX_PARTS = 5_000

KINDS: dict[str, Kind] = {
    ".txt": "text", ".tsv": "text", ".csv": "text", ".docx": "docx", ".xlsx": "xlsx", ".pdf": "pdf"
}  # fmt: skip
NAMES: dict[Kind, str] = {
    "text": "un archivo de texto", "docx": "un archivo de Word", "xlsx": "uno de Excel", "pdf": "un PDF"
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What zipfile raises for a package with wrong bytes in it; the last for a compression it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
LOCKED = "{} está protegido con contraseña: quítesela y vuelva a enviarlo."
BOMB = "{} se hace demasiado grande al abrirlo: guárdelo de nuevo, solo con la tabla del plan."
HOSTILE = "{} trae instrucciones XML que no se admiten: guárdelo de nuevo desde Word o Excel."
DAMAGED = "{} está dañado o incompleto: ábralo en su programa, guárdelo de nuevo y vuelva a enviarlo."


def take(path: Path) -> tuple[Kind, bytes]:
    """What the file is, by content and ending, and its bytes. Raises PlanError if it cannot be used."""
    name = f"«{fold(path.name)}»"
    data = _read(path, name)
    if path.suffix.lower() not in KINDS:
        raise PlanError(f"No se sabe leer {name}: envíe el plan como .docx, .xlsx, .pdf, .csv, .tsv o .txt.")
    kind = _kind(data, name)
    if kind != KINDS[path.suffix.lower()]:
        raise PlanError(f"{name} es en realidad {NAMES[kind]}: cámbiele la terminación y vuelva a enviarlo.")
    if kind in ("docx", "xlsx"):
        _check_parts(data, name)
    return kind, data


def _read(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise PlanError(f"{name} es una carpeta: indique el archivo del plan.")
        if not path.is_file():
            raise PlanError(f"No existe el archivo {name}: revise el nombre y la carpeta.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PlanError(f"No se pudo abrir {name}: revise el nombre y los permisos.") from error
    if len(data) > MAX_BYTES:
        raise PlanError(f"{name} pesa más de {MAX_BYTES // MEGABYTE} MB: envíe solo la parte del plan.")
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise PlanError(f"{name} está vacío: envíe el archivo con la tabla del plan.")
    return data


def _kind(data: bytes, name: str) -> Kind:
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise PlanError(LOCKED.format(name))
        raise PlanError(f"{name} tiene el formato antiguo de Office: guárdelo como .docx o .xlsx.")
    if not data.startswith((b"PK\3\4", b"PK\5\6")):
        return "pdf" if b"%PDF-" in data[:1024] else "text"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.namelist()
    except BROKEN as error:
        raise PlanError(DAMAGED.format(name)) from error
    if any(part.startswith("word/") for part in parts):
        return "docx"
    if any(part.startswith("xl/") for part in parts):
        return "xlsx"
    raise PlanError(f"{name} es un archivo comprimido o de otro programa: guárdelo como .docx o .xlsx.")


def _check_parts(data: bytes, name: str) -> None:
    """Sizes first, as the directory gives them (zipfile never unpacks more); then the XML itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise PlanError(LOCKED.format(name))
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise PlanError(DAMAGED.format(name))
        xml = [part for part in parts if "/media/" not in part.filename]
        if (
            len(parts) > MAX_PARTS
            or sum(part.file_size for part in parts) > MAX_UNPACKED
            or sum(part.file_size for part in xml) > MAX_XML
            or any(part.file_size > max(MEGABYTE, MAX_RATIO * part.compress_size) for part in parts)
        ):
            raise PlanError(BOMB.format(name))
        for part in xml:
            try:
                text = package.read(part)
            except BROKEN as error:
                raise PlanError(DAMAGED.format(name)) from error
            if _is_hostile(text):
                raise PlanError(HOSTILE.format(name))


def _is_hostile(part: bytes) -> bool:
    """A document type can expand without end or name other files; an odd encoding can hide one."""
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", part)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        return True
    return b"<!DOCTYPE" in part or part.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"))
