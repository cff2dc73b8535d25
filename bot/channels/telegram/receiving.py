"""The way in: an update becomes one turn, and counts as taken only once that is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.channels.downloads import Downloads
from bot.channels.fetching import NotFetched
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import Back, Left, Me, Message, Migrated, read
from bot.clock import Clock
from bot.ordering import Chats
from bot.reach import lost
from bot.turn import Rules, turn
from conversation.messages import PENDING, Attachment, Inbound
from models import reachability
from models.database import Database

# Seconds in which most files are here: so long the turn waits for them. Then they are downloads of their own.
QUICK = 3.0
# Pauses before each of the first tries, in seconds.
TRIES = (0.0, 0.2, 0.4)
# Larger files take a while: the person sees that something happens.
NOTICEABLE = 1 << 20


@dataclass(slots=True)
class Receiver:
    """Takes updates of one bot. `tell` hears which (channel, address) pairs have something new to read."""

    database: Database
    clock: Clock
    rules: Rules
    client: Client
    me: Me
    downloads: Downloads
    tell: Callable[[set[tuple[str, str]]], None]
    chats: Chats = field(default_factory=Chats)

    async def take(self, update: dict[str, Any]) -> str:
        """Take one update; returns once everything that follows from it is committed.

        Returns the press that may now stop waiting, "" where no button was pressed: nothing depends on that.
        """
        event = read(update, self.clock.now(), self.me)
        match event:
            case Message():
                async with self.chats.alone(event.inbound.address):
                    await self._message(event.inbound)
                return event.query
            case Left(address):
                now = self.clock.now()
                work = partial(lost, channel=CHANNEL, address=address, now=now, rules=self.rules)
                self.tell(await self.database.write(work))
            case Back(address):
                await self.database.write(partial(reachability.find, channel=CHANNEL, address=address))
            case Migrated(address, to):
                await self.database.write(partial(reachability.move, channel=CHANNEL, address=address, to=to))
        return ""

    async def _message(self, inbound: Inbound) -> None:
        if any(item.ref.startswith(f"{CHANNEL}:") for item in inbound.attachments):
            inbound = replace(inbound, attachments=await self._fetched(inbound))
        self.tell(await self.database.write(turn(inbound, self.rules)))
        if any(item.problem == PENDING for item in inbound.attachments):
            self.downloads.wake()

    async def _fetched(self, inbound: Inbound) -> tuple[Attachment, ...]:
        return tuple([await self._file(inbound, item) for item in inbound.attachments])

    async def _file(self, inbound: Inbound, item: Attachment) -> Attachment:
        """The file, in the vault; or what is wrong with it, so that the person is told at once; or PENDING."""
        if not item.ref.startswith(f"{CHANNEL}:"):
            return item
        if item.size > NOTICEABLE:
            await self.client.typing(int(inbound.address))
        until = asyncio.get_running_loop().time() + QUICK
        for pause in TRIES:
            await asyncio.sleep(pause)
            try:
                return await self.downloads.fetcher.fetch(item, until)
            except TimeoutError:
                break
            except NotFetched as error:
                if error.reason in ("too_big", "gone"):
                    problem = "too_large" if error.reason == "too_big" else "cut_off"
                    return replace(item, ref="", problem=problem, details=None)
        return replace(item, problem=PENDING)
