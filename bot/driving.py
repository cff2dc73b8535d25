"""Drive one conversation with one message: to its next question, or to its end and what is written there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from conversation.messages import Heard, Reply
from conversation.questions import Amend, Answer, Files, Misread, Partial, Place, Question
from conversation.questions.files import links, refusal
from conversation.talk import Asking, Finished, State, Talk, keep, proceed, put_by
from conversation.texts import Say, _, paragraphs
from handlers.base import Notice, Outcome
from handlers.table import BY_NAME
from models.conversations import Kept
from models.visit import Visit

COMING = _("Todavía recibo lo que envió; le aviso cuando llegue.")


@dataclass(slots=True)
class Said:
    """What comes of a message: the answer, the token of its buttons ("" where nothing is asked), what changed, who
    else is told, whether the message did not answer the question."""

    reply: Reply
    token: str = ""
    changed: list[Kept] = field(default_factory=list)
    notices: tuple[Notice, ...] = ()
    misread: bool = False


def drive(visit: Visit, item: Kept, heard: Heard | None = None, argument: str = "", note: Say = "") -> Said:
    """Run the conversation; `heard` answers the question it waits for, `argument` the first one it asks."""
    entry, state = BY_NAME[item.name], item.state
    talk = Talk(state, argument)
    run = entry.run(talk, visit)
    try:
        opened = proceed(run)
        answers_it = isinstance(opened, Asking) and opened.name == state.waiting_for
        if not answers_it:
            put_by(state)  # an answer before it no longer holds
        _turn_to(talk, item, opened)
        step: Asking[Any] | Finished | Amend = opened
        misread = False
        if heard is not None and isinstance(step, Asking):
            if answers_it or heard.attachments:
                step, misread = _hear(talk, run, item, step, heard)
        elif talk.argument and isinstance(step, Asking):
            step, misread = _hear(talk, run, item, step, Heard(talk.argument, "", (), visit.today))
    finally:
        run.close()
    if isinstance(step, Amend):
        state.answers[step.name] = step.stored
        return drive(visit, item, note=note)
    notes = [part for part in (note, *talk.notes) if part]
    if isinstance(step, Finished):
        said = _finish(visit, item, step.value)
        said.reply = _with_notes(said.reply, notes)
        return said
    item.status = "open"
    shown = step.question.show(state.draft)
    picture = None if misread else shown.picture  # it is still there to be looked at
    words = (misread and shown.again) or shown.text
    reply = Reply(paragraphs(*notes, words), shown.choices, shown.links, picture, shown.wants)
    return Said(reply, f"{item.name}|{step.name}|{state.asked}", [item], misread=misread)


def end(item: Kept) -> None:
    """Close a conversation and forget its answers; the row stays, so that its revision only grows."""
    item.status = "ended"
    item.state = State()


def _hear(
    talk: Talk, run: Any, item: Kept, step: Asking[Any], heard: Heard
) -> tuple[Asking[Any] | Finished | Amend, bool]:
    """Read the message as an answer and go on where it is one; an Amend is for the caller."""
    state = item.state
    _set_aside(talk, state, step.question, heard, BY_NAME[item.name].files)
    if heard.attachments and not heard.text and not isinstance(step.question, Files | Place):
        return step, False
    state.said[step.name] = "" if heard.attachments else heard.number
    reading = step.question.read(heard, state.draft)
    if isinstance(reading, Answer):
        following = proceed(run, reading.stored)
        _turn_to(talk, item, following)
        return following, False
    if isinstance(reading, Amend):
        return reading, False
    if isinstance(reading, Partial):
        state.draft = reading.draft
    talk.note(reading.say)
    return step, isinstance(reading, Misread)


def _turn_to(talk: Talk, item: Kept, step: Asking[Any] | Finished) -> None:
    """Open the question, unless it was open already: its buttons carry the revision it was first shown at."""
    state = item.state
    if isinstance(step, Finished) or step.name == state.waiting_for:
        return
    state.waiting_for, state.draft, state.asked = step.name, None, item.revision + 1
    if isinstance(step.question, Files) and state.stash:
        before = step.question.gathered(state.stash)
        state.draft, state.stash = before.draft, []
        talk.note(before.say)


def _set_aside(talk: Talk, state: State, question: Question[Any], heard: Heard, holds_files: bool) -> None:
    """Files and links that come before anything asks for them are kept for the question that will."""
    if isinstance(question, Files | Place) or not holds_files:
        return
    for refused in (item for item in heard.attachments if item.refused):
        talk.note(refusal(refused))
    found = (*(item for item in heard.attachments if not item.refused), *links(heard.text))
    if found:
        keep(state, found)
        here = all(not item.problem for item in found)
        talk.note(_("Guardé lo que envió como soporte.") if here else COMING)


def _finish(visit: Visit, item: Kept, value: Any) -> Said:
    """Write what was decided. A conversation that never asked anything leaves no row behind."""
    stored = bool(item.id)
    end(item)
    changed = [item] if stored else []
    if isinstance(value, Reply):
        return Said(value, changed=changed)
    if value is None:
        return Said(Reply(_("Listo, todo queda como estaba.")), changed=changed)
    commit = BY_NAME[item.name].commit
    if commit is None:
        raise TypeError(f"{item.name} decides something, but nothing writes it")
    outcome: Outcome = commit(visit, value)
    if outcome.again is None:
        return Said(outcome.reply, changed=changed, notices=outcome.notices)
    item.state = State(answers=dict(outcome.again))
    said = drive(visit, item, note=outcome.reply.text)
    said.reply = replace(said.reply, links=(*outcome.reply.links, *said.reply.links))
    said.notices = (*outcome.notices, *said.notices)
    return said


def _with_notes(reply: Reply, notes: list[Say]) -> Reply:
    text = paragraphs(*notes, reply.text) if notes else reply.text
    return replace(reply, text=text)
