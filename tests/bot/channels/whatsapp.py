"""A receiver over a world, with a platform that hands out files as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, select

from bot.channels.downloads import Downloads
from bot.channels.fetching import Fetcher, NotFetched
from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.inbound import Status, TemplateNews
from bot.channels.whatsapp.receiving import Receiver
from bot.clock import Clock
from models.deliveries import Delivery
from models.people import Contact
from models.vault import Vault
from tests.bot.channels.test_whatsapp_inbound import ANA, US, posted
from tests.models.inspection_samples import encoded, picture
from tests.support.world import RULES, START, World

LUIS = "573007778899"


@dataclass
class Shelf:
    """Where WhatsApp keeps its files; `slow` seconds away."""

    slow: float = 0
    reason: Any = ""

    async def bring(self, file: Mapping[str, Any], into: BinaryIO, most: int) -> None:
        await asyncio.sleep(self.slow)
        if self.reason:
            raise NotFetched(self.reason, "")
        into.write(encoded("jpeg", picture(64 + int(file["file_id"]))))


@dataclass
class Still(Clock):
    """A clock that is set."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment


@dataclass
class Desk:
    """A receiver, and all it tells."""

    world: World
    folder: Path
    shelf: Shelf = field(default_factory=Shelf)
    clock: Still = field(default_factory=Still)
    told: list[set[tuple[str, str]]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    settled: list[list[Status]] = field(default_factory=list)
    news: list[TemplateNews] = field(default_factory=list)
    fails: bool = False

    def __post_init__(self) -> None:
        vault = Vault(self.folder)
        vault.prepare()
        fetcher = Fetcher(self.shelf, vault, 20 << 20)
        self.downloads = Downloads(CHANNEL, self.world.database, self.clock, RULES, fetcher, self.told.append)
        self.receiver = Receiver(
            self.world.database, self.clock, RULES, self.downloads, US, self.told.append, self._seen, self._statuses,
            lambda _connection, news, _now: self.news.extend(news),
        )  # fmt: skip

    async def _seen(self, wamid: str) -> None:
        self.seen.append(wamid)

    def _statuses(self, _connection: Connection, statuses: list[Status], _now: datetime) -> set[tuple[str, str]]:
        if self.fails:
            raise RuntimeError
        self.settled.append(statuses)
        return {(CHANNEL, "x")}

    async def take(self, *messages: Any, **value: Any) -> None:
        await self.receiver.take(posted(*messages, **value))

    def rows(self, statement: Any) -> list[Any]:
        return [tuple(row) for row in self.world.rows(statement)]

    def answers(self, address: str) -> list[str]:
        """What was said to the address, oldest first."""
        here = (Delivery.channel == CHANNEL, Delivery.address == address, Delivery.kind == "answer")
        return [text for (text,) in self.rows(select(Delivery.text).where(*here).order_by(Delivery.id))]

    def later(self, **more: int) -> None:
        self.clock.moment += timedelta(**more)


def message(text: str = "/ayuda", number: int = 1, *, who: str = ANA, at: datetime = START, **more: Any) -> Any:
    sent = str(int(at.timestamp()))
    return {"from": who, "id": f"wamid.{number}", "timestamp": sent, "type": "text", "text": {"body": text}, **more}


def image(number: int, **more: Any) -> Any:
    return {**message(number=number), "type": "image", "image": {"id": str(number)}, **more}


def window(connection: Connection, address: str) -> tuple[str, datetime]:
    """Phone and moment last heard of who stands under an address."""
    here = select(Contact.phone, Contact.heard_at).where(Contact.address == address)
    return tuple(connection.execute(here).one())  # type: ignore[return-value]
