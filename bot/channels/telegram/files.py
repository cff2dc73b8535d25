"""The bytes of the files people sent: over the network, or from the folder of a Bot API server of one's own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.channels.fetching import NotFetched

# Seconds: in all, until connected, and between two pieces.
PATIENCE = aiohttp.ClientTimeout(total=900, sock_connect=10, sock_read=30)
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a file is, and how many bytes Telegram says it has, 0 where it does not say."""

    path: str
    size: int


async def download(session: aiohttp.ClientSession, url: str, file: Remote, into: BinaryIO, most: int) -> int:
    """Write what stands at `url`, at most `most` bytes, and return its size. Raises NotFetched."""
    size = 0
    try:
        async with session.get(url, timeout=PATIENCE, allow_redirects=False) as answer:
            if answer.status != 200:
                raise NotFetched("expired" if answer.status in (400, 404) else "broken", f"HTTP {answer.status}")
            async for piece in answer.content.iter_chunked(PIECE):
                size += len(piece)
                _limit(size, most)
                into.write(piece)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotFetched("broken", type(error).__name__) from None
    # Where the answer does not say how long it is, a cut looks like an end.
    if answer.content_length is None and size < file.size:
        raise NotFetched("broken", f"{size} of {file.size} bytes")
    return size


def check(status: int, size: int, file: Remote, most: int) -> None:
    """Raises NotFetched for an answer that is not the whole file."""
    if status != 200:
        raise NotFetched("expired" if status in (400, 404) else "broken", f"HTTP {status}")
    _limit(size, most)
    if size < file.size:
        raise NotFetched("broken", f"{size} of {file.size} bytes")


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
        _limit(path.stat().st_size, most)
        shutil.copyfileobj(source, into)
        return source.tell()


def _limit(size: int, most: int) -> None:
    if size > most:
        raise NotFetched("too_big", f"more than {most} bytes")
