"""A message that was changed after we read it: while its conversation is open, the answer it was changes with it."""

from __future__ import annotations

from bot.driving import Said, drive
from conversation.messages import Heard
from conversation.talk import reopen
from conversation.texts import _
from models.conversations import Kept
from models.visit import Visit


def reread(visit: Visit, item: Kept, heard: Heard) -> Said | None:
    """Read the message once more as what it answered; None where the conversation knows no such answer.

    Answers given after it stay, where they still hold.
    """
    state = item.state
    name = next((name for name, number in state.said.items() if number and number == heard.number), "")
    order = list(state.answers)
    if name in state.answers:
        reopen(state, name)
    elif not name or name != state.waiting_for:
        return None
    said = drive(visit, item, heard, note=_("Vi que cambió su mensaje."))
    answers = item.state.answers  # as they were given, so that "atrás" still takes back the last of them
    item.state.answers = {name: answers[name] for name in (*order, *answers) if name in answers}
    return said
