"""Everything people can say here, and how a text finds the conversation it means."""

from __future__ import annotations

from conversation.messages import Choice
from conversation.understanding import best, fold
from handlers.base import Conversation, link
from handlers.citizen import status
from handlers.coordinator import admission, decision, stand_in, summary, summary_time, undecided
from handlers.everyone import enrolment, help, language, welcome
from handlers.officer import (
    absence,
    almost,
    back,
    blocked,
    correction,
    hours,
    late,
    leaving,
    not_mine,
    pending,
    report,
    unblock,
    undo,
)
from models.visit import Visit

REPORT = report.REPORT
WELCOME = welcome.WELCOME
# What may be answered where others read along.
PUBLIC = (status.STATUS, help.HELP)

CONVERSATIONS: tuple[Conversation, ...] = (
    REPORT,
    pending.PENDING,
    status.STATUS,
    summary_time.SUMMARY_TIME,
    summary.SUMMARY,
    correction.CORRECT,
    undo.UNDO,
    almost.ALMOST,
    late.LATE,
    blocked.BLOCKED,
    unblock.UNBLOCK,
    not_mine.NOT_MINE,
    absence.ABSENCE,
    back.BACK,
    hours.HOURS,
    undecided.UNDECIDED,
    decision.DECIDE,
    stand_in.STAND_IN,
    help.HELP,
    language.LANGUAGE,
    WELCOME,
    enrolment.ENROL,
    leaving.LEAVE,
    admission.WAITING,
    admission.ADMIT,
    admission.REFUSE,
)
BY_NAME = {conversation.name: conversation for conversation in CONVERSATIONS}
COMMANDS = {"/" + fold(conversation.command): conversation for conversation in CONVERSATIONS}


def command(text: str) -> tuple[Conversation | None, str]:
    """The conversation behind "/orden resto", accents, case and "/orden@bot" forgiven, and the rest."""
    word, _, argument = text.partition(" ")
    name = "/" + fold(word.partition("@")[0])
    argument = argument.strip()
    if name == "/start":
        return (enrolment.ENROL, argument) if argument else (WELCOME, "")
    return COMMANDS.get(name), argument


def exactly(text: str, visit: Visit, talking: bool = True) -> tuple[Conversation | None, str]:
    """The conversation that plain words ask for without doubt, with its argument: word for word, or as it understands.

    Only those open to the person are looked at; where a question is open, not those that are `idle`.
    """
    typed, offered = fold(text), [c for c in CONVERSATIONS if c.open_to(visit) and not (talking and c.idle)]
    for entry in offered:
        if typed in map(fold, entry.phrases):
            return entry, ""
    for entry in offered:
        argument = entry.understands(text) if entry.understands else None
        if argument is not None:
            return entry, argument
    return None, ""


def meant(text: str, visit: Visit) -> tuple[Conversation | None, str]:
    """The conversation the words most likely ask for, among those open to the person, with its argument."""
    entry, argument = exactly(text, visit, talking=False)
    if entry:
        return entry, argument
    found = best(text, {c.name: c.phrases for c in CONVERSATIONS if c.phrases and c.open_to(visit)})
    return (BY_NAME[found[0]] if len(found) == 1 else None), ""


def menu(visit: Visit) -> tuple[Choice, ...]:
    """Buttons for the main things this person can do."""
    shown = (REPORT, pending.PENDING, undecided.UNDECIDED, admission.WAITING, status.STATUS, help.HELP)
    return tuple(link(c) for c in shown if c.open_to(visit) and (visit.who.consented or not c.consent))
