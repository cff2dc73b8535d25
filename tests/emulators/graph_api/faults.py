"""What goes wrong on demand, as the Cloud API says it.

Calls are "messages", "read", "upload", "media", "templates", "phone" and "subscribe".
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulators.graph_api.errors import GraphError
from tests.emulators.shared.faults import (
    DOWNLOAD,
    MESSAGE,
    NONE,
    STATUS,
    Fault,
    Faults,
    cut_download,
    duplicated,
    held,
    lost_answer,
    lost_call,
    slow,
)

__all__ = [
    "DOWNLOAD", "MESSAGE", "NONE", "STATUS", "Failed", "Fault", "Faults", "bad_token", "cut_download", "duplicated",
    "expired", "failed", "held", "lost_answer", "lost_call", "not_on_whatsapp", "opted_out", "pair_limited", "refused",
    "server_error", "slow", "template_missing", "template_paused", "too_many", "window_closed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failed(Fault):
    """The message is accepted, then its only status is failed."""

    later: GraphError | None = None


def refused(code: int, details: str = "", status: int = 0) -> Fault:
    """An error in the answer; the HTTP status is the usual one of the code."""
    return Fault(error=GraphError(code, details, status=status))


def failed(code: int, details: str = "") -> Failed:
    """The message is accepted; its only status is failed."""
    return Failed(later=GraphError(code, details))


def too_many() -> Fault:
    """130429: the number sends too much."""
    return refused(130429)


def pair_limited() -> Fault:
    """131056: too much to one person."""
    return refused(131056)


def window_closed() -> Fault:
    """131047: the person has not written for 24 hours."""
    return refused(131047)


def not_on_whatsapp() -> Fault:
    """131026: the number is not on WhatsApp, or cannot take the message."""
    return refused(131026)


def opted_out() -> Fault:
    """131050: the person wants no marketing."""
    return refused(131050)


def template_missing() -> Fault:
    """132001: there is no such template in that language."""
    return refused(132001)


def template_paused() -> Fault:
    """132015: too many people complained."""
    return refused(132015)


def bad_token() -> Fault:
    """190: the token is no longer good."""
    return refused(190)


def server_error(status: int = 500) -> Fault:
    """131000, or 2 where the platform is overloaded (503)."""
    return refused(2 if status == 503 else 131000, status=status)


def expired() -> Fault:
    """A download, or the question for its address, finds nothing any more."""
    return refused(131052)
