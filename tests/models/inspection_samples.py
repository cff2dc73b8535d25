"""One small, whole file of every type that may be kept, made here byte by byte or by the usual libraries."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
from collections.abc import Mapping
from functools import cache

import docx
import openpyxl
import pillow_heif
from PIL import Image
from PIL.TiffImagePlugin import IFDRational


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Something with edges, so that it has a telling difference hash."""
    tiles = Image.new("RGB", (4, 3))
    for place in range(12):
        tiles.putpixel((place % 4, place // 4), (place * 83 % 256, place * 47 % 256, place * 151 % 256))
    return tiles.resize((width, height), Image.Resampling.BILINEAR)


def camera(orientation: int = 1, taken: str = "2022:05:31 16:20:00") -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Fabricante", "Modelo", orientation
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(1), IFDRational(12), IFDRational(50))})
    return exif


def encoded(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    (image or picture()).save(file, form, **options)
    return file.getvalue()


def ogg(codec: bytes = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00") -> bytes:
    def page(number: int, content: bytes, flags: int = 0) -> bytes:
        head = struct.pack("<4sBBqIII", b"OggS", 0, flags, number * 960, 7, number, 0)
        return head + bytes([1, len(content)]) + content

    return page(0, codec, 2) + page(1, b"OpusTags" + bytes(8)) + page(2, b"\xfc" * 120, 4)


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", len(inside) + 8, kind) + inside


def bmff(brand: bytes, *tracks: bytes, also: bytes = b"isom") -> bytes:
    handlers = (box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), track, bytes(13)))) for track in tracks)
    return (
        box(b"ftyp", brand, bytes(4), brand, also)
        + box(b"moov", box(b"mvhd", bytes(100)), *handlers)
        + box(b"mdat", bytes(range(200)))
    )


def webm(codec: bytes, known_length: bool = True) -> bytes:
    head = b"\x42\x82\x84webm"
    inside = b"\x16\x54\xae\x6b\x8a\x86" + bytes([0x80 + len(codec)]) + codec + bytes(60)
    length = (len(inside) | 1 << 56).to_bytes(8, "big") if known_length else b"\x01" + b"\xff" * 7
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 + len(head)]) + head + b"\x18\x53\x80\x67" + length + inside


def wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(800))
    return file.getvalue()


def pdf(trailer: bytes = b"") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n4 0 obj<</Type /Page/Parent 2 0 R>>endobj\n"
        b"trailer<</Root 1 0 R" + trailer + b">>\nstartxref\n0\n%%EOF\n"
    )


def zipped(entries: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def ooxml(main: str = "word/document.xml", more: Mapping[str, bytes] | None = None) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", main: b"<document/>", **(more or {})})


def open_document(kind: str, more: Mapping[str, bytes] | None = None) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": mime.encode(), "content.xml": b"<office/>", **(more or {})})


def ole(*streams: str, storages: tuple[str, ...] = ()) -> bytes:
    """Header, allocation table, directory, two sectors of content."""

    def entry(name: str, kind: int) -> bytes:
        text = name.encode("utf-16-le")
        return (text.ljust(64, b"\0") + struct.pack("<HB", len(text) + 2, kind)).ljust(128, b"\0")

    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head = magic + struct.pack("<5H6x9I", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, 3, 0xFFFFFFFE, *[0xFFFFFFFF] * 124)
    entries = [entry("Root Entry", 5), *(entry(name, 2) for name in streams)]
    directory = b"".join([*entries, *(entry(name, 1) for name in storages)])
    difat = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head + difat + table + directory.ljust(512, b"\0") + b"Contenido".ljust(1024, b"\0")


def word() -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Acta de la audiencia pública")
    document.save(file)
    return file.getvalue()


def excel() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


@cache
def samples() -> dict[str, bytes]:
    """By the extension that the inspection must find."""
    return {
        "jpg": encoded("JPEG", exif=camera()),
        "png": encoded("PNG"),
        "webp": encoded("WEBP"),
        "gif": encoded("GIF"),
        "heic": encoded("HEIF", exif=camera().tobytes()),
        "tif": encoded("TIFF"),
        "ogg": ogg(),
        "amr": b"#!AMR\n" + b"\x3c".ljust(32, b"\x55") * 4,
        "weba": webm(b"A_OPUS", known_length=False),
        "mp3": b"ID3\x04\0\0\0\0\0\x14" + bytes(20) + (b"\xff\xfb\x90\x00" + bytes(413)) * 3,
        "m4a": bmff(b"M4A ", b"soun"),
        "3ga": bmff(b"3gp4", b"soun"),
        "aac": (b"\xff\xf1\x50\x80\x08\x1f\xfc" + bytes(57)) * 3,
        "wav": wav(),
        "mp4": bmff(b"mp42", b"vide", b"soun"),
        "mov": bmff(b"qt  ", b"vide", b"soun", also=b"qt  "),
        "3gp": bmff(b"3gp5", b"soun", b"vide"),
        "webm": webm(b"V_VP9"),
        "pdf": pdf(),
        "docx": word(),
        "xlsx": excel(),
        "pptx": ooxml("ppt/presentation.xml"),
        "odt": open_document("text"),
        "ods": open_document("spreadsheet"),
        "odp": open_document("presentation"),
        "doc": ole("WordDocument"),
        "xls": ole("Workbook"),
        "ppt": ole("PowerPoint Document"),
        "txt": "Reunión con la comunidad, MZ 4.\n".encode(),
        "csv": b"municipio,fecha\nIpiales,2022-05-31\n",
    }
