"""Taking part is a purpose of its own: before anything of it is kept, who takes part is asked, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversation.messages import Heard, Reply
from conversation.questions import Answer, Reading, Stale, YesNo
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, Text, _, paragraphs, render
from handlers.everyone.welcome import VERSION, declined, notice
from models import agreeing, subscriptions
from models.visit import Visit

# Whoever changes a word of the purpose changes the version: it says which words a person agreed to.
TAKING_PART = "participar-2026-11"
WORDS: Text = _(
    "Para eso guardo si va, lo que pregunta y lo que opina. Nadie lo ve con su nombre. Puede dejarlo cuando quiera. "
    "¿Acepta?"
)
# Consents to keep, as (version, wording).
Given = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Permission:
    """Stored: [[version, wording]…] as the person read them, [] where it was refused."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        first = "" if self.visit.who.consented else notice(self.visit, asks=False)
        return replace(_asking(paragraphs(first, WORDS)).show(draft), again=WORDS)

    def read(self, heard: Heard, draft: Any) -> Reading:
        reading = _asking("").read(heard, draft)
        if not isinstance(reading, Answer):
            return reading
        if reading.stored == "no":
            return Answer([])
        first = [] if self.visit.who.consented else [[VERSION, render(notice(self.visit, asks=False), heard.language)]]
        return Answer([*first, [TAKING_PART, render(WORDS, heard.language)]])

    def load(self, stored: Any) -> list[tuple[str, str]]:
        if not isinstance(stored, list):
            raise Stale("")
        return [(str(version), str(wording)) for version, wording in stored]


async def permitted(talk: Talk, visit: Visit, early: bool = False) -> Given | None:
    """The consents to keep: none where they were given before; None where they are refused.

    early  it is asked before what came with the command is read, which is then asked for again
    """
    if visit.who.consented and subscriptions.agreed(visit.connection, visit.who.id, TAKING_PART):
        return ()
    if early:
        talk.argument = ""  # it answers another question
    return await talk.ask("permission", Permission(visit)) or None


def refused(visit: Visit) -> Reply:
    """What to say to who does not agree."""
    return Reply(_("Está bien, no guardé nada.")) if visit.who.consented else declined()


def keep(visit: Visit, given: Given) -> None:
    """Keep what was agreed to now."""
    if given:
        agreeing.agree(visit.connection, visit.who, given, visit.now)


def _asking(prompt: Say) -> YesNo:
    return YesNo(prompt, yes=_("Acepto"), no=_("No acepto"))
