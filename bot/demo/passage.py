"""Time passes in the demonstration: its clock moves on by days, and what the clock does meanwhile is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web import CHANNEL
from bot.channels.web.sessions import Sessions
from bot.clock import Clock, set_to
from bot.turn import Rules
from models import deliveries
from models.database import Database
from models.plan import timetables
from plans.calendar import Calendar

# The clock stops in the morning, when people are written to; by the evening they have read what came.
MORNING, EVENING = time(8, 5), time(16, 55)
TICKS = ("nudges", "summaries")


@dataclass(frozen=True, slots=True)
class Passage:
    """`tick` runs one of the scheduler's ticks at the clock's moment."""

    database: Database
    clock: Clock
    rules: Rules
    sessions: Sessions
    tick: Callable[[str], Awaitable[None]]
    one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def routes(self) -> list[Route]:
        """The address the page's buttons post to."""
        return [Route("/demo/clock/{until}", self.move, methods=["POST"])]

    async def move(self, request: Request) -> Response:
        """Move on to the next business day, or to the month's last one; the new date in words, and the moment."""
        self.sessions.own_page(request)
        find = {"day": _next_day, "month": _month_end}.get(str(request.path_params["until"]))
        if find is None:
            raise HTTPException(404)
        async with self.one:
            plans = await self.database.read(timetables)
            calendar = Calendar(frozenset(day for one in plans for day in one.calendar.local))
            today = self.clock.now().astimezone(self.rules.zone).date()
            until = find(calendar, today)
            while today < until:
                await self._show(today, EVENING)
                await self.database.write(partial(_read, now=self.clock.now()))
                today += timedelta(days=1)
                await self._show(today, MORNING)
                for name in TICKS:
                    await self.tick(name)
        words = self.rules.languages["es"].day(until)
        return JSONResponse({"clock": words, "now": self.clock.now().isoformat()})

    async def _show(self, day: date, clock: time) -> None:
        """The clock shows this moment, unless it is past it."""
        moment = datetime.combine(day, clock, self.rules.zone)
        if moment > self.clock.now():
            self.clock.offset = (await self.database.write(partial(set_to, moment=moment))).offset


def _next_day(calendar: Calendar, today: date) -> date:
    return calendar.next_business_day(today)


def _month_end(calendar: Calendar, today: date) -> date:
    """The last business day of this month, or of the next where that is today or past."""
    last = _last(calendar, today)
    return last if last > today else _last(calendar, calendar.next_business_day(today))


def _last(calendar: Calendar, day: date) -> date:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return calendar.add_business_days(following, -1)


def _read(connection: Connection, now: datetime) -> None:
    """Everybody carries a phone: what was queued for it has been read."""
    for address in deliveries.waiting(connection, CHANNEL):
        ids = [message.id for message in deliveries.pending(connection, CHANNEL, address, 2**62)]
        deliveries.confirm(connection, CHANNEL, address, ids, now)
