"""What became of a call: whether it arrived, whether it may be repeated, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.channels.bodies import told

# Seconds to wait where a 429 does not say how long.
PAUSE = 5
LONGEST_REASON = 200
# Parts of the 400s that say nobody can be written to there, in lower case.
NOBODY = (
    "chat not found", "user not found", "peer_id_invalid", "deactivated", "chat_write_forbidden", "not enough rights",
    "have no rights", "bot was kicked", "bot is not a member", "chat_restricted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted. `message_id`: the message's number in its chat, 0 for calls that make none."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Refused for now: too many. `everybody` must wait, or only this chat: groups have a limit of their own."""

    seconds: float
    everybody: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody can be written to there any more: blocked, deactivated, left."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has another number now."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Never accepted as it is: repeating it changes nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Certainly not accepted: safe to repeat."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been accepted: repeating it could say it twice."""

    reason: str


Result = Sent | Later | Gone | Moved | Refused | Failed | Unknown


def result(status: int, payload: bytes, chat_id: int) -> Result:
    """What an answer says of a call for a chat; `chat_id` is 0 for calls that have none."""
    answer = told(payload)
    if status == 200 and answer.get("ok"):
        made = answer.get("result")
        return Sent(made.get("message_id", 0) if isinstance(made, dict) else 0)
    more: dict[str, Any] = answer.get("parameters") or {}
    reason = str(answer.get("description") or f"HTTP {status}")[:LONGEST_REASON]
    if moved := more.get("migrate_to_chat_id"):
        return Moved(int(moved))
    if status == 429:
        return Later(float(more.get("retry_after") or PAUSE), everybody=chat_id >= 0)
    return _class_of(status, reason)(reason)


def _class_of(status: int, reason: str) -> type[Gone | Refused | Failed | Unknown]:
    if status == 403 or (status == 400 and any(part in reason.lower() for part in NOBODY)):
        return Gone
    # A gateway that gave up waiting, or an answer that cannot be read: what lies behind it may have accepted.
    if status < 300 or status == 504:
        return Unknown
    # A token that is not accepted (401, 404) is the operator's to mend, and the message keeps.
    return Refused if 400 <= status < 500 and status not in (401, 404) else Failed
