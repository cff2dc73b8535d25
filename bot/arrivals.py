"""A file that was on its way has come, or never will: its place in the conversation is settled, and the person told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.advice import advise
from bot.awaited import Awaited, awaited
from bot.driving import Said, drive
from bot.turn import DRAFT, GATHER, Rules, rendered, told
from conversation.messages import LOST, PENDING, Attachment, Choice, Reply
from conversation.questions.files import PROBLEMS
from conversation.questions.gathered import nth, places
from conversation.texts import Say, _, lines, paragraphs
from models import conversations, deliveries, downloads, people
from models.downloads import Claimed
from models.visit import Visit


def settled(
    connection: Connection, channel: str, claimed: Claimed, attachment: Attachment, now: datetime, rules: Rules
) -> set[tuple[str, str]]:
    """Settle a download with its file, or with the problem it has; returns the (channel, address) pairs told of it.

    Nothing is said while others of the same list are on their way, nor where nothing waits for the file any more.
    """
    if not downloads.settle(connection, claimed, "lost" if attachment.problem else "kept", attachment.problem):
        return set()
    kept = conversations.all_of(connection, claimed.person_id, now).values()
    wanted = (f"{channel}:{claimed.unique}", claimed.message)
    found = next((one for one in awaited(kept, PENDING) if one.key == wanted), None)
    if found is None:
        return set()
    say = found.replace(_lost(attachment, *wanted) if attachment.problem else attachment)
    who = people.at(connection, channel, claimed.address)
    if who is None or who.id != claimed.person_id or places(found.files, PENDING):
        conversations.save(connection, claimed.person_id, found.item, now + DRAFT)
        return set()
    visit = Visit(connection, who, now, now, rules.zone)
    said = _told(visit, found, say)
    advise(visit, (attachment,), said)
    for conversation in said.changed:
        conversations.save(connection, who.id, conversation, now + DRAFT)
    # Not before the answer to the album it may be part of, which says that it is on its way.
    rows: list[dict[str, Any]] = [{
        "dedupe_key": f"arrival:{channel}:{claimed.address}:{claimed.id}",
        "person_id": who.id, "channel": channel, "address": claimed.address, "kind": "answer", "created_at": now,
        "priority": 0, "not_before": now + GATHER, **rendered(said.reply, said.token, who.language, rules),
    }]  # fmt: skip
    rows += [row for notice in said.notices for row in told(connection, notice, rules, now, who.id)]
    deliveries.add(connection, rows)
    return {(str(row["channel"]), str(row["address"])) for row in rows}


def _lost(attachment: Attachment, ref: str, message: str) -> Attachment:
    """What keeps its place: the message it came with can still be answered with the file."""
    return replace(attachment, ref=ref, problem=LOST, details={"message": message, "why": attachment.problem})


def _told(visit: Visit, found: Awaited, say: Say) -> Said:
    """The open question as it stands now, or where another conversation is open, the way back to this one."""
    note = paragraphs(say, _losses(found.files), found.standing())
    if found.item.status == "open":
        return drive(visit, found.item, note=note)
    resume = Choice("/seguir", _("Seguir con lo que dejé a medias"))
    return Said(Reply(note, links=(resume,)), changed=[found.item])


def _losses(files: list[dict[str, Any]]) -> Say:
    """Which are lost, and what to do about each."""
    lost = {place: PROBLEMS.get(files[place]["details"].get("why", "")) for place in places(files, LOST)}
    silent = [place for place, why in lost.items() if why is None]
    return lines(
        *(_("No recibí {which}. {why}", which=nth([place]), why=why) for place, why in lost.items() if why),
        _("No pude recibir {which}: responda a ese mensaje con el archivo.", which=nth(silent)) if silent else "",
    )
