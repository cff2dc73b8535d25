"""The public space of the plan: pages, feeds and open data in Spanish, pages below /en in English. No cookies.

What is sent is made in a reader's thread from one connection, and kept while nothing changed (bot.site.shelf).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.guard import refused
from bot.site.asked import Asked, Page, View
from bot.site.paths import FILES, PAGES, File
from bot.site.shelf import Pulse, Ready, Shelf, answer, ready
from bot.site.views.dialogue import where
from bot.site.words import LANGUAGES, Words
from bot.turn import Rules
from conversation.understanding import best
from documents import public_edition
from handlers.citizen.event_card import map_link
from handlers.places_asked import phrases
from models import public, public_evidence
from models.database import Database
from models.vault import Vault
from plans.dialogue import catalogue
from plans.places import municipalities

TEMPLATES = Path(__file__).parent / "templates" / "public"
# Seconds: after which it is asked whether something changed; for which a page is sent whatever changed, and at most,
# also where nothing seems to have changed; for which a browser need not ask. What is read is never a minute old.
LOOK, REST, LIFE, FRESH = 2.0, 10.0, 35.0, 15
# Photos are named by their content and do not change; how many bytes of them, and of pages, are kept.
PHOTO_LIFE, ROOM = 3600.0, 12_000_000
HEADERS = {
    "Cache-Control": f"public, max-age={FRESH}",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}
# A photo is asked about every time it is shown.
PHOTO_HEADERS = {**HEADERS, "Cache-Control": "public, no-cache"}
LONGEST_NAME = 80


def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    found.globals |= {"kinds": catalogue().kinds, "where": where, "map_link": map_link}
    return found


@dataclass(frozen=True, slots=True)
class Public:
    """`base`: the site's address; `version`: of its static files; `demo`: whether there are phones to try."""

    database: Database
    vault: Vault
    clock: Clock
    rules: Rules
    base: str
    version: str
    demo: bool
    pulse: Pulse = field(init=False)
    pages: Shelf = field(default_factory=lambda: Shelf(REST, LIFE, ROOM))
    photos: Shelf = field(default_factory=lambda: Shelf(PHOTO_LIFE, PHOTO_LIFE, ROOM))
    templates: Environment = field(default_factory=_templates)
    heavy: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    def __post_init__(self) -> None:
        object.__setattr__(self, "pulse", Pulse(partial(self.database.read, _look), LOOK))

    def routes(self) -> list[BaseRoute]:
        """The addresses, each with what answers it."""
        found: list[BaseRoute] = [
            Route(path, partial(self.file, path), name=path) for path in FILES
        ]  # before the pages: "/evento/E0001.ics" is no key
        for code in LANGUAGES:
            before = "" if code == "es" else f"/{code}"
            found += [
                Route(before + path if path != "/" else before or "/", partial(self.page, path, code)) for path in PAGES
            ]
            found.append(Route(f"{before}/municipio", partial(self.municipality, code)))
        found.append(Route("/foto/{number:int}.jpg", partial(self.photo, public_edition.WHOLE)))
        found.append(Route("/foto/m/{number:int}.jpg", partial(self.photo, public_edition.SMALL)))
        return found

    def close(self) -> None:
        """Make nothing more: the server stops."""
        self.pages.close()
        self.photos.close()

    async def page(self, path: str, code: str, request: Request) -> Response:
        """A page in a language."""
        of = request.path_params
        made = await self._kept(
            (path, code, *of.values()), partial(self._page, PAGES[path], code, of, request.url.path)
        )
        if made is None and path == "/":
            return RedirectResponse("/demo" if self.demo else "/chat", 307, {"Cache-Control": "no-store"})
        return answer(request, made, HEADERS) if made else await self.missing(code, request)

    async def file(self, path: str, request: Request) -> Response:
        """A file, the same in every language."""
        of = request.path_params
        made = await self._kept((path, *of.values()), partial(self._file, FILES[path], of, request.url.path))
        if made is None:
            raise HTTPException(404)
        # Open data may be read by other sites' pages.
        return answer(request, made, {**HEADERS, "Access-Control-Allow-Origin": "*"})

    async def photo(self, longest: int, request: Request) -> Response:
        """The public edition of a photo. Whether it is public is asked every time: one held back is gone at once."""
        number = min(request.path_params["number"], 2**62)
        sha256 = await self.database.read(partial(public_evidence.photo, evidence_id=number))
        if sha256 is None:
            raise HTTPException(404)

        async def make() -> Ready | None:
            try:
                made = partial(public_edition.photo, self.vault.path(sha256), longest)
                return ready(await to_thread.run_sync(made, limiter=self.heavy), "image/jpeg")
            except (OSError, ValueError):  # not in the vault, or nothing that can be drawn
                return None

        made = await self.photos.get((sha256, longest), None, make)
        if made is None:
            raise HTTPException(404)
        return answer(request, made, PHOTO_HEADERS)

    async def municipality(self, code: str, request: Request) -> Response:
        """The page of the municipality somebody typed the name of."""
        typed = request.query_params.get("nombre", "")[:LONGEST_NAME]
        found = best(typed, {place.code: phrases(place) for place in municipalities()})
        before = "" if code == "es" else f"/{code}"
        path = f"/municipio/{found[0]}" if len(found) == 1 else "/municipios#varios" if found else "/municipios#ninguno"
        return RedirectResponse(before + path, 303, HEADERS)

    async def missing(self, code: str, request: Request) -> Response:
        """The page that says there is none."""
        made = await self._kept(("missing", code), partial(self._page, _missing, code, {}, "/"))
        if made is None:
            raise HTTPException(404)
        return answer(request, Ready(made.body, made.squeezed, made.etag, made.kind, 404), HEADERS)

    async def refused(self, request: Request, error: Exception) -> Response:
        """An HTTPException: a page for whoever reads pages, else JSON."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
            try:
                return await self.missing("en" if request.url.path.startswith("/en/") else "es", request)
            except HTTPException:
                pass
        return await refused(request, error)

    async def _kept(self, key: Any, make: Any) -> Ready | None:
        today = self.clock.now().astimezone(self.rules.zone).date()
        stamp, outline = await self.pulse.beat()
        if outline is None:
            return None

        async def made() -> Ready | None:
            return await self.database.read(partial(make, stamp, outline, today))

        # What is kept from the public is not sent once more while the page without it is made.
        return await self.pages.get((stamp.withheld, key), (stamp, today), made)

    def _asked(
        self, connection: Connection, outline: public.Outline, code: str, today: date, of: Mapping[str, Any]
    ) -> Asked:  # fmt: skip
        words = Words(code, self.rules.language(code), self.rules.zone)
        return Asked(connection, outline, words, today, self.base, of)

    def _page(
        self, view: View, code: str, of: Mapping[str, Any], path: str, stamp: public.Stamp, outline: public.Outline,
        today: date, connection: Connection,
    ) -> Ready | None:  # fmt: skip
        asked = self._asked(connection, outline, code, today, of)
        page = view(asked)
        if page is None:
            return None
        plain = path.removeprefix("/en") if code == "en" else path
        html = self.templates.get_template(page.template).render(
            **page.facts, page=page, asked=asked, t=asked.words, plan=outline.plan, url=asked.url, today=today,
            stamp=stamp, version=self.version, demo=self.demo, plain=plain or "/", es=partial(_spanish, code),
        )  # fmt: skip
        return ready(html.encode(), "text/html; charset=utf-8")

    def _file(
        self, file: File, of: Mapping[str, Any], path: str, _stamp: public.Stamp, outline: public.Outline, today: date,
        connection: Connection,
    ) -> Ready | None:  # fmt: skip
        body = file.make(self._asked(connection, outline, "es", today, of))
        kind = f"{file.kind}; charset=utf-8" if file.kind.startswith("text/") else file.kind
        return None if body is None else ready(body, kind, name=path.rpartition("/")[2] if file.saved else "")


def _look(connection: Connection) -> tuple[public.Stamp, public.Outline | None]:
    """What every page needs, and by what it is known whether anything changed."""
    return public.stamp(connection), public.outline(connection)


def _missing(asked: Asked) -> Page:
    return Page("missing.html", asked.words("missing.title"), asked.words("missing.title"))


def _spanish(code: str, text: object) -> Markup:
    """What is only said in Spanish, marked as such on a page in another language."""
    return escape(text) if code == "es" else Markup('<span lang="es">{}</span>').format(text)
