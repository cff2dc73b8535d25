"""The ticks: every minute what falls due, every hour what is over, unneeded, not consented to or referred to.

Every five minutes the photos that came in meanwhile are looked at.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models import conversations, downloads, forgetting, inbox
from models.database import Database
from models.vault import Vault
from scheduler import looks, nudges, summaries
from scheduler.nudges import Pairs, Render, Store

# Platforms repeat a message for a week at most.
KEYS = timedelta(days=30)
VISITORS = timedelta(days=1)
# A file is an orphan after a day without a reference. A draft lives 14 days, so what is older than 20 was decided
# long ago and need not be looked at again: the work does not grow with the years.
ORPHANS, DECIDED = timedelta(days=1), timedelta(days=20)
UPLOADS = timedelta(hours=2)
MINUTES = {
    "drafts": "7",
    "keys": "17",
    "visitors": "27",
    "files": "37",
    "nudges": "*",
    "summaries": "*",
    "looks": "*/5",
}
SECONDS = {"looks": "23"}  # when the others of that minute are through

log = logging.getLogger(__name__)


async def drafts(database: Database, now: datetime) -> int:
    """Empty the drafts whose time is over."""
    return await database.write(partial(conversations.expire, now=now))


async def keys(database: Database, now: datetime) -> int:
    """Forget which messages were taken long ago, and which of their files had to be waited for."""
    await database.write(partial(downloads.forget, before=now - KEYS))
    return await database.write(partial(inbox.forget, before=now - KEYS))


async def visitors(database: Database, now: datetime) -> int:
    """Forget those who wrote a day ago or earlier and never consented."""
    forgotten = 0
    while count := await database.write(partial(forgetting.forget_visitors, before=now - VISITORS)):
        forgotten += count
    return forgotten


async def files(database: Database, vault: Vault, now: datetime) -> int:
    """Remove files nothing refers to. `now` is the file system's time, also where the plan's clock is set back."""
    aged = await asyncio.to_thread(lambda: list(_aged(vault, now)))
    kept = await database.read(partial(forgetting.referred, hashes=aged)) if aged else set()
    orphans = [sha256 for sha256 in aged if sha256 not in kept]
    removed = await asyncio.to_thread(lambda: sum(_remove(vault, sha256, now - ORPHANS) for sha256 in orphans))
    return removed + await asyncio.to_thread(vault.sweep, UPLOADS, now)


def _aged(vault: Vault, now: datetime) -> Iterator[str]:
    for path in vault.root.glob("??/*"):
        age = now.timestamp() - path.stat().st_mtime
        if ORPHANS.total_seconds() < age < DECIDED.total_seconds():
            yield path.name


def _remove(vault: Vault, sha256: str, before: datetime) -> bool:
    """Put the file aside, and back if it was sent again after we looked: who sends it touches it."""
    path = vault.path(sha256)
    aside = vault.root / "incoming" / f"{sha256}.part"  # what a crash leaves there is swept
    aside.parent.mkdir(exist_ok=True)
    path.rename(aside)
    if aside.stat().st_mtime >= before.timestamp():
        aside.rename(path)
        return False
    aside.unlink()
    return True


class Ticks:
    """Runs the ticks. `now` is the plan's clock, `file_now` the file system's; `tell` wakes who sends."""

    def __init__(
        self, database: Database, vault: Vault, zone: ZoneInfo, now: Callable[[], datetime],
        file_now: Callable[[], datetime], render: Render, tell: Callable[[Pairs], None],
    ) -> None:  # fmt: skip
        async def write(tick: Callable[[Store, datetime, ZoneInfo, Render], Awaitable[Pairs]]) -> int:
            pairs = await tick(database, now(), zone, render)
            tell(pairs)
            return len(pairs)

        self._work: dict[str, Callable[[], Awaitable[int]]] = {
            "drafts": lambda: drafts(database, now()),
            "keys": lambda: keys(database, now()),
            "visitors": lambda: visitors(database, now()),
            "files": lambda: files(database, vault, file_now()),
            "nudges": lambda: write(nudges.tick),
            "summaries": lambda: write(summaries.tick),
            "looks": lambda: looks.tick(database, vault),
        }
        # One run at a time; runs missed while the machine slept count as one.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=zone, job_defaults=defaults)
        for name, minute in MINUTES.items():
            self._scheduler.add_job(
                self.run, "cron", args=[name], id=name, minute=minute, second=SECONDS.get(name, "0")
            )

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._scheduler.shutdown(wait=False)

    async def run(self, name: str) -> None:
        """One tick now."""
        log.info("%s: %d", name, await self._work[name]())
