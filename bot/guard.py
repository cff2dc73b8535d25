"""Around every request: the headers that protect the page, and no exception without a trace or with personal data."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), microphone=(self), camera=(self)",
}
# What is said where nobody said it better.
SENTENCES = {
    404: "Esa página no existe.",
    405: "Esa página no recibe eso.",
    413: "Lo que envió es muy grande.",
    422: "Lo que envió llegó dañado.",
}
FAILED = "Algo falló de nuestro lado. Su mensaje se enviará otra vez."

log = logging.getLogger(__name__)


class Guard:
    """ASGI middleware; the outermost, so that nothing leaves without it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                # A page that needs less than others says so itself.
                for name, value in {**HEADERS, "Cache-Control": "no-store"}.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, guarded)
        except ClientDisconnect:
            log.info("a request ended before it was whole")
        except Exception as error:  # noqa: BLE001 – the last place where it can be kept from people and logs
            trace(error)
            if not started:
                await JSONResponse({"error": FAILED}, 500)(scope, receive, guarded)


def trace(error: Exception) -> None:
    """Log where an exception came from under a number of its own, but not what it says: that may be people's words."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s\n%s", secrets.token_hex(4), type(error).__name__, where)


async def refused(_request: Request, error: Exception) -> Response:
    """An HTTPException as JSON with a sentence for the person."""
    assert isinstance(error, HTTPException)
    said = error.detail
    if said == HTTPStatus(error.status_code).phrase:
        said = SENTENCES.get(error.status_code, "Eso no se pudo hacer.")
    return JSONResponse({"error": said}, error.status_code, error.headers)
