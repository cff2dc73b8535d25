"""What a conversation is made of, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say
from conversation.understanding import fold
from models.people import Reached, Role
from models.visit import Visit

EVERYONE: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to others. `key` names what it is about: nobody is told the same thing twice.

    chats  who reads it just there, even whom it comes from
    """

    key: str
    reply: Reply
    roles: frozenset[Role] = EVERYONE
    people: tuple[int, ...] = ()
    chats: tuple[Reached, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided and written: the answer to the person, and who else hears of it.

    again  answers with which the same conversation begins anew at once (the next of a queue); None: it is over
    """

    reply: Reply
    notices: tuple[Notice, ...] = ()
    again: Mapping[str, Any] | None = None


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
    quotes       whether the message of ours that is replied to says what it is about: the folio in it is its argument
    idle         where a question is open, its words are no wish for it ("ya casi" may speak of what is being told)
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
    idle: Callable[[Visit], bool] = lambda _visit: False
    quotes: bool = False

    def open_to(self, visit: Visit) -> bool:
        """Whether this person may use it."""
        return not self.roles or visit.who.may(self.roles)


def said_like(form: re.Pattern[str]) -> Callable[[str], str | None]:
    """How a conversation understands words of this form (folded): the argument is the first group that holds any."""

    def understands(text: str) -> str | None:
        found = form.fullmatch(fold(text))
        return next(filter(None, found.groups()), "") if found else None

    return understands


def link(conversation: Conversation, argument: str = "") -> Choice:
    """A button that says the conversation's command."""
    return Choice(f"{conversation.command} {argument}".strip(), conversation.title)
