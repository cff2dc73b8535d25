"""A JPEG is whole when it goes on to its own end, whatever lies inside and behind it."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from models.inspection import Refused, inspect
from models.inspection.jpeg import MOST_SEGMENTS, whole
from tests.models.inspection_samples import camera, encoded, picture

THUMBNAIL = encoded("JPEG", picture(32, 24))
SEGMENT = b"\xff\xe1" + (len(THUMBNAIL) + 8).to_bytes(2, "big") + b"Exif\0\0" + THUMBNAIL


def noise(mode: str = "RGB") -> Image.Image:
    """So many details that every byte there is comes up in the coded data."""
    return Image.frombytes(mode, (96, 72), random.Random(7).randbytes(96 * 72 * len(mode)))


def filled(data: bytes) -> bytes:
    """Before each marker of a segment a JPEG may have as many FF as it likes."""
    return data.replace(b"\xff\xda", b"\xff\xff\xff\xda").replace(b"\xff\xc4", b"\xff\xff\xc4")[:-2] + b"\xff\xff\xd9"


BASELINE = encoded("JPEG", noise(), quality=95, subsampling="4:4:4")
PHOTOS = {
    "baseline": BASELINE,
    "4:2:0": encoded("JPEG", noise(), subsampling="4:2:0"),
    "grey": encoded("JPEG", noise("L")),
    "CMYK": encoded("JPEG", noise("CMYK")),
    "progressive": encoded("JPEG", noise(), progressive=True),
    "restart markers": encoded("JPEG", noise(), restart_marker_blocks=1),
    "progressive, restart markers": encoded("JPEG", noise(), progressive=True, restart_marker_rows=1),
    "EXIF": encoded("JPEG", noise(), exif=camera()),
    "EXIF with a thumbnail": BASELINE[:2] + SEGMENT + BASELINE[2:],
    "fill bytes": filled(encoded("JPEG", picture(), progressive=True)),
}


@pytest.mark.parametrize("data", PHOTOS.values(), ids=PHOTOS)
def test_every_beginning_is_cut_off_and_only_the_whole_is_whole(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()  # the sample itself is sound
    assert not [end for end in range(len(data)) if whole(data[:end])]
    assert whole(data)


def test_the_samples_have_what_they_are_named_for() -> None:
    assert PHOTOS["progressive"].count(b"\xff\xda") > 3
    assert all(bytes([0xFF, 0xD0 + n]) in PHOTOS["restart markers"] for n in range(8))
    assert BASELINE.count(b"\xff\x00") > 10
    assert PHOTOS["EXIF with a thumbnail"].count(b"\xff\xd9") == 2


@given(st.sampled_from(sorted(PHOTOS)), st.binary(max_size=50))
@example("baseline", BASELINE)  # a second picture
@example("progressive", bytes(4096))
def test_what_follows_the_end_is_no_matter(name: str, more: bytes) -> None:
    assert whole(PHOTOS[name] + more)


@pytest.mark.parametrize("name", PHOTOS)
def test_the_look_at_a_file_agrees(tmp_path: Path, name: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(PHOTOS[name] + b"more")
    assert inspect(path, "", "").extension == "jpg"
    for share in (0.1, 0.5, 0.9, 1):
        path.write_bytes(PHOTOS[name][: int(len(PHOTOS[name]) * share) - 1])
        with pytest.raises(Refused) as refused:
            inspect(path, "", "")
        assert refused.value.reason == "cut_off"


@given(
    st.sampled_from(["L", "RGB", "CMYK"]), st.tuples(st.integers(1, 70), st.integers(1, 70)), st.integers(0, 999),
    st.fixed_dictionaries(
        {"quality": st.integers(1, 100), "progressive": st.booleans(), "optimize": st.booleans(),
         "restart_marker_blocks": st.integers(0, 9), "subsampling": st.integers(0, 2)}
    ), st.floats(0, 1, exclude_max=True),
)  # fmt: skip
def test_any_photo_is_whole_and_its_beginning_is_not(
    mode: str, size: tuple[int, int], seed: int, options: dict[str, int], share: float
) -> None:
    pixels = random.Random(seed).randbytes(size[0] * size[1] * len(mode))
    data = encoded("JPEG", Image.frombytes(mode, size, pixels), **options)
    assert whole(data)
    assert not whole(data[: int(len(data) * share)])


@given(st.lists(st.sampled_from([b"\xff", b"\xda", b"\xd9", b"\xd8", b"\0", b"\x01", b"\xe1"]) | st.binary(max_size=9)))
def test_any_bytes_get_an_answer(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert whole(b"\xff\xd8" + data) in (True, False)
    assert not whole(b"\0" + data)
    assert not whole(b"\xff\xd8" + data.replace(b"\xd9", b""))


def test_endless_segments_are_given_up() -> None:
    empty = b"\xff\xe1\0\2"
    scan = b"\xff\xda\0\2\xff\xd9"
    assert whole(b"\xff\xd8" + empty * (MOST_SEGMENTS - 2) + scan)
    assert not whole(b"\xff\xd8" + empty * MOST_SEGMENTS + scan)


def test_an_end_without_a_picture() -> None:
    assert not whole(b"\xff\xd8\xff\xd9")
    assert not whole(b"\xff\xd8" + SEGMENT + b"\xff\xd9")
