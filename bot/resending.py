"""A file sent again, or sent as a reply: it goes where the one stood that never came, or to the report replied to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.awaited import Awaited, awaited
from conversation.messages import LOST, PENDING, Heard, Inbound
from conversation.talk import State, keep
from conversation.texts import Say, _, paragraphs
from handlers.officer.correction import CORRECT
from models import deliveries
from models.conversations import Kept
from models.visit import Visit

NO_FILES = ("link", "place")
FOLIO = re.compile(r"\b(?:A\d{2,}|C)-[\w-]+-\d{4,}\b")


def resent(
    visit: Visit, kept: Mapping[str, Kept], current: Kept | None, inbound: Inbound, heard: Heard
) -> tuple[Kept, Heard | None, Say] | None:
    """The conversation the files of this message belong to, what it hears of them, and what is said first.

    None for files that are an answer to the open question like any other.
    """
    file = next((file for file in inbound.attachments if not file.refused and file.kind not in NO_FILES), None)
    if file is None or not inbound.private:
        return None
    if found := _place(kept, current, inbound):
        say = found.replace(file)
        rest = tuple(other for other in inbound.attachments if other is not file)
        also = replace(heard, text="", attachments=rest) if rest else None
        return found.item, also, paragraphs(say, found.standing())
    folio = quoted(visit, inbound.reply_to)
    if not folio or not CORRECT.open_to(visit):
        return None
    item = kept.get(CORRECT.name) or Kept(0, CORRECT.name, "ended", 0, State())
    if item.status != "ended" and item.state.answers.get("report") == folio:
        return item, heard, ""
    item.state = State({"report": folio, "part": "proof"})
    keep(item.state, inbound.attachments)
    return item, None, _("Lo agrego al avance {folio}.", folio=folio)


def _place(kept: Mapping[str, Kept], current: Kept | None, inbound: Inbound) -> Awaited | None:
    """The one it replies to; without a reply the only one of the open conversation that is lost."""
    for one in awaited(kept.values(), LOST, PENDING):
        if inbound.reply_to and one.key[1] == inbound.reply_to:
            return one
    lost = list(awaited([current], LOST)) if current and not inbound.album else []
    return lost[0] if len(lost) == 1 else None


def quoted(visit: Visit, reply_to: str) -> str:
    """The folio named by the message of ours that is replied to; "" where it names none, or several."""
    if not reply_to:
        return ""
    said = deliveries.text_of(visit.connection, visit.who.channel, visit.who.address, reply_to)
    named = set(FOLIO.findall(said))
    return named.pop() if len(named) == 1 else ""
