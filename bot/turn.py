"""One message is one turn: in one transaction it is taken once, understood, answered, and everything is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.advice import advise
from bot.awaited import queued
from bot.dialogue import converse
from bot.driving import Said
from bot.menus import menu_for
from conversation.messages import Choice, Inbound, Reply
from conversation.texts import Language, render
from handlers.base import Notice
from models import conversations, deliveries, downloads, inbox, people
from models.people import Who
from models.visit import Visit

# A draft waits this long after its last message.
DRAFT = timedelta(days=14)
# The rest of an album comes within this time.
GATHER = timedelta(seconds=1.5)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a turn needs to know besides the message."""

    zone: ZoneInfo
    languages: Mapping[str, Language]

    def language(self, code: str) -> Language:
        """The language of this code, or Spanish."""
        return self.languages.get(code, self.languages["es"])


def turn(inbound: Inbound, rules: Rules, known: Who | None = None) -> Callable[[Connection], set[tuple[str, str]]]:
    """The transaction for one message; its value is the (channel, address) pairs which now have something to read.

    known  the person who is reached at the message's address, where that transaction has looked already
    """

    def work(connection: Connection) -> set[tuple[str, str]]:
        if not inbox.take(connection, inbound.channel, inbound.address, inbound.message_id, inbound.received_at):
            return {(inbound.channel, inbound.address)}
        who = known or people.who(connection, inbound.channel, inbound.address, inbound.received_at, inbound.language)
        visit = Visit(connection, who, inbound.received_at, inbound.sent_at, rules.zone)
        heard = _whole(connection, inbound)
        kept = conversations.all_of(connection, who.id, inbound.received_at)
        said = converse(visit, kept, heard, rules.language(who.language))
        advise(visit, heard.attachments, said, bool(heard.album))
        for conversation in said.changed:
            conversations.save(connection, who.id, conversation, inbound.received_at + DRAFT)
        if coming := queued(inbound, said.changed, who.id):
            downloads.add(connection, coming)
        rows = [_answer(who, inbound, said, rules)]
        rows += [row for notice in said.notices for row in told(connection, notice, rules, visit.now, who.id)]
        if menu := menu_for(visit, inbound.private, inbound.language, inbound.message_id, rules.language(who.language)):
            rows.append(menu)
        if inbound.album:
            deliveries.put(connection, rows.pop(0))
        if rows:
            deliveries.add(connection, rows)
        return {(inbound.channel, inbound.address)} | {(str(row["channel"]), str(row["address"])) for row in rows}

    return work


def _answer(who: Who, inbound: Inbound, said: Said, rules: Rules) -> dict[str, object]:
    # An album comes as several messages without an end mark: one answer for all, once no more of them come.
    about = f"album:{inbound.album}" if inbound.album else inbound.message_id
    return {
        "dedupe_key": f"answer:{who.channel}:{who.address}:{about}",
        "not_before": inbound.received_at + GATHER if inbound.album else None,
        "person_id": who.id, "channel": who.channel, "address": who.address, "kind": "answer",
        "created_at": inbound.received_at, "priority": 0, **rendered(said.reply, said.token, who.language, rules),
    }  # fmt: skip


def _whole(connection: Connection, inbound: Inbound) -> Inbound:
    """A button too long for its channel carries only where to look up what it means: "#<delivery>.<button>"."""
    found = inbound.tap.startswith("#") and re.fullmatch(r"#(\d{1,18})\.(\d{1,3})", inbound.tap)
    if not found:
        return inbound
    tap = deliveries.tap_of(connection, inbound.channel, inbound.address, int(found[1]), int(found[2]))
    return replace(inbound, tap=tap)


def told(
    connection: Connection, notice: Notice, rules: Rules, now: datetime, author: int = 0
) -> list[dict[str, object]]:
    """A row for each of those the notice is for, except the person it comes from; and for its chats."""
    others = people.reached(connection, notice.roles, notice.people) if notice.roles or notice.people else []
    # Once for each person, whichever chat they use by then.
    heard = [(to, str(to.person_id)) for to in others if to.person_id != author]
    heard += [(to, f"{to.channel}:{to.address}") for to in notice.chats]
    return [
        {
            "dedupe_key": f"{notice.key}:{whom}",
            "person_id": to.person_id, "channel": to.channel, "address": to.address, "kind": "notice",
            "created_at": now, "priority": 1, "not_before": None,
            **rendered(notice.reply, "", to.language, rules),
        }
        for to, whom in heard
    ]  # fmt: skip


def rendered(reply: Reply, token: str, code: str, rules: Rules) -> dict[str, object]:
    """What a delivery keeps of a reply in the language of this code; `token` is that of its buttons."""
    language = rules.language(code)
    buttons = [_button(choice, f"{token}|{choice.key}", language) for choice in reply.choices]
    buttons += [_button(link, link.key, language) for link in reply.links]
    picture = reply.picture and {
        "drawing": reply.picture.drawing,
        "figures": reply.picture.figures,
        "alt": render(reply.picture.alt, language),
        "language": code,
    }
    document = reply.document and {
        **asdict(reply.document), "caption": render(reply.document.caption, language), "language": code
    }  # fmt: skip
    return {
        "text": render(reply.text, language), "buttons": buttons, "picture": picture, "wants": reply.wants,
        "document": document,
    }  # fmt: skip


def _button(choice: Choice, tap: str, language: Language) -> dict[str, str]:
    return {"label": render(choice.label, language), "tap": tap}
