"""The bytes of a file that a platform says where to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import aiohttp

from bot.channels.fetching import NotFetched

# Seconds: in all, until connected, and between two pieces.
PATIENCE = aiohttp.ClientTimeout(total=900, sock_connect=10, sock_read=30)
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a file is, and how many bytes the platform says it has, 0 where it does not say."""

    path: str
    size: int


async def download(
    session: aiohttp.ClientSession, url: str, file: Remote, into: BinaryIO, most: int,
    headers: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Write what stands at `url`, at most `most` bytes, and return its size. Raises NotFetched."""
    size = 0
    try:
        async with session.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False) as answer:
            if answer.status != 200:
                raise NotFetched("expired" if answer.status in (400, 404) else "broken", f"HTTP {answer.status}")
            async for piece in answer.content.iter_chunked(PIECE):
                size += len(piece)
                limit(size, most)
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
    limit(size, most)
    if size < file.size:
        raise NotFetched("broken", f"{size} of {file.size} bytes")


def limit(size: int, most: int) -> None:
    """Raises NotFetched for a file that is too large."""
    if size > most:
        raise NotFetched("too_big", f"more than {most} bytes")
