"""What is refused, and for which reason."""

from __future__ import annotations

import contextlib
import random
import struct
import zlib
from pathlib import Path
from zipfile import ZIP_BZIP2

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from models.inspection import Refused, images, inspect
from models.inspection.findings import TYPES
from tests.models.inspection_samples import (
    bmff,
    box,
    encoded,
    ogg,
    ole,
    ooxml,
    open_document,
    picture,
    samples,
    webm,
    zipped,
)

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + bytes(200)
SVG = b"<?xml version='1.0'?>\n<!-- x --><svg xmlns='http://www.w3.org/2000/svg'>%s</svg>"
# Types that say nowhere how long they are (recorders leave the length of WebM open), and one not made here
ENDLESS = {"aac", "amr", "mp3", "txt", "csv", "weba", "heif"}
SCRIPT = b"<script>alert(1)</script>"


def refusal(tmp_path: Path, data: bytes, name: str = "", mime: str = "application/octet-stream") -> str:
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        inspect(path, name, mime)
    assert refused.value.detail
    return refused.value.reason


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_nothing(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"", "foto.jpg", "image/jpeg") == "empty"


@pytest.mark.parametrize("extension", sorted(TYPES.keys() - ENDLESS))
@pytest.mark.parametrize("share", [0.4, 0.8])
def test_half_an_upload(tmp_path: Path, extension: str, share: float) -> None:
    data = samples()[extension]
    assert refusal(tmp_path, data[: int(len(data) * share)], f"prueba.{extension}") == "cut_off"


def test_half_a_progressive_photo(tmp_path: Path) -> None:
    data = encoded("JPEG", picture(1200, 900), progressive=True, quality=90)
    assert refusal(tmp_path, data[: len(data) * 2 // 3]) == "cut_off"


@pytest.mark.parametrize(("name", "mime"), [("a.JPG", ""), ("a", "image/gif"), ("a.txt", ""), ("a.exe", "image/gif")])
@pytest.mark.parametrize("data", [EXE, SVG % b"", SVG % SCRIPT, b"<!DOCTYPE html><p>Hola", b"#!/bin/sh\nls"])
def test_a_program_or_a_page_dressed_up(tmp_path: Path, data: bytes, name: str, mime: str) -> None:
    assert refusal(tmp_path, data, name, mime) == "disguised"


def test_a_page_in_another_encoding_dressed_up(tmp_path: Path) -> None:
    assert refusal(tmp_path, "<html><script>".encode("utf-16"), "foto.jpg") == "disguised"


@pytest.mark.parametrize(
    "inside", [SCRIPT, b"<rect onload = 'x()'/>", b"<a href='javascript:x'/>", b"<foreignObject/>"]
)
def test_a_drawing_that_runs_code(tmp_path: Path, inside: bytes) -> None:
    assert refusal(tmp_path, SVG % inside, "mapa.svg", "image/svg+xml") == "hostile"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mapa.svg", SVG % b"<rect/>"),
        ("pagina.html", b"<html><p>Hola</html>"),
        ("programa.exe", EXE),
        ("guion.sh", b"#!/bin/sh\necho"),
        ("guion.py", b"print(1)"),
        ("datos.zip", zipped({"a.txt": b"a"})),
        ("libro.epub", zipped({"mimetype": b"application/epub+zip"})),
        ("hoja.xlsb", ooxml("xl/workbook.bin", {"xl/theme/theme1.xml": b"<a/>"})),
        ("nucleo", b"\x7fELF" + bytes(60)),
        ("app.apk", zipped({"classes.dex": b"dex"})),
        ("datos.rar", b"Rar!\x1a\x07\x01\x00" + bytes(50)),
        ("correo.msg", ole("__nameid_version1.0")),
        ("latin.txt", "Tumaco y Nariño".encode("latin-1")),
        ("raro.txt", b"uno\x00dos"),
        ("cancion.ogg", ogg(b"\x01vorbis" + bytes(20))),
        ("foto.avif", box(b"ftyp", b"avif", bytes(4), b"mif1") + box(b"meta", bytes(20))),
        ("foto.avif", box(b"ftyp", b"mif1", bytes(4), b"avif") + box(b"meta", bytes(20))),
        ("foto.cr3", bmff(b"crx ", b"vide", also=b"crx ")),
        ("vacio.mp4", bmff(b"mp42")),
        ("subtitulos.webm", webm(b"S_TEXT/UTF8")),
        ("peli.mkv", webm(b"V_VP9").replace(b"\x84webm", b"\x84matr")),
        ("ruido.mp3", b"\xff\xfb" + bytes(500)),
        ("otro.docx", zipped({"[Content_Types].xml": b"", "word/a.xml": b"a"}, ZIP_BZIP2)),
    ],
)
def test_what_is_not_on_the_list(tmp_path: Path, name: str, data: bytes) -> None:
    assert refusal(tmp_path, data, name) == "not_allowed"


