"""The public edition of a photo: its pixels, upright and smaller, and nothing else of the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from documents.public_edition import SMALL, WHOLE, photo
from tests.support.published import MARK, picture


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    path = tmp_path / "taken"
    path.write_bytes(picture(3))
    assert MARK.encode() in path.read_bytes()
    return path


def test_nothing_that_the_camera_wrote_is_left(taken: Path) -> None:
    made = photo(taken)
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.size) == ("JPEG", (WHOLE, 960))
    assert MARK.encode() not in made
    assert b"Exif" not in made
    assert dict(image.getexif()) == {}


def test_it_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 300)).save(tmp_path / "lying", "JPEG", exif=exif)
    assert Image.open(io.BytesIO(photo(tmp_path / "lying", SMALL))).size == (200, 400)


@pytest.mark.parametrize(
    ("mode", "form"), [("RGBA", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("L", "WEBP"), ("RGB", "HEIF")]
)
def test_every_kind_of_photo_becomes_a_jpeg(tmp_path: Path, mode: str, form: str) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    Image.new(mode, (64, 48)).save(tmp_path / "any", form)
    assert Image.open(io.BytesIO(photo(tmp_path / "any"))).format == "JPEG"


def test_what_is_no_photo_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hola")
    with pytest.raises(OSError, match="identify"):
        photo(tmp_path / "text")
