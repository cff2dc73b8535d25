"""Talk to Chasqui as people did in the past: every line below is a turn like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TypeVar

from sqlalchemy import Connection

from bot.channels.web import CHANNEL
from bot.custody import keep
from bot.turn import Rules, turn
from conversation.messages import Attachment, Inbound
from models import conversations, people
from models.people import Who
from models.vault import Vault

T = TypeVar("T")

PAUSE = timedelta(seconds=25)
LARGEST = 1 << 20
# More than the longest conversation asks.
MOST_QUESTIONS = 15


@dataclass(slots=True)
class Stage:
    """Who speaks does so at `now`, which moves on with every message. Everything happens in one transaction."""

    connection: Connection
    rules: Rules
    vault: Vault
    now: datetime
    said: int = 0

    def say(self, address: str, text: str = "", files: Sequence[Attachment] = ()) -> None:
        """One message."""
        self.said += 1
        sent = self.now - timedelta(seconds=2)
        message = Inbound(CHANNEL, address, f"demo-{self.said}", sent, self.now, text, "", tuple(files))
        turn(message, self.rules)(self.connection)
        self.now += PAUSE

    def who(self, address: str) -> Who:
        """The person at an address, a new visitor if need be."""
        return people.who(self.connection, CHANNEL, address, self.now, "es")

    def talk(
        self, address: str, opening: str, answers: Mapping[str, Sequence[str]], files: Sequence[Attachment] = ()
    ) -> None:
        """A whole conversation: whatever question is open gets its answers by name, after the files at the review.

        Raises RuntimeError where it does not come to its end.
        """
        self.say(address, opening)
        for _ in range(MOST_QUESTIONS):
            question = self._question(address)
            if not question:
                return
            if question not in answers:
                break
            if question == "review":
                self.say(address, files=files)
            for words in answers[question]:
                self.say(address, words)
        raise RuntimeError(f"«{opening}» no llegó a su fin: quedó en «{self._question(address)}»")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """A transaction of the clock's, which here is part of the one there is: see scheduler.nudges.Store."""
        return work(self.connection)

    read = write

    def keep(self, data: bytes, name: str) -> Attachment:
        """Put a file into the vault and look at it, as the channel does with an upload."""
        return keep(self.vault, BytesIO(data), name, "", LARGEST)

    def _question(self, address: str) -> str:
        """The name of the question that waits for this person, "" where none does."""
        kept = conversations.all_of(self.connection, self.who(address).id, self.now)
        return next((item.state.waiting_for for item in kept.values() if item.status == "open"), "")
