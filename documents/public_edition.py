"""Photos for everybody: smaller, without what the camera wrote into them."""

from __future__ import annotations

import io
from pathlib import Path

# The longer side, in pixels: to look at, and to choose from.
WHOLE, SMALL = 1280, 400
QUALITY = 80


def photo(path: Path, longest: int = WHOLE) -> bytes:
    """A JPEG of the photo at `path`, drawn anew from its pixels: no EXIF, place, comment, thumbnail or colour profile.

    Raises OSError or ValueError for what cannot be decoded.
    """
    from PIL import Image, ImageOps
    from pillow_heif import register_heif_opener

    register_heif_opener()
    with Image.open(path) as taken:
        if taken.width * taken.height > 60_000_000:
            raise ValueError("too many pixels")
        taken.draft("RGB", (longest, longest))
        upright = ImageOps.exif_transpose(taken).convert("RGBA")
    upright.thumbnail((longest, longest))
    clean = Image.new("RGB", upright.size, (255, 255, 255))
    clean.paste(upright, mask=upright.getchannel("A"))
    file = io.BytesIO()
    clean.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()
