"""What may be kept is told by its bytes, and a photo tells what its camera wrote."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from models.inspection import Finding, inspect, safe_name
from models.inspection.findings import TYPES
from tests.models.inspection_samples import bmff, camera, encoded, ooxml, pdf, picture, samples


def look(tmp_path: Path, data: bytes, name: str = "", mime: str = "application/octet-stream") -> Finding:
    path = tmp_path / "upload"
    path.write_bytes(data)
    return inspect(path, name, mime)


@pytest.mark.parametrize("extension", sorted(TYPES.keys() - {"heif"}))
def test_every_type_of_the_list_is_recognised_whatever_is_declared(tmp_path: Path, extension: str) -> None:
    name = f"prueba.{extension}" if extension in {"txt", "csv"} else "IMG-0001.dat"
    found = look(tmp_path, samples()[extension], name)
    assert (found.kind, found.mime) == TYPES[extension]
    assert found.extension == extension
    assert (found.width is None) == (found.kind != "photo")


def test_a_photo_as_the_camera_left_it(tmp_path: Path) -> None:
    for extension in ("jpg", "heic"):
        found = look(tmp_path, samples()[extension], f"foto.{extension}")
        assert (found.width, found.height) == (64, 48)
        assert found.taken_at == datetime(2022, 5, 31, 16, 20)  # noqa: DTZ001 – cameras know no zone
        assert found.has_gps
        assert not found.exif_stripped


def test_a_photo_that_a_platform_recompressed(tmp_path: Path) -> None:
    sent = look(tmp_path, encoded("JPEG", picture(1280, 960).resize((800, 600)), quality=60))
    assert (sent.taken_at, sent.has_gps, sent.exif_stripped) == (None, False, True)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "ayer", "2022:05:31"])
def test_a_camera_without_a_clock_claims_no_time(tmp_path: Path, taken: str) -> None:
    found = look(tmp_path, encoded("JPEG", exif=camera(taken=taken)))
    assert found.taken_at is None
    assert not found.exif_stripped


def test_a_wrong_but_harmless_name_is_no_matter(tmp_path: Path) -> None:
    assert look(tmp_path, samples()["jpg"], "foto.png", "image/png").extension == "jpg"
    assert look(tmp_path, samples()["xlsx"], "acta.pdf", "application/pdf").extension == "xlsx"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_photos_in_every_way_of_keeping_colours(tmp_path: Path, mode: str) -> None:
    form = "TIFF" if mode == "CMYK" else "PNG"
    assert look(tmp_path, encoded(form, picture().convert("L").convert(mode))).kind == "photo"


def test_scans_tell_their_pages(tmp_path: Path) -> None:
    assert look(tmp_path, samples()["pdf"]).pages == 2
    assert look(tmp_path, pdf(b"/Encrypt 9 0 R")).pages == 2
    assert look(tmp_path, b"%PDF-1.7\n(compressed)\n%%EOF" + bytes(900)).pages is None
    assert look(tmp_path, encoded("TIFF", save_all=True, append_images=[picture()] * 2)).pages == 3


def test_jpegs_are_looked_at_without_decoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise AssertionError("decoded")

    data = encoded("JPEG", Image.new("L", (7000, 8000), 128))
    monkeypatch.setattr(JpegImageFile, "load", fail)
    found = look(tmp_path, data)
    assert (found.width, found.height) == (7000, 8000)


def test_brands_tell_sound_from_video(tmp_path: Path) -> None:
    assert look(tmp_path, bmff(b"mp42", b"soun")).extension == "m4a"
    assert look(tmp_path, bmff(b"isom", b"vide", also=b"3gp4")).extension == "mp4"


def test_office_files_with_harmless_extras(tmp_path: Path) -> None:
    assert look(tmp_path, ooxml(more={"word/media/image1.png": samples()["png"]})).extension == "docx"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("acta.pdf", "acta.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Acta final.docx", "Acta final.docx"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        (".htaccess", "htaccess"),
        ("..", "archivo"),
        ("", "archivo"),
        ("\u200b\u2066 ", "archivo"),
        ("Reunio\u0301n.jpg", "Reunión.jpg"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
        ("y" * 118 + ".pdf", "y" * 116 + ".pdf"),
    ],
)
def test_names_are_shown_without_what_deceives(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    shown = safe_name(name)
    assert 1 <= len(shown) <= 120
    assert shown.isprintable()
    assert not set(shown) & set("/\\")
    assert not shown.startswith(".")


def test_looking_at_documents_does_not_load_the_photo_libraries() -> None:
    code = "import sys, models.inspection; sys.exit('PIL' in sys.modules or 'pillow_heif' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
