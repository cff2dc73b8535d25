"""An announcement reaches everybody's queue without holding anybody up: the writer is free between two pages."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from functools import partial

from conversation.messages import Reply
from models import announcements
from scheduler.nudges import Render, Store

# Messages queued in one transaction: some milliseconds of the writer.
PAGE = 500


async def announce(store: Store, about: str, reply: Reply, now: datetime, expires_at: datetime, render: Render) -> None:
    """Queue it for everyone who agreed to be written to. Run it again after a crash: nobody is told twice.

    about  what it is, as the beginning of the deliveries' keys: "announcement:7"
    """
    for language, last in (await store.read(announcements.spoken)).items():
        said = render(reply, language)
        for after in range(0, last, PAGE):
            began = time.perf_counter()
            work = partial(
                announcements.page, about=about, language=language, said=said, now=now, expires_at=expires_at,
                after=after, to=after + PAGE,
            )  # fmt: skip
            await store.write(work)
            # Who answers people has the writer for half as long as this had it.
            await asyncio.sleep((time.perf_counter() - began) / 2)
