"""The bytes of the files people sent, from the folder of a Bot API server of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO

from bot.channels.fetching import NotFetched
from bot.channels.remote import Remote, limit


def copy(folder: Path, file: Remote, into: BinaryIO, most: int) -> int:
    """Copy a file from the Bot API server's `folder`, at most `most` bytes, and return its size. Raises NotFetched."""
    path = folder / file.path
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            raise NotFetched("broken", "not in the folder of the Bot API server")
        source = path.open("rb")
    except FileNotFoundError:
        raise NotFetched("expired", "no longer there") from None
    except OSError as error:
        raise NotFetched("broken", error.strerror or "") from None
    with source:
        limit(path.stat().st_size, most)
        shutil.copyfileobj(source, into)
        return source.tell()
