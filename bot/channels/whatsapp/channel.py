"""WhatsApp, put together: what Meta posts in, deliveries out, for as long as the application runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from starlette.types import ASGIApp

from bot.channels.downloads import Downloads
from bot.channels.fetching import Fetcher
from bot.channels.whatsapp import CHANNEL, account, statuses
from bot.channels.whatsapp.carrier import Carrier
from bot.channels.whatsapp.client import Client, NotDone
from bot.channels.whatsapp.door import PATH, webhook
from bot.channels.whatsapp.inbound import Status, TemplateNews
from bot.channels.whatsapp.receiving import Receiver
from bot.channels.whatsapp.routing import Pairs, Router
from bot.channels.whatsapp.templates import standings
from bot.clock import Clock
from bot.drawing import drawn
from bot.handing import Handing
from bot.pacing import Pacer
from bot.reach import lost
from bot.sending import Sender
from bot.settings import Settings
from bot.turn import Rules
from models import installation, routing, templates
from models.database import Database
from models.outbox import Parcel
from models.vault import Vault
from plans.whatsapp_templates import load

log = logging.getLogger(__name__)


@dataclass(slots=True)
class WhatsAppChannel:
    """One number. `tell` hears which (channel, address) pairs have something new to read."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    rules: Rules
    tell: Callable[[Pairs], None]
    handing: Handing
    client: Client = field(init=False)
    downloads: Downloads = field(init=False)
    receiver: Receiver = field(init=False)
    sender: Sender = field(init=False)
    asking: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        given = self.settings
        self.client = Client(given.whatsapp_token.get_secret_value(), given.whatsapp_phone, given.whatsapp_api)
        fetcher = Fetcher(self.client, self.vault, given.max_file_mb << 20)
        self.downloads = Downloads(CHANNEL, self.database, self.clock, self.rules, fetcher, self.tell)
        self.receiver = Receiver(
            self.database, self.clock, self.rules, self.downloads, given.whatsapp_phone, self.tell, self.client.seen,
            self._settled, _noted,
        )  # fmt: skip
        pacer = Pacer(self.database, CHANNEL, given.whatsapp_rate, 0.0)
        carrier = Carrier(
            self.client, Router(self.rules, load()), partial(drawn, self.vault), self.clock.now, handing=self.handing
        )
        journals = given.evidence_dir / "journals" / CHANNEL
        self.sender = Sender(
            self.database, carrier, pacer, journals, self.clock.now, self._unreachable, carrier.look
        )  # fmt: skip

    def doors(self) -> dict[str, ASGIApp]:
        """The webhook by its path."""
        secret, word = self.settings.whatsapp_secret, self.settings.whatsapp_verify
        return {PATH: webhook(self.receiver, secret.get_secret_value(), word.get_secret_value())}

    async def start(self) -> None:
        """Take what waits, begin to send, and ask the account what it knows."""
        await self.client.open()
        self.downloads.start()
        await self.sender.start()
        self.asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        try:
            me = await self.client.me()
            found = standings(load(), await account.templates(self.client, self.settings.whatsapp_account))
        except NotDone as error:
            # What the database knows from before goes on being used.
            log.error("the WhatsApp account could not be asked: %s", error)
            return

        def work(connection: Connection) -> None:
            installation.put(connection, installation.WHATSAPP_NUMBER, "".join(filter(str.isdigit, me.number)))
            if me.tier is not None:
                routing.keep_tier(connection, me.tier)
            templates.keep(connection, [one.row for one in found], self.clock.now())

        await self.database.write(work)

    async def stop(self) -> None:
        """Finish what is under way."""
        if self.asking:
            self.asking.cancel()
            await asyncio.gather(self.asking, return_exceptions=True)
        await self.downloads.stop()
        await self.sender.stop()
        await self.client.close()

    def told(self, pairs: Pairs) -> None:
        """These (channel, address) pairs have something new to read."""
        if any(channel == CHANNEL for channel, _address in pairs):
            self.sender.wake()

    def _settled(self, connection: Connection, told: list[Status], now: datetime) -> Pairs:
        return statuses.settle(connection, told, now, self.rules)

    def _unreachable(self, connection: Connection, parcel: Parcel) -> None:
        lost(connection, CHANNEL, parcel.address, self.clock.now(), self.rules)


def _noted(connection: Connection, news: Sequence[TemplateNews], now: datetime) -> None:
    for one in news:
        templates.mark(connection, one.name, one.language, one.status, now, one.category)
