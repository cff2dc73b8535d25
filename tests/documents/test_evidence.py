"""The sheet of a report's evidence: of the size that was said, and without anything but what can be seen."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from documents import evidence
from documents.pictures import draw, size
from locales import load
from models.vault import Vault
from tests.documents.test_pictures import HOSTILE

SPANISH = load()["es"]


def figures(vault: Vault | None, count: int, name: str = "foto.jpg", kind: str = "photo") -> dict[str, Any]:
    ref = vault.put(io.BytesIO(jpeg()), 1 << 20).sha256 if vault else "0" * 64
    tiles = [
        {"number": n, "kind": kind, "ref": ref, "name": name, "minors": n == 1, "odd": n == 2}
        for n in range(1, count + 1)
    ]
    return {"entity": name, "heading": name, "plan": name, "day": "2022-05-24", "tiles": tiles}


def jpeg(colour: str = "magenta", orientation: int = 6) -> bytes:
    """A photo of 400 × 200 whose camera lay on its side and knew where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Cámara de Ana"
    file = io.BytesIO()
    Image.new("RGB", (400, 200), colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("count", [1, 2, 4, 5, 12, 40])
def test_the_size_is_known_beforehand(count: int, tmp_path: Path) -> None:
    found = figures(Vault(tmp_path), count)
    picture = Image.open(io.BytesIO(draw("evidence", found, SPANISH, False, Vault(tmp_path))))
    assert picture.size == size("evidence", found)


def test_a_photo_is_seen_upright_and_only_seen(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    found = figures(vault, 1)
    (small,) = evidence.photos(found, vault)
    assert small
    assert b"Ana" not in small
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (200, 400)
        assert dict(image.getexif()) == {}
    colours = Image.open(io.BytesIO(draw("evidence", found, SPANISH, False, vault))).convert("RGB").getcolors(1 << 22)
    assert colours
    assert any(red > 240 and green < 20 and blue > 240 for _n, (red, green, blue) in colours)


@pytest.mark.parametrize("data", [b"", b"no es una foto", jpeg()[:300]])
def test_what_cannot_be_seen_leaves_its_place(data: bytes, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    found = figures(vault, 3)
    found["tiles"][0]["ref"] = vault.put(io.BytesIO(data), 1 << 20).sha256
    found["tiles"][1]["ref"] = "f" * 64  # not in the vault
    assert [bool(photo) for photo in evidence.photos(found, vault)][1:] == [False, True]
    assert draw("evidence", found, SPANISH, True, vault).startswith(b"\x89PNG")
    assert draw("evidence", found, SPANISH).startswith(b"\x89PNG")  # without a vault


@pytest.mark.parametrize("words", [*HOSTILE, "acta-" * 60])
def test_words_are_shown_and_never_obeyed(words: str) -> None:
    found = figures(None, 5, words, "document")
    assert Image.open(io.BytesIO(draw("evidence", found, SPANISH))).size == size("evidence", found)


def test_more_than_fit_are_counted() -> None:
    said = evidence.words(figures(None, 15), SPANISH)
    assert (len(said["tiles"]), said["footer"]) == (12, "Y 3 más. Solo para revisar.")
    assert [said["tiles"][n]["minors"] for n in (0, 1)] == ["menores", ""]
