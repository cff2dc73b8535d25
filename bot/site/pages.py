"""The pages with a chat, and what pages are made of: /demo with three phones, /chat with one, all below /static/."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import Scope

from bot.channels.web.sessions import SLOT, Sessions
from bot.clock import Clock
from bot.turn import Rules
from models.database import Database
from models.overview import overview

HERE = Path(__file__).parent
STATIC = HERE / "static"
INVITATION = re.compile(r"[A-Za-z0-9_-]{1,64}")

PHONES: tuple[dict[str, Any], ...] = (
    {
        "slot": "officer", "title": "Responsable", "subtitle": "Oficina de Prensa",
        "hint": "Cuente qué hizo, o envíe la foto de una vez.", "tries": ("¿Qué debo?", "Reportar"),
    },
    {
        "slot": "coordinator", "title": "Coordinadora", "subtitle": "Sigue todo el plan",
        "hint": "Aquí llega cada avance, y aquí se revisa.", "tries": ("¿Cómo va Prensa?", "Revisar", "Informe"),
    },
    {
        "slot": "citizen", "title": "Ciudadanía", "subtitle": "Cualquier persona",
        "hint": "Pregunte cómo va el plan, o pida avisos.",
        "tries": ("¿Cómo va el plan?", "Avisos de Cumbal", "Eventos"),
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pages:
    """`version` names the static files by their content: under another one nothing old is shown."""

    database: Database
    clock: Clock
    rules: Rules
    sessions: Sessions
    version: str = field(default_factory=lambda: _version(STATIC))
    templates: Jinja2Templates = field(default_factory=lambda: Jinja2Templates(HERE / "templates"))

    def routes(self) -> list[BaseRoute]:
        """The addresses, each with what answers it."""
        return [
            Route("/demo", self.demo),
            Route("/chat", self.chat),
            Mount("/static", _Static(self.version)),
        ]

    async def demo(self, request: Request) -> Response:
        """Three phones side by side."""
        if not self.sessions.secret:
            raise HTTPException(404)
        return await self._page(request, "demo.html", list(PHONES))

    async def chat(self, request: Request) -> Response:
        """One phone. ?start= carries an invitation, which the page sends as its first message."""
        start = request.query_params.get("start", "")
        phone = {
            "slot": SLOT, "title": "Chasqui", "subtitle": "", "hint": "Escriba su mensaje.", "tries": ("Hola", "Ayuda"),
        }  # fmt: skip
        return await self._page(request, "chat.html", [phone], start if INVITATION.fullmatch(start) else "")

    async def _page(self, request: Request, template: str, phones: list[dict[str, Any]], start: str = "") -> Response:
        plan = await self.database.read(overview)
        today = self.clock.now().astimezone(self.rules.zone).date()
        facts = {
            "phones": [{**phone, "subtitle": phone["subtitle"] or plan.entity} for phone in phones],
            "clock": self.rules.languages["es"].day(today),
            "plan": plan,
            "version": self.version,
            "start": start,
        }
        page = self.templates.TemplateResponse(request, template, facts)
        for phone in phones:
            self.sessions.give(request, page, phone["slot"])
        return page


class _Static(StaticFiles):
    """Files asked for under the present version never change; the others are asked about again."""

    def __init__(self, version: str) -> None:
        super().__init__(directory=STATIC)
        self.version = version

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        forever = scope["query_string"] == f"v={self.version}".encode()
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        return response


def _version(folder: Path) -> str:
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
