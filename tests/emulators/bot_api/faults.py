"""What goes wrong on demand, as the Bot API says it."""

from __future__ import annotations

from tests.emulators.shared.faults import (
    DOWNLOAD,
    NONE,
    UPDATE,
    Fault,
    Faults,
    Refusal,
    cut_download,
    duplicated,
    held,
    lost_answer,
    lost_call,
    slow,
)

__all__ = [
    "DOWNLOAD", "NONE", "UPDATE", "ApiError", "Fault", "Faults", "cut_download", "duplicated", "forbidden", "held",
    "lost_answer", "lost_call", "migrated", "server_error", "slow", "too_many",
]  # fmt: skip


class ApiError(Refusal):
    """An answer that is not ok: HTTP status, description, and what the platform says to do about it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def answer(self) -> dict[str, object]:
        """The body of the answer."""
        told = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.status, "description": self.description, **told}


def too_many(retry_after: int = 1) -> Fault:
    """429."""
    return Fault(ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after))


def forbidden(description: str = "Forbidden: bot was blocked by the user") -> Fault:
    """403."""
    return Fault(ApiError(403, description))


def migrated(new_chat_id: int) -> Fault:
    """400: the group is now a supergroup with another id."""
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Fault(ApiError(400, description, migrate_to_chat_id=new_chat_id))


def server_error(status: int = 502) -> Fault:
    """5xx."""
    return Fault(ApiError(status, "Bad Gateway" if status == 502 else "Internal Server Error"))
