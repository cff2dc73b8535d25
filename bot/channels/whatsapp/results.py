"""What became of a message: whether it was accepted, whether it may be repeated, and how. By the error's code, as an
answer or a failed status tells it; the HTTP status says little.

Codes: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (May 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.bodies import told

LONGEST_REASON = 200
# Seconds: until the number may send again after it sent too much in one second.
PAUSE = 2.0
# The whole account is stopped until somebody mends it: the token, a right, the payment, the registration.
HALTED = frozenset({0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010, *range(200, 300)})
TOO_MUCH = frozenset({4, 613, 80007, 130429})
# The platform's own trouble, a number that is being looked after, and one that many people complained about.
PASSING = frozenset({1, 2, 131000, 131016, 131048, 131057, 133004})
# Nobody is reached there: not on WhatsApp, or with a version too old.
NOBODY = frozenset({131026})
# The person has to be reached in another way than by a template: an experiment, too much marketing, none wanted.
UNWANTED = frozenset({130472, 131049, 131050})
PAIR, WINDOW = 131056, 131047
# What codes about templates begin with; an id of the phone that is none, with its subcode.
TEMPLATE, NO_SUCH_PHONE = 132, (100, 33)


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted. `id` is the platform's number of the message, "" for calls that make none."""

    id: str


@dataclass(frozen=True, slots=True)
class Later:
    """The number sent too much: everybody waits for PAUSE."""

    reason: str


@dataclass(frozen=True, slots=True)
class Paired:
    """Too much was sent to this person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The person has not written for 24 hours: only a template may go there."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoTemplate:
    """It cannot go as this template. `status`: what is wrong with the template, "" where only this person or this
    message is the matter."""

    reason: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody can be written to there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halted:
    """Nothing can be sent until who looks after the account mends it."""

    reason: str


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
    """It may have been accepted: repeating it could say it twice. Its status may tell."""

    reason: str


Problem = Later | Paired | Closed | NoTemplate | Gone | Halted | Refused | Failed
Result = Sent | Problem | Unknown

# What is wrong with a template, as its row says it: not there in this language, not of this form, stopped.
TEMPLATES = {132000: "MISMATCH", 132001: "MISSING", 132012: "MISMATCH", 132015: "PAUSED", 132016: "DISABLED",
             132018: "MISMATCH"}  # fmt: skip


def result(status: int, payload: bytes) -> Result:
    """What an answer says of a call."""
    answer = told(payload)
    error = answer.get("error")
    # A gateway that gave up waiting: what lies behind it may have accepted.
    if status == 504:
        return Unknown(f"HTTP {status}")
    if isinstance(error, dict):
        return problem(error, status)
    if status < 300:
        made = answer.get("messages")
        if isinstance(made, list) and made and isinstance(made[0], dict) and made[0].get("id"):
            return Sent(str(made[0]["id"]))
        return Sent("") if answer.get("success") else Unknown(f"HTTP {status}")
    # Not a word of the platform's: something between, or another address.
    return Halted(f"HTTP {status}") if status in (401, 403, 404) else _by_status(status, f"HTTP {status}")


def problem(error: Mapping[str, Any], status: int = 400) -> Problem:
    """What an error means, as an answer or a failed status holds it.

    Codes that are not known here count by the HTTP status of the answer.
    """
    given, details = error.get("code"), error.get("error_data")
    code = given if isinstance(given, int) else -1
    said = details.get("details") if isinstance(details, dict) else None
    reason = f"{given}: {said or error.get('message') or error.get('title')}"[:LONGEST_REASON]
    if code in HALTED or (code, error.get("error_subcode")) == NO_SUCH_PHONE:
        return Halted(reason)
    if code in TOO_MUCH:
        return Later(reason)
    if code == PAIR:
        return Paired(reason)
    if code == WINDOW:
        return Closed(reason)
    if code in UNWANTED or code // 1000 == TEMPLATE:
        return NoTemplate(reason, TEMPLATES.get(code, ""))
    if code in NOBODY:
        return Gone(reason)
    return Failed(reason) if code in PASSING else _by_status(status, reason)


def _by_status(status: int, reason: str) -> Problem:
    if status == 429:
        return Later(reason)
    return Refused(reason) if 400 <= status < 500 else Failed(reason)
