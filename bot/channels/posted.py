"""What a platform posts to us, as long as it is not too much."""

from __future__ import annotations

from starlette.types import Receive


async def posted(receive: Receive, most: int) -> bytes | None:
    """The body of a request; None where it has more than `most` bytes."""
    parts, size = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
