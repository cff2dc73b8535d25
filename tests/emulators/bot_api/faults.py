"""What goes wrong on demand: which call, how often, and what happens then."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

DOWNLOAD, UPDATE = "download", "update"  # what a fault may hit besides the methods of the Bot API


class ApiError(Exception):
    """An answer that is not ok: HTTP status, description, and what the platform says to do about it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def answer(self) -> dict[str, object]:
        """The body of the answer."""
        told = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.status, "description": self.description, **told}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call, a download or an update; made by the functions below."""

    error: ApiError | None = None  # answered, and nothing is carried out
    delay: float = 0.0  # seconds: an answer comes late, a download takes long, an update is held back
    cut: float | None = None  # the connection ends: 0 before anything, 1 after all of it; a download after this share
    twice: bool = False  # an update comes again


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


def lost_call() -> Fault:
    """The connection is cut, and nothing was carried out."""
    return Fault(cut=0.0)


def lost_answer() -> Fault:
    """The call is carried out, then the connection is cut."""
    return Fault(cut=1.0)


def slow(seconds: float) -> Fault:
    """A call is carried out and answered that much later; a download takes that long."""
    return Fault(delay=seconds)


def cut_download(share: float = 0.5) -> Fault:
    """A download ends after that share of its bytes; or a webhook's update once, before it is posted whole."""
    return Fault(cut=share)


def duplicated() -> Fault:
    """An update is delivered twice, with one id."""
    return Fault(twice=True)


def held(seconds: float) -> Fault:
    """A webhook update, and what follows it in its chat, waits; other chats overtake it.

    A long poll always comes in the order of its ids, as from the platform.
    """
    return Fault(delay=seconds)


@dataclass(slots=True, eq=False)
class Rule:
    """When a fault happens; `hits` counts how often it did."""

    fault: Fault
    method: str | None
    chat: int | None
    times: int | None
    probability: float
    dice: random.Random
    hits: int = 0

    def applies(self, method: str, chat: int | None) -> bool:
        """Whether this call is hit."""
        wanted = method not in (DOWNLOAD, UPDATE) if self.method is None else self.method == method
        if not wanted or self.chat not in (None, chat) or self.hits == self.times:
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults to come. The first rule that applies is the one that happens."""

    rules: list[Rule] = field(default_factory=list)

    def plan(
        self,
        fault: Fault,
        method: str | None = None,
        *,
        chat: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
    ) -> Rule:
        """Let `fault` happen to the next call, the next `times`, or each with a `probability`.

        `method` is one of the Bot API, "download" or "update"; without it any method of the Bot API.
        """
        if times is None and probability is None:
            times = 1
        wanted = method.lower() if method else None
        chance = 1.0 if probability is None else probability
        rule = Rule(fault, wanted, chat, times, chance, random.Random(seed))
        self.rules.append(rule)
        return rule

    def next(self, method: str, chat: int | None) -> Fault:
        """What happens to this one; a fault that does nothing where none was planned."""
        rule = next((rule for rule in self.rules if rule.applies(method, chat)), None)
        return rule.fault if rule else NONE

    def clear(self) -> None:
        """Plan nothing any more."""
        self.rules.clear()


NONE = Fault()