@pytest.mark.parametrize(
    "data",
    [
        huge_png(30_000, 30_000),
        huge_png(8000, 7600),
        ooxml(more={"word/vbaProject.bin": b"x"}),
        ooxml("xl/workbook.xml", {"xl/macrosheets/sheet1.xml": b"x"}),
        ooxml(more={"../../.bashrc": b"x"}),
        ooxml(more={"word\\..\\..\\x.dll": b"x"}),
        ooxml(more={"/etc/cron.d/x": b"x"}),
        ooxml(more={"C:/x.dll": b"x"}),
        ooxml(more={"word/big.xml": bytes(30 << 20)}),
        ooxml(more={f"word/{number}.xml": b"" for number in range(10_001)}),
        ooxml(more={"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        ooxml(more={"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]>'.encode("utf-16")}),
        ooxml(more={"word/styles.xml": b" " * ((1 << 20) - 4) + b'<!ENTITY b "c">'}),
        open_document("text", {"Basic/Standard/Module1.xml": b"x"}),
        open_document("text", {"Scripts/python/x.py": b"x"}),
        ole("WordDocument", storages=("Macros", "VBA")),
        box(b"ftyp", b"mp42", bytes(8)) + box(b"free") * 500_001,
    ],
    ids=range(17),
)
def test_what_means_harm(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data, "acta.docx") == "hostile"


def test_empty_basic_libraries_are_no_macros(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    lists = {"Basic/script-lc.xml": b"x", "Basic/Standard/script-lb.xml": b"x"}
    path.write_bytes(open_document("text", lists))
    assert inspect(path, "acta.odt", "").extension == "odt"


@pytest.mark.parametrize(
    "data",
    [
        ole("EncryptedPackage", "EncryptionInfo"),
        open_document("text", {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        # Bit 0 of the flags of every entry, before its content and in the directory at the end
        ooxml().replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x01\x00\x08\x00"),
    ],
    ids=["ole", "odt", "zip"],
)
def test_office_files_with_a_password(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data, "acta.docx") == "encrypted"


def test_more_than_one_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_BYTES", 100)
    assert refusal(tmp_path, samples()["jpg"]) == "too_large"
    monkeypatch.setattr("models.inspection.containers.MOST_EXPANDED", 10)
    assert refusal(tmp_path, samples()["docx"]) == "too_large"


@pytest.mark.parametrize("side", [8000, 30_000])
def test_a_photo_of_a_very_good_camera(tmp_path: Path, side: int) -> None:
    assert refusal(tmp_path, huge_png(side, side) + bytes(600_000)) == "too_large"


def test_a_png_with_a_false_checksum_or_without_its_last_chunk(tmp_path: Path) -> None:
    data = samples()["png"]
    end = data.index(b"IEND") - 4
    assert refusal(tmp_path, data[:end]) == "cut_off"
    assert refusal(tmp_path, data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]) == "cut_off"


def test_a_false_checksum(tmp_path: Path) -> None:
    checksum = struct.pack("<I", zlib.crc32(b"0123456789"))
    data = ooxml(more={"word/media/a.bin": b"0123456789"})
    assert refusal(tmp_path, data.replace(checksum, b"\1\2\3\4")) == "cut_off"


def test_a_photo_too_large_for_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", fail)
    path = tmp_path / "upload"
    path.write_bytes(samples()["png"])
    with pytest.raises(Refused) as refused:
        inspect(path, "", "")
    assert refused.value.reason == "too_large"


def survives(path: Path, data: bytes, name: str) -> None:
    path.write_bytes(data)
    with contextlib.suppress(Refused):
        assert inspect(path, name, "").mime


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_answered(tmp_path: Path, data: st.DataObject) -> None:
    extension = data.draw(st.sampled_from(sorted(samples())))
    sample = bytearray(samples()[extension])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(sample) - 1))
        sample[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    end = data.draw(st.integers(0, len(sample)))
    survives(tmp_path / "upload", bytes(sample[: end or None]), f"prueba.{extension}")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(samples())), st.integers(0, 40), st.binary(max_size=600), st.text(max_size=12))
def test_random_bytes_are_answered(tmp_path: Path, extension: str, kept: int, data: bytes, name: str) -> None:
    survives(tmp_path / "upload", samples()[extension][:kept] + data, name)


@pytest.mark.parametrize("extension", sorted(samples()))
def test_every_cut_is_answered(tmp_path: Path, extension: str) -> None:
    data, chance = samples()[extension], random.Random(extension)
    for end in {*range(1, 40), *(chance.randrange(1, len(data)) for _ in range(25))}:
        survives(tmp_path / "upload", data[:end], f"prueba.{extension}")
