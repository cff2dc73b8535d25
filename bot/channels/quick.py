"""Most files are here in a moment: so long the turn waits for them. Then they are downloads of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.channels.fetching import Fetcher, NotFetched
from conversation.messages import PENDING, Attachment, Inbound
from handlers.everyone.handover import accused

# Seconds that the turn waits.
QUICK = 3.0
# Pauses before each of the first tries, in seconds.
TRIES = (0.0, 0.2, 0.4)
# Larger files (in bytes) take a while, and so does what is not here after so many seconds: the person sees that
# something happens.
NOTICEABLE, LONG = 1 << 20, 1.0


async def fetched(fetcher: Fetcher, inbound: Inbound, busy: Callable[[], Awaitable[object]]) -> Inbound:
    """The message with each of its files in the vault; or with what is wrong with it, so that the person is told at
    once; or PENDING. `busy` shows the person that something happens.
    """
    there = [item for item in inbound.attachments if _on_platform(inbound, item)]
    if not there or accused(inbound):
        return inbound
    large = any(item.size > NOTICEABLE for item in there)
    showing = asyncio.create_task(_show(busy, 0 if large else LONG))
    try:
        files = [await _file(fetcher, one) if _on_platform(inbound, one) else one for one in inbound.attachments]
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
    return replace(inbound, attachments=tuple(files))


def _on_platform(inbound: Inbound, item: Attachment) -> bool:
    return item.ref.startswith(f"{inbound.channel}:")


async def _show(busy: Callable[[], Awaitable[object]], after: float) -> None:
    await asyncio.sleep(after)
    await busy()


async def _file(fetcher: Fetcher, item: Attachment) -> Attachment:
    until = asyncio.get_running_loop().time() + QUICK
    for pause in TRIES:
        await asyncio.sleep(pause)
        try:
            return await fetcher.fetch(item, until)
        except TimeoutError:
            break
        except NotFetched as error:
            if error.reason in ("too_big", "gone"):
                problem = "too_large" if error.reason == "too_big" else "cut_off"
                return replace(item, ref="", problem=problem, details=None)
            item = _lasting(item)
    return replace(_lasting(item), problem=PENDING)


def _lasting(item: Attachment) -> Attachment:
    """Without where it lies and what lies there: that is asked anew."""
    lasting = {name: told for name, told in (item.details or {}).items() if name not in ("url", "sha256")}
    return replace(item, details=lasting)
