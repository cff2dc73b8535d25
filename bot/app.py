"""The whole web application, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import locales
from bot.channels.web.routes import WebChannel
from bot.channels.web.sessions import Sessions
from bot.channels.web.streams import Streams
from bot.clock import Clock
from bot.demo.passage import Passage
from bot.guard import Guard, refused, trace
from bot.settings import Settings
from bot.site.pages import Pages
from bot.turn import Rules, rendered
from conversation.messages import Reply
from models import installation
from models.database import Database
from models.vault import Vault
from scheduler.ticks import Ticks


class Site(Starlette):
    """The application; `doors` are paths that need nothing of what pages need, and skip all of it."""

    doors: Mapping[str, ASGIApp] = MappingProxyType({})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door = self.doors.get(scope["path"]) if scope["type"] == "http" else None
        await (door(scope, receive, send) if door else super().__call__(scope, receive, send))


def build(settings: Settings, database: Database, clock: Clock, demo: bool = False) -> Starlette:
    """The application over a migrated database, which it closes when it stops.

    `demo` shows the three phones to everyone who opens the page; `app.state.streams` ends them with `close`.
    """
    with database.begin() as connection:
        install, secret = installation.install_id(connection), installation.secret(connection)
    vault = Vault(settings.evidence_dir)
    vault.prepare()
    rules = Rules(settings.timezone, locales.load())
    sessions = Sessions(secret if demo else "", settings.address)
    streams = Streams(database)
    readers: list[Callable[[set[tuple[str, str]]], None]] = [streams.told]

    def tell(pairs: set[tuple[str, str]]) -> None:
        for told in readers:
            told(pairs)

    telegram = None
    channel = WebChannel(database, vault, clock, rules, sessions, streams, tell, install, settings.max_file_mb)
    pages = Pages(database, clock, rules, sessions)
    if settings.telegram_token.get_secret_value():
        # The library behind it is slow to load: only who uses Telegram waits for it.
        from bot.channels.telegram.channel import TelegramChannel

        telegram = TelegramChannel(settings, database, vault, clock, rules, tell, secret)
        readers.append(telegram.told)

    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, rules)

    ticks = Ticks(database, vault, settings.timezone, clock.now, Clock().now, render, tell)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ticks.start()
        if telegram:
            await telegram.start()
        try:
            yield
        finally:
            ticks.stop()
            streams.close()
            if telegram:
                await telegram.stop()
            await asyncio.to_thread(database.close)

    routes = [*pages.routes(), *channel.routes(), Route("/healthz", partial(_health, database))]
    if demo:
        routes += Passage(database, clock, rules, sessions, ticks.run).routes()
    app = Site(
        routes=routes,
        middleware=[Middleware(Guard)], exception_handlers={HTTPException: refused}, lifespan=lifespan,
    )  # fmt: skip
    app.state.streams = streams
    app.doors = telegram.doors() if telegram else {}
    return app


async def _health(database: Database, _request: Request) -> Response:
    """Whether the database answers."""
    try:
        await database.read(installation.install_id)
    except Exception as error:  # noqa: BLE001 – whatever is wrong with it, the answer is no
        trace(error)
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})
