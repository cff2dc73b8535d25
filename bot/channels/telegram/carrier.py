"""The way out: a delivery becomes calls, and their results what became of the delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import sending
from bot.channels.telegram import CHANNEL, results
from bot.channels.telegram.client import Client
from bot.channels.telegram.render import Call, calls
from models.outbox import Parcel

# Seconds to wait where Telegram did not take a call and does not say when it will.
PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """Sends deliveries to Telegram chats. `moved` keeps the new number of a group that has one."""

    client: Client
    draw: Callable[[Mapping[str, Any]], bytes]
    moved: Callable[[str, int], Awaitable[None]]
    name: str = CHANNEL

    async def carry(self, parcel: Parcel, begun: Callable[[], None]) -> sending.Result:
        """Send one delivery; of several parts none is sent twice."""
        chat = int(parcel.address)
        rendered = asyncio.to_thread(calls, parcel, chat, self.draw) if parcel.picture else None
        number = 0
        for index, call in enumerate(await rendered if rendered else calls(parcel, chat, self.draw)):
            result = await self._call(call, begun, first=index == 0)
            if isinstance(result, results.Sent):
                number = result.message_id
                continue
            return await self._said(parcel, result)
        return sending.Sent(str(number))

    async def _call(self, call: Call, begun: Callable[[], None], first: bool) -> results.Result:
        """One call; those after the first wait here for their turn, because the first must not be repeated."""
        while True:
            result = await self.client.send(call, begun)
            if first or not isinstance(result, results.Later | results.Failed):
                return result
            await asyncio.sleep(result.seconds if isinstance(result, results.Later) else PAUSE)

    async def _said(self, parcel: Parcel, result: results.Result) -> sending.Result:
        match result:
            case results.Later(seconds, everybody):
                return sending.Later(seconds, everybody)
            case results.Failed():
                return sending.Later(PAUSE)
            case results.Gone(reason):
                return sending.Failed(reason, gone=True)
            case results.Moved(chat):
                await self.moved(parcel.address, chat)
                return sending.Moved(str(chat))
            case results.Refused(reason):
                return sending.Failed(reason)
            case results.Unknown(reason):
                return sending.Unknown(reason)
        raise TypeError(type(result).__name__)
