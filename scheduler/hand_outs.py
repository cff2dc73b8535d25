"""Files that people asked for, made one after another in a thread of their own. No answer waits for them.

One that a dead process was making is taken up again once its lease is over. Its reader hears of it once: the message
is queued in the transaction that says it is ready.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from conversation.messages import Choice, Document, Reply
from conversation.texts import Say, _, lines
from documents.making import Made, make
from models import announcements, deliveries, hand_outs, people
from models.database import Database
from models.hand_outs import READY_FOR, Claimed
from models.vault import Vault
from models.wanted import restored
from scheduler.nudges import Pairs, Render

T = TypeVar("T")

# How long one is somebody's without a sign of life, and how often there is one.
LEASE, SIGN = timedelta(minutes=2), timedelta(seconds=10)
TRIES = 3
# Seconds: what was asked for meanwhile is looked for together; and at least so often.
TOGETHER, IDLE = 0.5, 30.0
# Bytes: the largest file.
MOST = 20 << 30
PRIORITY = 1

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The process ends."""


class Maker:
    """Makes what waits until it is stopped. `handed` is where the files lie, `vault` where the evidence does."""

    def __init__(
        self, database: Database, vault: Vault, handed: Vault, zone: ZoneInfo, now: Callable[[], datetime],
        render: Render, tell: Callable[[Pairs], None],
    ) -> None:  # fmt: skip
        self._database, self._vault, self._handed, self._zone = database, vault, handed, zone
        self._now, self._render, self._tell = now, render, tell
        self._news, self._stopping = asyncio.Event(), False
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._working = asyncio.create_task(self._work())

    def told(self, _pairs: Pairs) -> None:
        """Something was written: perhaps somebody asked for a file."""
        self._news.set()

    async def stop(self) -> None:
        """Begin nothing more; what is under way is put back for who comes next."""
        self._stopping = True
        self._news.set()
        if self._working:
            await self._working

    async def run(self) -> int:
        """Make all that waits; how many."""
        count = 0
        while not self._stopping and (claimed := await self._claim()):
            await self._one(claimed)
            count += 1
        return count

    async def _work(self) -> None:
        while not self._stopping:
            try:
                await self.run()
            except Exception:
                log.exception("files could not be made")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), IDLE)
            await asyncio.sleep(TOGETHER)
            self._news.clear()

    async def _claim(self) -> Claimed | None:
        if not await self._database.read(partial(hand_outs.waits, now=self._now())):
            return None
        return await self._database.write(partial(hand_outs.claim, now=self._now(), until=self._now() + LEASE))

    async def _one(self, claimed: Claimed) -> None:
        who = await self._database.read(partial(people.at, channel=claimed.channel, address=claimed.address))
        if who is None or not hand_outs.may(who, claimed.kind, claimed.params["office_id"]):
            await self._end(claimed, "", "not allowed any more")
            return
        try:
            made, stored = await asyncio.to_thread(self._make, claimed, asyncio.get_running_loop())
        except Stopped:
            await self._database.write(partial(hand_outs.settle, claimed=claimed, state="queued", next_at=self._now()))
        except Exception as error:
            log.exception("a file could not be made")
            if claimed.attempts < TRIES:
                again = self._now() + claimed.attempts * timedelta(minutes=1)
                await self._database.write(partial(hand_outs.settle, claimed=claimed, state="queued", next_at=again))
            else:
                await self._end(claimed, who.language, type(error).__name__)
        else:
            await self._ready(claimed, who.language, made, stored.sha256, stored.size)

    def _make(self, claimed: Claimed, loop: asyncio.AbstractEventLoop) -> tuple[Made, Any]:
        """In a thread; the database is asked through the loop, a page at a time."""

        def read(work: Callable[[Any], T]) -> T:
            return asyncio.run_coroutine_threadsafe(self._database.read(work), loop).result()

        far, sign = 0, self._now()

        def progress(done: int, of: int) -> None:
            nonlocal far
            far = 100 * done // max(1, of)

        def alive(chunks: Iterator[bytes]) -> Iterator[bytes]:
            nonlocal sign
            for chunk in chunks:
                if self._stopping:
                    raise Stopped
                if self._now() - sign >= SIGN:
                    sign = self._now()
                    kept = partial(hand_outs.renew, claimed=claimed, until=sign + LEASE, progress=far)
                    if not asyncio.run_coroutine_threadsafe(self._database.write(kept), loop).result():
                        raise Stopped  # somebody else is at it
                yield chunk

        # Whose data it is: the chat it was asked in may have become one with another since.
        params = claimed.params | ({"person": claimed.person_id} if claimed.kind == "my-data" else {})
        wanted = restored(claimed.kind, params, claimed.as_of, self._zone)  # type: ignore[arg-type]
        made = make(read, wanted, self._vault, progress)
        with closing(made.chunks):
            stored = self._handed.put(alive(made.chunks), MOST)
        os.utime(self._handed.path(stored.sha256))  # it may have been there for long
        return made, stored

    async def _ready(self, claimed: Claimed, language: str, made: Made, sha256: str, size: int) -> None:
        now = self._now()
        values = {"state": "ready", "progress": 100, "name": made.name, "mime": made.mime, "sha256": sha256,
                  "size": size, "made_at": now, "expires_at": now + READY_FOR}  # fmt: skip
        document = Document(made.name, made.mime, sha256, size, TITLES[claimed.kind])
        text = lines(
            _("Listo: {what}.", what=TITLES[claimed.kind]),
            _("Puede descargarlo hasta el {day}.", day=(now + READY_FOR).astimezone(self._zone).date()),
        )
        await self._settle(claimed, values, Reply(text, document=document), language)

    async def _end(self, claimed: Claimed, language: str, reason: str) -> None:
        """It will not be made. Who may not have it any more is told nothing."""
        sorry = _("No pude hacer esto: {what}. Ya quedó anotado el problema; pídalo otra vez más tarde.",
                  what=TITLES[claimed.kind])  # fmt: skip
        reply = Reply(sorry, links=(Choice("/informe", _("Pedir un informe")),)) if language else None
        await self._settle(claimed, {"state": "failed", "reason": reason}, reply, language)

    async def _settle(self, claimed: Claimed, values: dict[str, Any], reply: Reply | None, language: str) -> None:
        columns = self._render(reply, language) if reply else None

        def work(connection: Any) -> bool:
            if not hand_outs.settle(connection, claimed, **values) or columns is None:
                return False
            row = {
                "dedupe_key": f"hand-out:{claimed.id}", "person_id": claimed.person_id, "channel": claimed.channel,
                "address": claimed.address, "kind": "notice", "created_at": self._now(), "priority": PRIORITY,
                "not_before": None, **columns,
            }  # fmt: skip
            deliveries.add(connection, [row])
            return True

        if await self._database.write(work):
            self._tell({(claimed.channel, claimed.address)})


