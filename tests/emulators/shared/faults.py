"""What goes wrong on demand: which call, download or piece of news, how often, and what happens then."""

from __future__ import annotations

import random
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any

# What a fault may hit besides calls: a download, an update on its way, a person's message or a status on its way.
DOWNLOAD, UPDATE, MESSAGE, STATUS = "download", "update", "message", "status"
_NO_CALLS = {DOWNLOAD, UPDATE, MESSAGE, STATUS}


class Refusal(Exception):
    """An answer that is not ok."""

    status: int  # of HTTP

    @abstractmethod
    def answer(self) -> dict[str, Any]:
        """The body of the answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call, a download or a piece of news; made by the functions of each emulator's `faults`."""

    error: Refusal | None = None  # answered, and nothing is carried out
    delay: float = 0.0  # seconds: an answer comes late, a download takes long, news is held back
    cut: float | None = None  # the connection ends: 0 before anything, 1 after all of it; a download after this share
    twice: bool = False  # news comes again


NONE = Fault()


def lost_call() -> Fault:
    """The connection is cut, and nothing was carried out."""
    return Fault(cut=0.0)


def lost_answer() -> Fault:
    """The call is carried out, then the connection is cut; what follows from it still comes."""
    return Fault(cut=1.0)


def slow(seconds: float) -> Fault:
    """A call is carried out and answered that much later; a download takes that long."""
    return Fault(delay=seconds)


def cut_download(share: float = 0.5) -> Fault:
    """A download ends after that share of its bytes; or a POST to the webhook once, before it comes whole."""
    return Fault(cut=share)


def duplicated() -> Fault:
    """A piece of news is delivered twice, with one id."""
    return Fault(twice=True)


def held(seconds: float) -> Fault:
    """A piece of news comes late by webhook, and others overtake it: on Telegram only those of other chats.

    A long poll always comes in the order of its ids, as from the platform.
    """
    return Fault(delay=seconds)


@dataclass(slots=True, eq=False)
class Rule:
    """When a fault happens; `hits` counts how often it did."""

    fault: Fault
    method: str | None
    chat: int | str | None
    times: int | None
    probability: float
    dice: random.Random
    hits: int = 0

    def applies(self, method: str, chats: tuple[int | str | None, ...]) -> bool:
        """Whether this one is hit."""
        wanted = method not in _NO_CALLS if self.method is None else self.method == method
        if not wanted or self.chat not in (None, *chats) or self.hits == self.times:
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
        chat: int | str | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
    ) -> Rule:
        """Let `fault` happen to the next call, the next `times`, or each with a `probability`.

        `method` is a call, "download", or news: "update" on Telegram, "message" or "status" on WhatsApp; without it
        any call. `chat` is one of the ids the person or group is known by.
        """
        if times is None and probability is None:
            times = 1
        wanted = method.lower() if method else None
        chance = 1.0 if probability is None else probability
        rule = Rule(fault, wanted, chat, times, chance, random.Random(seed))
        self.rules.append(rule)
        return rule

    def next(self, method: str, *chats: int | str | None) -> Fault:
        """What happens to this one, which concerns somebody known by these ids; NONE where nothing was planned."""
        rule = next((rule for rule in self.rules if rule.applies(method, chats)), None)
        return rule.fault if rule else NONE

    def clear(self) -> None:
        """Plan nothing any more."""
        self.rules.clear()
