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

from models import conversations, downloads, forgetting, hand_outs, inbox, strays
from models.database import Database
from models.retention import kept
from models.vault import Vault
from scheduler import announcements, looks, nudges, personal, readings, summaries, taking_part
from scheduler.hand_outs import sweep
from scheduler.nudges import Pairs, Render, Store
from scheduler.press import Press

# Platforms repeat a message for a week at most.
KEYS = kept("inbox")
VISITORS = kept("visitors")
# A file is an orphan after a day without a reference. A draft lives 14 days, so what is older than 20 was decided
# long ago and need not be looked at again: the work does not grow with the years.
ORPHANS, DECIDED = timedelta(days=1), timedelta(days=20)
UPLOADS = timedelta(hours=2)
MINUTES = {
    "drafts": "7",
    "keys": "17",
    "visitors": "27",
    "files": "37",
    "hand_outs": "47",
    "retention": "57",
    "forgotten": "*/5",
    "requests": "11",
    "nudges": "*",
    "summaries": "*",
    "taking_part": "*",
    "announcements": "*",
    "readings": "*",
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
    await database.write(partial(strays.forget, before=now - KEYS))
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
    referred = await database.read(partial(forgetting.referred, hashes=aged)) if aged else set()
    orphans = [sha256 for sha256 in aged if sha256 not in referred]
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

        press = Press(hand_outs.beside(vault))
        self._work: dict[str, Callable[[], Awaitable[int]]] = {
            "drafts": lambda: drafts(database, now()),
            "keys": lambda: keys(database, now()),
            "visitors": lambda: visitors(database, now()),
            "files": lambda: files(database, vault, file_now()),
            "hand_outs": lambda: sweep(database, hand_outs.beside(vault), now(), file_now()),
            "retention": lambda: personal.retention_tick(database, now()),
            "forgotten": lambda: personal.forget_tick(database, now()),
            "requests": lambda: write(personal.requests_tick),
            "nudges": lambda: write(nudges.tick),
            "summaries": lambda: write(summaries.tick),
            "taking_part": lambda: write(taking_part.tick),
            "announcements": lambda: write(partial(announcements.tick, press=press)),
            "readings": lambda: write(readings.tick),
            "looks": lambda: looks.tick(database, vault),
        }
        # One run at a time; runs missed while the machine slept count as one.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=zone, job_defaults=defaults)
        self._stopped = False
        for name, minute in MINUTES.items():
            self._scheduler.add_job(
                self.run, "cron", args=[name], id=name, minute=minute, second=SECONDS.get(name, "0")
            )

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin nothing more, and break off what runs: the next start goes on with it."""
        self._stopped = True
        self._scheduler.shutdown(wait=False)

    async def run(self, name: str) -> None:
        """One tick now."""
        try:
            log.info("%s: %d", name, await self._work[name]())
        except asyncio.CancelledError:
            if not self._stopped:
                raise
