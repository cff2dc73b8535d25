"""The way in: each message of a payload becomes one turn, and the payload counts as taken once all is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.channels.downloads import Downloads
from bot.channels.quick import fetched
from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.inbound import Capability, Event, Message, NumberChanged, Status, Stray, TemplateNews, read
from bot.channels.whatsapp.settling import Pairs, Settler
from bot.clock import Clock
from bot.ordering import Chats
from bot.turn import Rules, turn
from conversation.messages import PENDING, Inbound
from handlers.everyone.handover import accuses
from models import inbox, people, routing, strays, windows
from models.database import Database
from scheduler.ticks import VISITORS


@dataclass(slots=True)
class Receiver:
    """Takes what is posted for one number of ours.

    phone_id   what the platform calls that number
    tell       hears which (channel, address) pairs have something new to read
    seen       shows the person that the message of this wamid was read and is being worked on
    statuses   settles what became of our messages, part of a transaction; returns pairs as for `tell`
    templates  keeps what is new about a template of ours, part of a transaction
    """

    database: Database
    clock: Clock
    rules: Rules
    downloads: Downloads
    phone_id: str
    tell: Callable[[Pairs], None]
    seen: Callable[[str], Awaitable[object]]
    statuses: Callable[[Connection, list[Status], datetime], Pairs]
    templates: Callable[[Connection, list[TemplateNews], datetime], None]
    chats: Chats = field(default_factory=Chats)
    settler: Settler = field(init=False)

    def __post_init__(self) -> None:
        self.settler = Settler(self.database, self.clock.now, self.tell, self.statuses)

    async def take(self, payload: dict[str, Any]) -> None:
        """Take a payload; returns once everything that follows from it is committed.

        Where something fails, the rest is taken all the same; then what failed is raised, so that all is posted again.
        """
        now = self.clock.now()
        chats: dict[str, list[Message]] = {}
        statuses: list[Status] = []
        rest: list[Event] = []
        for event in read(payload, now, self.phone_id):
            match event:
                case Message():
                    chats.setdefault(event.inbound.address, []).append(event)
                case Status():
                    statuses.append(event)
                case _:
                    rest.append(event)
        work = [self.settler.settle(statuses)] if statuses else []
        work += [self._note(rest, now)] if rest else []
        work += [self._chat(address, messages) for address, messages in chats.items()]
        if len(work) == 1:  # as nearly always, and then a task would only cost
            await work[0]
            return
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            if outcome:
                raise outcome

    async def _chat(self, address: str, messages: list[Message]) -> None:
        """In their order: the later ones wait until an earlier one that failed is posted again."""
        async with self.chats.alone(address):
            for message in messages:
                inbound = await fetched(self.downloads.fetcher, message.inbound, partial(self.seen, message.wamid))
                self.tell(await self.database.write(taken(inbound, message.phone, self.rules)))
                if any(item.problem == PENDING for item in inbound.attachments):
                    self.downloads.wake()

    async def _note(self, events: list[Event], now: datetime) -> None:
        def work(connection: Connection) -> None:
            if news := [event for event in events if isinstance(event, TemplateNews)]:
                self.templates(connection, news, now)
            for event in events:
                match event:
                    case NumberChanged(message, old, phone, user_id):
                        if inbox.take(connection, CHANNEL, old[0], message, now):
                            windows.moved(connection, old, phone, user_id)
                    case Capability(people):
                        routing.keep_tier(connection, people)
                    case Stray(kind, payload) if not accuses(str(payload)):
                        strays.keep(connection, CHANNEL, kind, payload, now)

        await self.database.write(work)


def taken(inbound: Inbound, phone: str, rules: Rules) -> Callable[[Connection], Pairs]:
    """The transaction for one message: it opens the window for answers, then it is a turn."""

    def work(connection: Connection) -> Pairs:
        # Visitors are forgotten with the numbers of their messages: what comes again after that finds nobody who was
        # there when it was said, and could not be answered any more.
        late = inbound.received_at - inbound.sent_at > VISITORS
        who = people.at(connection, CHANNEL, inbound.address)
        if who and not late and windows.known(who, phone, inbound.sent_at):
            return turn(inbound, rules, who)(connection)
        stands = windows.heard(connection, inbound.address, phone, inbound.sent_at)
        if late and not (stands and windows.stood(connection, stands, inbound.sent_at)):
            return set()
        if stands in ("", inbound.address):
            pairs = turn(inbound, rules, who)(connection)
            if not stands:
                windows.heard(connection, inbound.address, phone, inbound.sent_at)
            return pairs
        # Known by another name by now: it may have been taken under this one.
        if not inbox.take(connection, CHANNEL, inbound.address, inbound.message_id, inbound.received_at):
            return set()
        return turn(replace(inbound, address=stands), rules)(connection)

    return work
