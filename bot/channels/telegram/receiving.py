"""The way in: an update becomes one turn, and counts as taken only once that is committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from bot.channels.telegram import CHANNEL
from bot.channels.telegram.client import Client
from bot.channels.telegram.files import NotFetched
from bot.channels.telegram.inbound import Back, Left, Me, Message, Migrated, read
from bot.clock import Clock
from bot.custody import keep
from bot.ordering import Chats
from bot.reach import lost
from bot.turn import Rules, turn
from conversation.messages import Attachment, Inbound
from models import reachability
from models.database import Database
from models.vault import Vault

log = logging.getLogger(__name__)

# A file that broke off is asked for again this often before the person is asked to send it again.
TRIES = 3
# What is small enough is held in memory on its way to the vault.
IN_MEMORY = 1 << 20
# Larger files take a while: the person sees that something happens.
NOTICEABLE = 1 << 20
# Two photos are decoded at once at most: each takes a core and the memory of its pixels.
HEAVY = 2


@dataclass(slots=True)
class Receiver:
    """Takes updates of one bot. `tell` hears which (channel, address) pairs have something new to read."""

    database: Database
    vault: Vault
    clock: Clock
    rules: Rules
    client: Client
    me: Me
    most_mb: int
    tell: Callable[[set[tuple[str, str]]], None]
    chats: Chats = field(default_factory=Chats)
    presses: set[asyncio.Task[Any]] = field(default_factory=set)
    heavy: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HEAVY))

    async def take(self, update: dict[str, Any]) -> None:
        """Take one update; returns once everything that follows from it is committed."""
        event = read(update, self.clock.now(), self.me)
        match event:
            case Message(edited=False):
                async with self.chats.alone(event.inbound.address):
                    await self._message(event)
            case Left(address):
                now = self.clock.now()
                work = partial(lost, channel=CHANNEL, address=address, now=now, rules=self.rules)
                self.tell(await self.database.write(work))
            case Back(address):
                await self.database.write(partial(reachability.find, channel=CHANNEL, address=address))
            case Migrated(address, to):
                await self.database.write(partial(reachability.move, channel=CHANNEL, address=address, to=to))

    async def _message(self, event: Message) -> None:
        inbound = event.inbound
        if event.query:  # the button stops waiting at once; nothing depends on whether that arrives
            self.presses.add(press := asyncio.create_task(self.client.answer_press(event.query)))
            press.add_done_callback(self.presses.discard)
        if any(item.ref.startswith(f"{CHANNEL}:") for item in inbound.attachments):
            inbound = replace(inbound, attachments=await self._fetched(inbound))
        self.tell(await self.database.write(turn(inbound, self.rules)))

    async def _fetched(self, inbound: Inbound) -> tuple[Attachment, ...]:
        return tuple([await self._file(inbound, item) for item in inbound.attachments])

    async def _file(self, inbound: Inbound, item: Attachment) -> Attachment:
        """The file, in the vault; or what is wrong with it, so that the person is told at once to send it again."""
        if not item.ref.startswith(f"{CHANNEL}:"):
            return item
        if item.size > NOTICEABLE:
            await self.client.typing(int(inbound.address))
        file_id = str((item.details or {})["file_id"])
        most = self.most_mb << 20
        for attempt in range(TRIES):
            with SpooledTemporaryFile(IN_MEMORY) as file:
                try:
                    remote = await self.client.get_file(file_id)
                    await self.client.download(remote, file, most)  # type: ignore[arg-type]
                except NotFetched as error:
                    if error.reason in ("too_big", "gone") or attempt == TRIES - 1:
                        problem = "too_large" if error.reason == "too_big" else "cut_off"
                        return replace(item, ref="", problem=problem, details=None)
                    await asyncio.sleep(0.2 * 2**attempt)
                    continue
                async with self.heavy:
                    kept = await asyncio.to_thread(keep, self.vault, file, item.name, item.mime, most)  # type: ignore[arg-type]
                return self._described(item, kept)
        raise AssertionError("unreachable")

    def _described(self, item: Attachment, kept: Attachment) -> Attachment:
        """What the bytes are, with the name the message gave and a word on what Telegram did to a photo."""
        if kept.problem:
            return replace(kept, name=item.name)
        details = {**(kept.details or {})}
        if (item.details or {}).get("message"):
            details["message"] = (item.details or {})["message"]
        return replace(kept, kind=item.kind if item.kind == "voice" else kept.kind, details=details)
