"""The whole web application, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Protocol

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
from bot.guard import Guard, trace
from bot.handing import Handing
from bot.settings import Settings
from bot.site.pages import Pages
from bot.site.public import Public
from bot.turn import Rules, rendered
from conversation.messages import Reply
from models import hand_outs, installation
from models.database import Database
from models.vault import Vault
from scheduler.hand_outs import Maker
from scheduler.ticks import Ticks


class Platform(Protocol):
    """A channel beside the site's own."""

    def doors(self) -> Mapping[str, ASGIApp]:
        """What others post to, by its path."""
        ...

    async def start(self) -> None:
        """Take and send from here on."""
        ...

    async def stop(self) -> None:
        """Finish what is under way."""
        ...

    def told(self, pairs: set[tuple[str, str]]) -> None:
        """These (channel, address) pairs have something new to read."""
        ...


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
        installation.put(connection, installation.SITE, settings.address)
    vault = Vault(settings.evidence_dir)
    vault.prepare()
    rules = Rules(settings.timezone, locales.load())
    handing = Handing(hand_outs.beside(vault), settings.address, rules)
    sessions = Sessions(secret if demo else "", settings.address)
    streams = Streams(database)
    readers: list[Callable[[set[tuple[str, str]]], None]] = [streams.told]

    def tell(pairs: set[tuple[str, str]]) -> None:
        for told in readers:
            told(pairs)

    platforms: list[Platform] = []
    channel = WebChannel(
        database, vault, clock, rules, sessions, streams, tell, install, settings.max_file_mb, handing.vault
    )  # fmt: skip
    pages = Pages(database, clock, rules, sessions)
    public = Public(database, vault, clock, rules, settings.address, pages.version, demo)
    if settings.telegram_token.get_secret_value():
        # The library behind it is slow to load: only who uses Telegram waits for it.
        from bot.channels.telegram.channel import TelegramChannel

        platforms.append(TelegramChannel(settings, database, vault, clock, rules, tell, secret, handing))
    if settings.whatsapp_token.get_secret_value():
        from bot.channels.whatsapp.channel import WhatsAppChannel

        platforms.append(WhatsAppChannel(settings, database, vault, clock, rules, tell, handing))
    readers += [platform.told for platform in platforms]

    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, rules)

    ticks = Ticks(database, vault, settings.timezone, clock.now, Clock().now, render, tell)

    maker = Maker(database, vault, handing.vault, settings.timezone, clock.now, render, tell)
    readers.append(maker.told)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ticks.start()
        maker.start()
        for platform in platforms:
            await platform.start()
        try:
            yield
        finally:
            ticks.stop()
            streams.close()
            public.close()
            await asyncio.gather(maker.stop(), *(platform.stop() for platform in platforms))
            await asyncio.to_thread(database.close)

    routes = [*public.routes(), *pages.routes(), *channel.routes(), Route("/healthz", partial(_health, database))]
    if demo:
        routes += Passage(database, clock, rules, sessions, ticks.run).routes()
    app = Site(
        routes=routes,
        middleware=[Middleware(Guard)], exception_handlers={HTTPException: public.refused}, lifespan=lifespan,
    )  # fmt: skip
    app.state.streams = streams
    app.doors = {path: door for platform in platforms for path, door in platform.doors().items()}
    return app


async def _health(database: Database, _request: Request) -> Response:
    """Whether the database answers."""
    try:
        await database.read(installation.install_id)
    except Exception as error:  # noqa: BLE001 – whatever is wrong with it, the answer is no
        trace(error)
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})
