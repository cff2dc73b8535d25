"""What a photo looks like: a hash by which copies of it are known again, smaller, recompressed or turned."""

from __future__ import annotations

from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from models.inspection.images import opened
from models.inspection.sniffing import sniff

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_ORIENTATION = 0x0112  # tag of EXIF (CIPA DC-008)


def dhash(path: Path) -> str | None:
    """64-bit difference hash of the photo at `path`, 16 hexadecimal digits; look-alikes differ in few bits.

    None where it cannot be decoded. Blocks (a large photo takes about a second): call it in a thread. Raises OSError
    if `path` cannot be opened.
    """
    with path.open("rb") as file:
        try:
            with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                sniffed = sniff(data, "", "")
            with opened(path, "heic" if sniffed == "bmff" else sniffed) as image:
                image.draft("L", (72, 72))  # a JPEG is read to its end, but decoded at an eighth of its size
                image.load()
                return _hash(image)
        except Exception:  # noqa: BLE001 – readers trip over damaged bytes in ways they do not document
            return None


def _hash(image: ImageFile) -> str:
    """A bit for each of 8 × 8 steps to the right: is it brighter there? Upright, as platforms turn photos."""
    from PIL.Image import Transpose

    turn = {3: Transpose.ROTATE_180, 6: Transpose.ROTATE_270, 8: Transpose.ROTATE_90}.get(_orientation(image))
    # A palette with several transparent colours turns grey only by way of RGBA.
    opaque = image.convert("RGBA") if "transparency" in image.info else image
    square = opaque.convert("L").resize((72, 72))
    grey = (square if turn is None else square.transpose(turn)).resize((9, 8)).tobytes()
    bits = (grey[at] < grey[at + 1] for at in range(71) if at % 9 < 8)
    return f"{sum(bit << place for place, bit in enumerate(bits)):016x}"


def _orientation(image: ImageFile) -> int:
    """1–8; damaged EXIF counts as none."""
    with suppress(Exception):  # its readers raise anything
        return int(image.getexif().get(_ORIENTATION, 1))
    return 1
