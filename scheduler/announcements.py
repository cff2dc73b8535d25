"""An announcement reaches everybody's queue without holding anybody up: the writer is free between two pages."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from functools import partial

from conversation.messages import Reply
from models import announcements
from models.database import abreast
from scheduler.nudges import Render, Store

# Messages queued in one transaction: some milliseconds of the writer.
PAGE = 500


async def announce(store: Store, about: str, reply: Reply, now: datetime, expires_at: datetime, render: Render) -> None:
    """Queue it for everyone who agreed to be written to. Run it again after a crash: nobody is told twice.

    about  what it is, as the beginning of the deliveries' keys: "announcement:7"
    """
    spoken = await store.read(announcements.spoken)
    said = {language: render(reply, language) for language in spoken}
    pages = (
        partial(
            announcements.page, about=about, language=language, said=said[language], now=now, expires_at=expires_at,
            after=after, to=after + PAGE,
        )
        for language, last in spoken.items()
        for after in range(0, last, PAGE)
    )  # fmt: skip

    async def queue() -> None:
        for page in pages:
            began = time.perf_counter()
            await store.write(page)
            # Who answers people has the writer for half as long as this had it.
            await asyncio.sleep((time.perf_counter() - began) / 2)

    await asyncio.gather(*(queue() for _writer in range(await store.read(abreast))))
