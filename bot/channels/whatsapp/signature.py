"""Whether a POST is Meta's: signed over its very bytes with the secret of the application."""

from __future__ import annotations

import hmac
from functools import lru_cache

HEADER = b"x-hub-signature-256"


def signed(secret: str, body: bytes) -> bytes:
    """What the header holds for these bytes."""
    keyed = _keyed(secret).copy()
    # Not hmac.digest: it lets go of the interpreter's lock, and the loop then waits for whoever took it.
    keyed.update(body)
    return b"sha256=" + keyed.hexdigest().encode()


@lru_cache(1)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod="sha256")


def genuine(secret: str, body: bytes, given: bytes) -> bool:
    """Whether the header `given` is right, compared in constant time. Nothing is where there is no secret."""
    return bool(secret) and hmac.compare_digest(signed(secret, body), given)
