"""The way in: an update becomes one turn, and counts as taken only once that is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.channels.downloads import Downloads
from bot.channels.quick import fetched
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import Back, Left, Me, Message, Migrated, read
from bot.clock import Clock
from bot.ordering import Chats
from bot.reach import lost
from bot.turn import Rules, turn
from conversation.messages import PENDING, Inbound
from models import reachability
from models.database import Database


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
        inbound = await fetched(self.downloads.fetcher, inbound, partial(self.client.typing, int(inbound.address)))
        self.tell(await self.database.write(turn(inbound, self.rules)))
        if any(item.problem == PENDING for item in inbound.attachments):
            self.downloads.wake()
