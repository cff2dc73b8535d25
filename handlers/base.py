"""What a conversation is made of, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say
from models.people import Role
from models.visit import Visit

EVERYONE: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to others. `key` names what it is about: nobody is told the same thing twice."""

    key: str
    reply: Reply
    roles: frozenset[Role] = EVERYONE
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided and written: the answer to the person, and who else hears of it."""

    reply: Reply
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thing people can do here.

    name         public format: kept in the database and in buttons
    command      "/reportar"; phrases: the same in plain words; title: what menus and help say of it
    run          reads and asks, never writes; returns a Reply, or a decision for `commit` (None: nothing decided)
    commit       writes the decision, in the same transaction as the audit entry and the deliveries
    understands  the argument plain words hold ("cómo va prensa" → "prensa"), None where they mean something else
    roles        who may use it; empty means everyone
    consent      whether the person must have agreed that something personal is kept
    files        whether it asks for files, and so can hold those that come early
    hidden       whether help leaves it out
    idle         whether its words mean it only where no question is open ("ya casi" may speak of what is being told)
    """

    name: str
    command: str
    run: Callable[[Talk, Visit], Coroutine[Any, Any, Any]]
    title: Say
    phrases: tuple[str, ...] = ()
    commit: Callable[[Visit, Any], Outcome] | None = None
    understands: Callable[[str], str | None] | None = None
    roles: frozenset[Role] = EVERYONE
    consent: bool = True
    files: bool = False
    hidden: bool = False
    idle: bool = False

    def open_to(self, visit: Visit) -> bool:
        """Whether this person may use it."""
        return not self.roles or visit.who.may(self.roles)


def link(conversation: Conversation, argument: str = "") -> Choice:
    """A button that says the conversation's command."""
    return Choice(f"{conversation.command} {argument}".strip(), conversation.title)
