"""Telegram, put together: updates in, deliveries out, for as long as the application runs."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Any

from starlette.types import ASGIApp

from bot.channels.downloads import Downloads
from bot.channels.fetching import Fetcher
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.carrier import Carrier
from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import Me
from bot.channels.telegram.menus import publish
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.updates import PATH, poll, webhook
from bot.clock import Clock
from bot.drawing import drawn
from bot.handing import Handing
from bot.pacing import Pacer
from bot.reach import lost
from bot.sending import Sender
from bot.settings import Settings
from bot.turn import Rules
from models import installation, reachability
from models.database import Database
from models.outbox import Parcel
from models.vault import Vault

log = logging.getLogger(__name__)

# Pause between two messages to one chat, in seconds.
PER_CHAT = 1.0


@dataclass(slots=True)
class TelegramChannel:
    """One bot. `tell` hears which (channel, address) pairs have something new to read.

    secret  the installation's, from which the webhook's is derived
    """

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    rules: Rules
    tell: Callable[[set[tuple[str, str]]], None]
    secret: str
    handing: Handing
    client: Client = field(init=False)
    downloads: Downloads = field(init=False)
    receiver: Receiver = field(init=False)
    sender: Sender = field(init=False)
    polling: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        token = self.settings.telegram_token.get_secret_value()
        self.client = Client(token, self.settings.telegram_api, self.settings.telegram_files)
        me = Me(int(token.partition(":")[0]), "")
        fetcher = Fetcher(self.client, self.vault, self.settings.max_file_mb << 20)
        self.downloads = Downloads(CHANNEL, self.database, self.clock, self.rules, fetcher, self.tell)
        self.receiver = Receiver(
            self.database, self.clock, self.rules, self.client, me, self.downloads, self.tell
        )  # fmt: skip
        pacer = Pacer(self.database, CHANNEL, self.settings.telegram_rate, PER_CHAT)
        carrier = Carrier(self.client, partial(drawn, self.vault), self._moved, handing=self.handing)
        journals = self.settings.evidence_dir / "journals"
        self.sender = Sender(self.database, carrier, pacer, journals, self.clock.now, self._unreachable)

    def doors(self) -> dict[str, ASGIApp]:
        """The webhook by its path, where the site has a public address."""
        return {PATH: webhook(self.receiver, self._webhook_secret())} if self.settings.public_url else {}

    async def start(self) -> None:
        """Say who we are, take what waits, and begin to send."""
        await self.client.open()
        me = await self.client.get_me()
        self.receiver.me = replace(me, most=min(me.most, self.settings.max_file_mb << 20))
        self.downloads.start()
        await self.database.write(partial(installation.put, key=installation.TELEGRAM_NAME, value=me.username))
        await self.sender.start()
        await publish(self.client, self.rules)
        if self.settings.public_url:
            await self.client.set_webhook(self.settings.public_url + PATH, self._webhook_secret())
        else:
            await self.client.delete_webhook()
            self.polling = asyncio.create_task(poll(self.client, self.receiver))

    async def stop(self) -> None:
        """Ask for nothing more, finish what is under way."""
        if self.polling:
            self.polling.cancel()
            await asyncio.gather(self.polling, return_exceptions=True)
        await self.downloads.stop()
        await self.sender.stop()
        await self.client.close()

    def told(self, pairs: set[tuple[str, str]]) -> None:
        """These (channel, address) pairs have something new to read."""
        if any(channel == CHANNEL for channel, _address in pairs):
            self.sender.wake()

    def _unreachable(self, connection: Any, parcel: Parcel) -> None:
        lost(connection, CHANNEL, parcel.address, self.clock.now(), self.rules)

    async def _moved(self, address: str, to: int) -> None:
        await self.database.write(partial(reachability.move, channel=CHANNEL, address=address, to=str(to)))

    def _webhook_secret(self) -> str:
        """Derived, so that it is the same after a restart and stands nowhere."""
        return hmac.new(self.secret.encode(), b"telegram webhook", sha256).hexdigest()
