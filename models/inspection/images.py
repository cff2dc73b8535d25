"""Photos: decoded once to know that they are whole, and asked what the camera wrote into them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.inspection.findings import TYPES, Finding, Refused

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_PIXELS = 60_000_000
MOST_BYTES = 64 << 20  # the HEIC and WebP readers take the whole file into memory
_FORMATS = {"jpg": "JPEG", "tif": "TIFF", "heic": "HEIF"}  # Pillow's name, where it is not the extension

# Numbers of EXIF tags (CIPA DC-008)
_MAKE, _MODEL, _ORIENTATION, _EXIF, _GPS = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
_TAKEN, _DIGITISED, _LATITUDE = 0x9003, 0x9004, 2


def photo(path: Path, extension: str) -> Finding:
    """Raises Refused, or any of the many errors that Pillow has for damaged bytes."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", f"a photo of more than {MOST_BYTES} bytes")
    with _open(path, extension) as image:
        image.verify()
    with _open(path, extension) as image:
        width, height = image.size
        pages = getattr(image, "n_frames", None) if extension == "tif" else None
        image.draft("L", (72, 72))  # a JPEG is read to its end, but decoded at an eighth of its size
        image.load()
        taken_at, has_gps, camera, orientation = _exif(image)
        kind, mime = TYPES[extension]
        return Finding(
            kind,
            mime,
            extension,
            width,
            height,
            taken_at=taken_at,
            has_gps=has_gps,
            exif_stripped=not (taken_at or has_gps or camera),
            dhash=_dhash(image, orientation),
            pages=pages,
        )


def _open(path: Path, extension: str) -> ImageFile:
    from PIL import Image

    form = _FORMATS.get(extension, extension.upper())
    if form == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    try:
        image = Image.open(path, formats=(form,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _unfolds_too_far(path, str(error)) from error
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise _unfolds_too_far(path, f"{image.width} × {image.height} pixels")
    return image


def _unfolds_too_far(path: Path, detail: str) -> Refused:
    """A camera needs far more than a byte for 100 pixels: less is a trap, more is only a very good camera."""
    return Refused("hostile" if path.stat().st_size < MOST_PIXELS // 100 else "too_large", detail)


def _exif(image: ImageFile) -> tuple[datetime | None, bool, bool, int]:
    """(taken at, has a position, names a camera, orientation 1–8). Damaged EXIF counts as none."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(_EXIF)
        return (
            _clock(details.get(_TAKEN) or details.get(_DIGITISED)),
            _LATITUDE in exif.get_ifd(_GPS),
            bool(exif.get(_MAKE) or exif.get(_MODEL)),
            exif.get(_ORIENTATION, 1),
        )
    except Exception:  # noqa: BLE001 – its readers raise anything
        return None, False, False, 1


def _clock(text: object) -> datetime | None:
    """EXIF writes "2022:05:31 16:20:00", without a zone; cameras without a clock write zeros or blanks."""
    try:
        return datetime.strptime(str(text)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 – it has no zone
    except ValueError:
        return None


def _dhash(image: ImageFile, orientation: int) -> str:
    """A bit for each of 8 × 8 steps to the right: is it brighter there? Upright, as platforms turn photos."""
    from PIL.Image import Transpose

    turn = {3: Transpose.ROTATE_180, 6: Transpose.ROTATE_270, 8: Transpose.ROTATE_90}.get(orientation)
    # A palette with several transparent colours turns grey only by way of RGBA.
    opaque = image.convert("RGBA") if "transparency" in image.info else image
    square = opaque.convert("L").resize((72, 72))
    grey = (square if turn is None else square.transpose(turn)).resize((9, 8)).tobytes()
    bits = (grey[at] < grey[at + 1] for at in range(71) if at % 9 < 8)
    return f"{sum(bit << place for place, bit in enumerate(bits)):016x}"
