"""Who is behind a request: one cookie for each phone on a page, and the address that stands for it.

The cookie is a token of 32 random bytes; the address is its SHA-256, so that who reads the database cannot speak for
anybody. In a demonstration the three phones get tokens derived from the database's secret: every browser that opens
the page holds the same phones.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

SLOT = "me"
DEMO_SLOTS = ("officer", "coordinator", "citizen")
YEAR = 365 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Sessions:
    """`secret`: the database's, in a demonstration; "" elsewhere. `public_url`: the settings' address."""

    secret: str
    public_url: str

    def phone(self, request: Request) -> tuple[str, str]:
        """The slot the request's path names, and the address it speaks for. Raises 404 and 401."""
        slot = str(request.path_params["slot"])
        if slot != SLOT and not (self.secret and slot in DEMO_SLOTS):
            raise HTTPException(404)
        token = request.cookies.get(_cookie(slot), "")
        right = TOKEN.fullmatch(token) if slot == SLOT else hmac.compare_digest(token.encode(), self._demo(slot))
        if not right:
            raise HTTPException(401, "Esta sesión terminó. Recargue la página.")
        return slot, address_of(token)

    def give(self, request: Request, response: Response, slot: str) -> None:
        """Have the browser keep the phone it has, or a new one."""
        token = request.cookies.get(_cookie(slot), "")
        if slot in DEMO_SLOTS:
            token = self._demo(slot).decode()
        elif not TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(32)
        # Lax, not strict: an invitation is opened from a mail or another chat, and a strict cookie would stay behind
        # then, so that the page would give a new phone to somebody who has one. What writes is guarded by `own_page`.
        secure = self.public_url.startswith("https:")
        response.set_cookie(
            _cookie(slot), token, max_age=YEAR, path="/chat", httponly=True, samesite="lax", secure=secure
        )

    def own_page(self, request: Request) -> None:
        """Let only our own pages write: another site's page, open in the same browser, must not. Raises 403."""
        origin = request.headers.get("origin")
        if origin is None:
            ours = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        else:
            ours = origin == self.public_url or origin.partition("://")[2] == request.headers.get("host")
        if not ours:
            raise HTTPException(403, "Este mensaje llegó desde otra página. Abra el chat de Chasqui.")

    def _demo(self, slot: str) -> bytes:
        return demo_token(self.secret, slot).encode()


def demo_token(secret: str, slot: str) -> str:
    """The token of a demonstration's phone, the same for every browser."""
    digest = hmac.digest(bytes.fromhex(secret), slot.encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def address_of(token: str) -> str:
    """The address under which the database knows a token: 64 hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def _cookie(slot: str) -> str:
    return f"chasqui-{slot}"
