"""What every question can do: show itself, read a message, and load what was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from conversation.messages import Choice, Heard, Picture, Wants
from conversation.texts import Say

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """The message answers the question; `stored` is JSON and goes into the conversation's answers."""

    stored: Any


@dataclass(frozen=True, slots=True)
class Partial:
    """The message helps but does not finish (a photo, "more options"): keep `draft` and ask on."""

    draft: Any
    say: Say = ""


@dataclass(frozen=True, slots=True)
class Misread:
    """The message does not answer; `say` tells kindly what would. The draft stays as it was."""

    say: Say


@dataclass(frozen=True, slots=True)
class Amend:
    """The message answers another question than the open one, which stays open: "no, fue ayer"."""

    name: str
    stored: Any


Reading = Answer | Partial | Misread | Amend


class Stale(Exception):
    """A stored answer no longer holds (a closed duty, a stricter limit): the question is asked again."""

    def __init__(self, say: Say) -> None:
        super().__init__(say)
        self.say = say


@dataclass(frozen=True, slots=True)
class Shown:
    """How a question looks now: its words, its buttons, what kind of answer would fit, and what is shown with it.

    again  its words where an answer was not understood and all of them would be too many; "": the same
    links  buttons that say a command instead of answering
    """

    text: Say
    choices: tuple[Choice, ...] = ()
    wants: Wants = ""
    links: tuple[Choice, ...] = ()
    picture: Picture | None = None
    again: Say = ""


class Question(Protocol, Generic[T_co]):
    """A question whose answer, once loaded, is a T."""

    def show(self, draft: Any) -> Shown:
        """The question as it stands, given what there is of an answer."""
        ...

    def read(self, heard: Heard, draft: Any) -> Reading:
        """What a message means as an answer to this question."""
        ...

    def load(self, stored: Any) -> T_co:
        """The value of a stored answer; raises Stale where it no longer holds."""
        ...
