"""One message is one turn: in one transaction it is taken once, understood, answered, and everything is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.dialogue import converse
from bot.driving import Said
from conversation.messages import Choice, Inbound, Reply
from conversation.texts import Language, render
from handlers.base import Notice
from models import conversations, deliveries, inbox, people
from models.people import Who
from models.visit import Visit

# A draft waits this long after its last message.
DRAFT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a turn needs to know besides the message."""

    zone: ZoneInfo
    languages: Mapping[str, Language]


def turn(inbound: Inbound, rules: Rules) -> Callable[[Connection], set[tuple[str, str]]]:
    """The transaction for one message; its value is the (channel, address) pairs which now have something to read."""

    def work(connection: Connection) -> set[tuple[str, str]]:
        if not inbox.take(connection, inbound.channel, inbound.address, inbound.message_id, inbound.received_at):
            return {(inbound.channel, inbound.address)}
        who = people.who(connection, inbound.channel, inbound.address, inbound.received_at, inbound.language)
        visit = Visit(connection, who, inbound.received_at, inbound.sent_at, rules.zone)
        kept = conversations.all_of(connection, who.id, inbound.received_at)
        said = converse(visit, kept, inbound, rules.languages.get(who.language, rules.languages["es"]))
        for conversation in said.changed:
            conversations.save(connection, who.id, conversation, inbound.received_at + DRAFT)
        rows = [_answer(who, inbound, said, rules)]
        rows += [row for notice in said.notices for row in _told(connection, visit, notice, rules)]
        deliveries.add(connection, rows)
        return {(str(row["channel"]), str(row["address"])) for row in rows}

    return work


def _answer(who: Who, inbound: Inbound, said: Said, rules: Rules) -> dict[str, object]:
    language = rules.languages.get(who.language, rules.languages["es"])
    return {
        "dedupe_key": f"answer:{who.channel}:{who.address}:{inbound.message_id}",
        "person_id": who.id, "channel": who.channel, "address": who.address, "kind": "answer",
        "created_at": inbound.received_at, **_rendered(said.reply, said.token, language),
    }  # fmt: skip


def _told(connection: Connection, visit: Visit, notice: Notice, rules: Rules) -> list[dict[str, object]]:
    """One row for every address of those the notice is for, except the author of the message."""
    return [
        {
            "dedupe_key": f"{notice.key}:{to.channel}:{to.address}",
            "person_id": to.person_id, "channel": to.channel, "address": to.address, "kind": "notice",
            "created_at": visit.now,
            **_rendered(notice.reply, "", rules.languages.get(to.language, rules.languages["es"])),
        }
        for to in people.reached(connection, notice.roles, notice.people)
        if to.person_id != visit.who.id
    ]  # fmt: skip


def _rendered(reply: Reply, token: str, language: Language) -> dict[str, object]:
    buttons = [_button(choice, f"{token}|{choice.key}", language) for choice in reply.choices]
    buttons += [_button(link, link.key, language) for link in reply.links]
    picture = reply.picture and {
        "drawing": reply.picture.drawing,
        "figures": reply.picture.figures,
        "alt": render(reply.picture.alt, language),
    }
    return {"text": render(reply.text, language), "buttons": buttons, "picture": picture, "wants": reply.wants}


def _button(choice: Choice, tap: str, language: Language) -> dict[str, str]:
    return {"label": render(choice.label, language), "tap": tap}
