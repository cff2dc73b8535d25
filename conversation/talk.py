"""A conversation is an `async def`, run again from the top over named answers.

`await talk.ask(name, question)` returns the stored answer or stops the run right there: an `await` marks exactly
the places where a person may take days to answer. Nothing else is awaited, so a run needs no event loop: `begin`
drives it to its first open question and `proceed` hands it the answer.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from conversation.messages import Attachment
from conversation.questions import Question, Stale
from conversation.texts import Say

T = TypeVar("T")


@dataclass(slots=True)
class State:
    """What is kept of a conversation between two messages. All of it is JSON.

    answers      stored answers by question name, in the order they were given (the names are a public format)
    waiting_for  name of the open question, "" before the first
    draft        what the open question has so far (files sent, page shown)
    stash        attachments that came before anything asked for them
    asked        the revision at which the open question was first shown; its buttons carry it
    said         by question name, the number of the message that was last read as its answer, where it has one
    """

    answers: dict[str, Any] = field(default_factory=dict)
    waiting_for: str = ""
    draft: Any = None
    stash: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking(Generic[T]):
    """The run stopped at a question."""

    name: str
    question: Question[T]

    def __await__(self) -> Generator[Asking[T], Any, Any]:
        return (yield self)


@dataclass(frozen=True, slots=True)
class Finished:
    """The run came to its end with this value."""

    value: Any


class Talk:
    """What a conversation holds in its hands: it can ask, and it can say something before the next question.

    `argument` is what came with the command ("/estado prensa"); a conversation that does not use it has it read as the
    answer to its first question.
    """

    def __init__(self, state: State, argument: str = "") -> None:
        self._state = state
        self.argument = argument
        self.notes: list[Say] = []

    async def ask(self, name: str, question: Question[T]) -> T:
        """The answer to `question`, stored under `name`; asked again where the stored one no longer holds."""
        answers = self._state.answers
        while True:
            if name in answers:
                try:
                    return question.load(answers[name])
                except Stale as stale:
                    self.notes.append(stale.say)
                    del answers[name]
            answers[name] = await Asking(name, question)

    def given(self, name: str, question: Question[T], default: T) -> T:
        """What was said instead of `default`, while that holds; it is never asked for by itself."""
        try:
            return question.load(self._state.answers[name]) if name in self._state.answers else default
        except Stale:
            del self._state.answers[name]
            return default

    def stored(self, name: str) -> Any:
        """The stored answer under this name, None where there is none."""
        return self._state.answers.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The questions answered so far, in their order, and the open one the message came to (perhaps "") last."""
        return (*self._state.answers, self._state.waiting_for)

    def note(self, say: Say) -> None:
        """Say something ahead of the next question or the end."""
        self.notes.append(say)


def proceed(run: Coroutine[Any, Any, Any], stored: Any = None) -> Asking[Any] | Finished:
    """Drive a conversation to its next open question; `stored` answers the one it stopped at (None at the start)."""
    try:
        asking = run.send(stored)
    except StopIteration as stop:
        return Finished(stop.value)
    if not isinstance(asking, Asking):
        raise TypeError("a conversation awaits nothing but talk.ask")
    return asking


def keep(state: State, attachments: tuple[Attachment, ...]) -> None:
    """Put attachments aside for the question that will ask for them."""
    state.stash.extend(item.stored() for item in attachments if not item.refused)


def lists(state: State) -> list[list[dict[str, Any]]]:
    """Every list of files the conversation holds, to be changed in place."""
    values = (state.draft, state.stash, *state.answers.values())
    return [value for value in values if value and _files(value) == value]


def reopen(state: State, name: str) -> None:
    """Ask for one answer again; those given after it stay."""
    del state.answers[name]
    put_by(state)
    state.waiting_for = name


def back(state: State) -> bool:
    """Take back the last answer; False if there is none. Files already sent stay in the draft."""
    if not state.answers:
        return False
    _, value = state.answers.popitem()
    put_by(state)
    if _files(value):
        state.stash = _files(value) + state.stash
    return True


def put_by(state: State) -> None:
    """Leave the open question unanswered; the files it has are for the one that will ask for them next."""
    state.stash = _files(state.draft) + state.stash
    state.draft = None


def _files(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict) and "ref" in item] if isinstance(value, list) else []
