"""The way out: a delivery becomes calls, and their results what became of the delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bot import carrying
from bot.channels.telegram import CHANNEL, results
from bot.channels.telegram.client import Client
from bot.channels.telegram.render import Call, calls
from bot.handing import Handing
from models.outbox import Parcel

# Seconds to wait where Telegram did not take a call and does not say when it will.
PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """Sends deliveries to Telegram chats. `moved` keeps the new number of a group that has one.

    drawing  one picture at a time, always in the same thread: each thread would keep the memory of its largest
    """

    client: Client
    draw: Callable[[Mapping[str, Any]], bytes]
    moved: Callable[[str, int], Awaitable[None]]
    name: str = CHANNEL
    drawing: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "drawing"))
    handing: Handing | None = None

    async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: carrying.Turn) -> carrying.Result:
        """Send one delivery; of several parts none is sent twice."""
        chat = int(parcel.address)
        if parcel.picture:
            drawn = asyncio.get_running_loop().run_in_executor(
                self.drawing, calls, parcel, chat, self.draw, self.handing
            )
            if parcel.kind == "answer":  # somebody waits for it
                await self.client.typing(chat, "upload_photo")
            made = await drawn
        else:
            made = calls(parcel, chat, self.draw, self.handing)
        if not made[parcel.parts :]:
            return carrying.Sent("")
        first, *others = made[parcel.parts :]
        result = await self.client.send(first, begun)
        for arrived, call in enumerate(others, parcel.parts + 1):
            if isinstance(result, results.Sent):
                result = await self._one_more(call, turn, arrived)
        if isinstance(result, results.Sent):
            return carrying.Sent(str(result.message_id))
        return await self._said(parcel, result)

    async def _one_more(self, call: Call, turn: carrying.Turn, arrived: int) -> results.Result:
        """A call after the first waits here for as long as it must, because the first must not be repeated."""
        later = None
        while True:
            await turn(later, arrived)
            match result := await self.client.send(call):
                case results.Later(seconds, everybody):
                    later = carrying.Later(seconds, everybody)
                case results.Failed():
                    later = carrying.Later(PAUSE)
                case results.Moved(chat):
                    call.params["chat_id"] = chat
                case _:
                    return result

    async def _said(self, parcel: Parcel, result: results.Result) -> carrying.Result:
        match result:
            case results.Later(seconds, everybody):
                return carrying.Later(seconds, everybody)
            case results.Failed():
                return carrying.Later(PAUSE)
            case results.Gone(reason):
                return carrying.Failed(reason, gone=True)
            case results.Moved(chat):
                await self.moved(parcel.address, chat)
                return carrying.Moved(str(chat))
            case results.Refused(reason):
                return carrying.Failed(reason)
            case results.Unknown(reason):
                return carrying.Unknown(reason)
        raise TypeError(type(result).__name__)
