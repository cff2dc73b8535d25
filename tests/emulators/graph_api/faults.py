"""What goes wrong on demand: which call or event, how often, and what happens then."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.emulators.graph_api.errors import GraphError

# What a fault may hit besides calls ("messages", "read", "upload", "media", "templates", "phone", "subscribe"):
# a download of a file, a message of a person on its way to the webhook, a status on its way.
DOWNLOAD, MESSAGE, STATUS = "download", "message", "status"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call, a download or an event; made by the functions below."""

    error: GraphError | None = None  # answered, and nothing is carried out
    later: GraphError | None = None  # the message is accepted, then its status is failed
    delay: float = 0.0  # seconds: an answer comes late, a download takes long, an event is held back
    cut: float | None = None  # the connection ends: 0 before anything, 1 after all of it; a download after this share
    twice: bool = False  # an event is posted again


NONE = Fault()


def refused(code: int, details: str = "", status: int = 0) -> Fault:
    """An error in the answer; the HTTP status is the usual one of the code."""
    return Fault(error=GraphError(code, details, status=status))


def failed(code: int, details: str = "") -> Fault:
    """The message is accepted; its only status is failed."""
    return Fault(later=GraphError(code, details))


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


def lost_call() -> Fault:
    """The connection is cut, and nothing was carried out."""
    return Fault(cut=0.0)


def lost_answer() -> Fault:
    """The call is carried out, then the connection is cut; the statuses of a message still come."""
    return Fault(cut=1.0)


def slow(seconds: float) -> Fault:
    """A call is carried out and answered that much later; a download takes that long."""
    return Fault(delay=seconds)


def cut_download(share: float = 0.5) -> Fault:
    """A download ends after that share of its bytes; or the POST of an event once, before it comes whole."""
    return Fault(cut=share)


def duplicated() -> Fault:
    """An event is posted twice, with one id."""
    return Fault(twice=True)


def held(seconds: float) -> Fault:
    """An event comes late; what happened after it comes before it."""
    return Fault(delay=seconds)


@dataclass(slots=True, eq=False)
class Rule:
    """When a fault happens; `hits` counts how often it did."""

    fault: Fault
    method: str | None
    chat: str | None
    times: int | None
    probability: float
    dice: random.Random
    hits: int = 0

    def applies(self, method: str, chats: set[str]) -> bool:
        """Whether this one is hit."""
        wanted = method not in (DOWNLOAD, MESSAGE, STATUS) if self.method is None else self.method == method
        if not wanted or (self.chat is not None and self.chat not in chats) or self.hits == self.times:
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
        chat: str | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
    ) -> Rule:
        """Let `fault` happen to the next call, the next `times`, or each with a `probability`.

        `method` is a call, "download", "message" or "status"; without it any call. `chat` is a wa_id or user_id.
        """
        if times is None and probability is None:
            times = 1
        chance = 1.0 if probability is None else probability
        rule = Rule(fault, method, chat, times, chance, random.Random(seed))
        self.rules.append(rule)
        return rule

    def next(self, method: str, *chats: str) -> Fault:
        """What happens to this one; a fault that does nothing where none was planned."""
        rule = next((rule for rule in self.rules if rule.applies(method, set(chats))), None)
        return rule.fault if rule else NONE

    def clear(self) -> None:
        """Plan nothing any more."""
        self.rules.clear()
