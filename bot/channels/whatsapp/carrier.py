"""The way out: a delivery becomes calls, and their results what became of the delivery."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot import carrying
from bot.channels.bodies import File, Stored
from bot.channels.whatsapp import CHANNEL, number, results
from bot.channels.whatsapp.client import Client, NotDone
from bot.channels.whatsapp.pairs import Pairs
from bot.channels.whatsapp.render import Call, calls
from bot.channels.whatsapp.routing import Router, elsewhere
from bot.channels.whatsapp.statuses import HALTED
from bot.channels.whatsapp.templates import template_call
from bot.handing import Handing
from models import templates
from models.outbox import Parcel

log = logging.getLogger(__name__)

# Seconds to wait where a call was not accepted for a passing reason, and where somebody has to mend something first.
PAUSE, MENDED = 1.0, 60.0
# Pictures whose uploads are remembered: a summary goes to many people.
PICTURES = 64


@dataclass(frozen=True, slots=True)
class Carrier:
    """Sends deliveries to WhatsApp.

    router   who may be written to, and how else: `look` is its word on what was claimed
    drawing  one picture at a time, always in the same thread: each thread would keep the memory of its largest
    """

    client: Client
    router: Router
    draw: Callable[[Mapping[str, Any]], bytes]
    now: Callable[[], datetime]
    name: str = CHANNEL
    pairs: Pairs = field(default_factory=Pairs)
    uploads: dict[bytes, str] = field(default_factory=dict)
    drawing: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "drawing"))
    handing: Handing | None = None

    def look(self, connection: Connection, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
        """Those of the claimed that leave, each with whom to send it to."""
        return self.router.look(connection, parcels, now)

    async def carry(self, parcel: Parcel, begun: Callable[[], None], turn: carrying.Turn) -> carrying.Result:
        """Send one delivery; of several parts none is sent twice."""
        at = self.now()
        try:
            made = await self._calls(parcel)
        except NotDone as error:  # its picture: nothing of the message has left
            found = error.found if not isinstance(error.found, results.Unknown) else results.Failed(error.found.reason)
            return self._said(parcel, found, at)
        came = 0 if parcel.template else parcel.parts
        if not made[came:]:
            return carrying.Sent("")
        if wait := self.pairs.wait(parcel.address):
            await turn(carrying.Later(wait), 0)
        first, *others = made[came:]
        result = await self._send(parcel, first, begun)
        for arrived, call in enumerate(others, came + 1):
            if isinstance(result, results.Sent):
                result = await self._one_more(parcel, call, turn, arrived)
        return self._said(parcel, result, at)

    async def _calls(self, parcel: Parcel) -> Sequence[Call]:
        reader = parcel.to or parcel.address
        to = {"to": reader} if reader.isdecimal() else {"recipient": reader}
        if parcel.template:
            return [template_call(parcel, to, self.router.wording(parcel.template, parcel.language))]
        asked = (parcel, to, self.draw, self.router.rules.language(parcel.language), self.handing)
        if not parcel.picture and not parcel.document:
            return calls(*asked)
        made = await asyncio.get_running_loop().run_in_executor(self.drawing, calls, *asked)
        for call in made:
            if call.media and call.image is not None:
                call.image["id"] = await self._uploaded(call.media)
        return made

    async def _uploaded(self, file: File | Stored) -> str:
        """The id of a picture or document, which is the same for everybody it goes to."""
        digest = hashlib.sha256(file.content).digest() if isinstance(file, File) else bytes.fromhex(file.path.name)
        if digest not in self.uploads:
            self.uploads[digest] = await self.client.upload(file)
            if len(self.uploads) > PICTURES:
                del self.uploads[next(iter(self.uploads))]
        return self.uploads[digest]

    async def _send(self, parcel: Parcel, call: Call, begun: Callable[[], None] | None = None) -> results.Result:
        self.pairs.left(parcel.address)
        result = await self.client.send(call.body, begun)
        if isinstance(result, results.Sent):
            self.pairs.taken(parcel.address)
        return result

    async def _one_more(self, parcel: Parcel, call: Call, turn: carrying.Turn, arrived: int) -> results.Result:
        """A call after the first waits here for as long as it must, because the first must not be repeated."""
        later: carrying.Later | None = None
        while True:
            wait = self.pairs.wait(parcel.address)
            if wait > (later.seconds if later else 0):
                later = carrying.Later(wait)
            await turn(later, arrived)
            result = await self._send(parcel, call)
            later = self._later(parcel, result)
            if later is None:
                return result

    def _later(self, parcel: Parcel, result: results.Result) -> carrying.Later | None:
        """How long to wait where the same call may be accepted then; None where that is not the matter."""
        match result:
            case results.Later():
                return carrying.Later(results.PAUSE, everybody=True)
            case results.Paired():
                return carrying.Later(self.pairs.refused(parcel.address))
            case results.Halted(reason):
                log.error(HALTED, reason)
                return carrying.Later(MENDED, everybody=True)
            case results.Failed():
                return carrying.Later(PAUSE)
        return None

    def _said(self, parcel: Parcel, result: results.Result, at: datetime) -> carrying.Result:
        if isinstance(result, results.Sent):
            return carrying.Sent(number(result.id))
        if later := self._later(parcel, result):
            return later
        match result:
            case results.Unknown(reason):
                return carrying.Unknown(reason)
            case results.Gone(reason):
                return carrying.Failed(reason, gone=True)
            case results.Closed(reason):
                return carrying.Back(reason, partial(self.router.closed, parcel=parcel, reason=reason, at=at))
            case results.NoTemplate(reason, status) if parcel.template and status:
                mark = partial(templates.mark, name=parcel.template, language=parcel.language, status=status, now=at)
                return carrying.Back(reason, mark)
            case results.NoTemplate(reason) if parcel.template:
                nowhere, rules = {parcel.id: parcel.person_id}, self.router.rules
                return carrying.Back(reason, partial(elsewhere, nowhere=nowhere, reason=reason, now=at, rules=rules))
            case results.NoTemplate(reason) | results.Refused(reason):
                return carrying.Failed(reason)
        raise TypeError(type(result).__name__)
