"""Photos: are they whole, and what did the camera write into them? All but JPEG are decoded once to know."""

from __future__ import annotations

from datetime import datetime
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING

from models.inspection import jpeg
from models.inspection.findings import TYPES, Finding, Refused

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_PIXELS = 60_000_000
MOST_BYTES = 64 << 20  # the HEIC and WebP readers take the whole file into memory
_FORMATS = {"jpg": "JPEG", "tif": "TIFF", "heic": "HEIF"}  # Pillow's name, where it is not the extension

# Numbers of EXIF tags (CIPA DC-008)
_MAKE, _MODEL, _EXIF, _GPS = 0x010F, 0x0110, 0x8769, 0x8825
_TAKEN, _DIGITISED, _LATITUDE = 0x9003, 0x9004, 2


def photo(path: Path, data: mmap, extension: str) -> Finding:
    """The photo at `path`, which `data` is. Raises Refused, or any of the many errors Pillow has for damaged bytes."""
    if len(data) > MOST_BYTES:
        raise Refused("too_large", f"a photo of more than {MOST_BYTES} bytes")
    if extension != "jpg":
        with opened(path, extension) as image:
            image.verify()
    with opened(path, extension) as image:
        width, height = image.size
        pages = getattr(image, "n_frames", None) if extension == "tif" else None
        if extension != "jpg":
            image.load()
        elif not jpeg.whole(data):
            raise Refused("cut_off", "no end of the image")
        taken_at, has_gps, camera = _exif(image)
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
        pages=pages,
    )


def opened(path: Path, extension: str) -> ImageFile:
    """The photo, its header read. Raises Refused for one that would unfold too far, and Pillow's errors."""
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


def _exif(image: ImageFile) -> tuple[datetime | None, bool, bool]:
    """(taken at, has a position, names a camera). Damaged EXIF counts as none."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(_EXIF)
        return (
            _clock(details.get(_TAKEN) or details.get(_DIGITISED)),
            _LATITUDE in exif.get_ifd(_GPS),
            bool(exif.get(_MAKE) or exif.get(_MODEL)),
        )
    except Exception:  # noqa: BLE001 – its readers raise anything
        return None, False, False


def _clock(text: object) -> datetime | None:
    """EXIF writes "2022:05:31 16:20:00", without a zone; cameras without a clock write zeros or blanks."""
    try:
        return datetime.strptime(str(text)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 – it has no zone
    except ValueError:
        return None