async def sweep(database: Database, handed: Vault, now: datetime, file_now: datetime) -> int:
    """Remove the files whose month is over. `file_now` is the file system's time."""
    await database.write(partial(hand_outs.expire, now=now))
    aged = await asyncio.to_thread(lambda: list(_aged(handed, file_now)))
    kept = await database.read(partial(hand_outs.needed, hashes=aged)) if aged else set()
    kept |= await database.read(partial(announcements.posters, now=now)) & set(aged) if aged else set()
    for sha256 in aged:
        if sha256 not in kept:
            await asyncio.to_thread(handed.discard, sha256)
    return len(aged) - len(kept) + await asyncio.to_thread(handed.sweep, timedelta(days=1), file_now)


def _aged(handed: Vault, now: datetime) -> Iterator[str]:
    for path in handed.root.glob("??/*"):
        if now.timestamp() - path.stat().st_mtime > READY_FOR.total_seconds():
            yield path.name


TITLES: dict[str, Say] = {
    "follow-up": _("el seguimiento de Control Interno"),
    "quarterly": _("el informe trimestral"),
    "interactions": _("las estadísticas de interacciones"),
    "coverage": _("la verificación de grupos de valor"),
    "evaluation": _("la evaluación del año"),
    "my-data": _("la copia de sus datos"),
    "dossier": _("el expediente con los soportes"),
}
