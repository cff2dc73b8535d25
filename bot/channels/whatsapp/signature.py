"""Whether a POST is Meta's: signed over its very bytes with the secret of the application."""

from __future__ import annotations

import hmac

HEADER = b"x-hub-signature-256"


def signed(secret: str, body: bytes) -> bytes:
    """What the header holds for these bytes."""
    # Not hmac.digest: it lets go of the interpreter's lock, and the loop then waits for whoever took it.
    return b"sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest().encode()


def genuine(secret: str, body: bytes, given: bytes) -> bool:
    """Whether the header `given` is right, compared in constant time. Nothing is where there is no secret."""
    return bool(secret) and hmac.compare_digest(signed(secret, body), given)
