"""From an Update, as plain JSON, to what it means here. Building python-telegram-bot's objects would cost more than a
tenth of all CPU."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram import CHANNEL
from bot.channels.telegram.attachments import MOST, attachments, clean, post
from conversation.messages import Inbound

# The kinds of updates to ask Telegram for: those `read` understands.
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONGEST_LANGUAGE = 8

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself. `most`: the largest file it can fetch, in bytes."""

    id: int
    username: str
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Message:
    """Somebody wrote or pressed a button.

    query  what to answer so that the pressed button no longer waits, "" where none was pressed
    """

    inbound: Inbound
    query: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked the bot, or it was put out of the group."""

    address: str


@dataclass(frozen=True, slots=True)
class Back:
    """The person let the bot in again, or it was added to the group."""

    address: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has a new address."""

    address: str
    to: str


Event = Message | Left | Back | Migrated


def read(update: Mapping[str, Any], now: datetime, me: Me) -> Event | None:
    """What an update means; None for what does not concern the bot, in groups all that is not said to it."""
    try:
        for kind, reader in _READERS.items():
            if kind in update:
                return reader(update[kind], str(int(update["update_id"])), now, me)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        # It would come again and again if it were not confirmed.
        log.warning("an update that cannot be read was left out: %s", type(error).__name__)
    return None


def _message(message: Mapping[str, Any], number: str, now: datetime, me: Me) -> Message | Migrated | None:
    chat = str(int(message["chat"]["id"]))
    if to := message.get("migrate_to_chat_id"):
        return Migrated(chat, str(int(to)))
    if before := message.get("migrate_from_chat_id"):
        return Migrated(str(int(before)), chat)
    # The words of a post that is passed on are not the person's: its link says where they stand.
    text = _said(message, "" if post(message) else message.get("text") or message.get("caption") or "", me)
    files = attachments(message, me.most)
    if text is None or not (text or files):
        return None
    inbound = Inbound(
        CHANNEL, chat, number, _moment(message.get("edit_date") or message["date"], now), now, text,
        attachments=files, language=_language(message.get("from")), private=_private(message),
        album=str(message.get("media_group_id") or ""), number=str(int(message["message_id"])),
        reply_to=_replied(message),
    )  # fmt: skip
    return Message(inbound)


def _edited(message: Mapping[str, Any], number: str, now: datetime, me: Me) -> Message | None:
    # A place that is shared live is edited every few seconds, by itself; in a group nobody waits for an answer to that.
    found = _message(message, number, now, me) if "location" not in message and _private(message) else None
    if not isinstance(found, Message):
        return None
    return Message(replace(found.inbound, attachments=(), album="", edited=True))


def _press(query: Mapping[str, Any], number: str, now: datetime, me: Me) -> Message | None:
    message = query.get("message")
    if not message or "data" not in query:
        return None
    # Telegram does not say when a button was pressed: the date is that of the message with the button.
    inbound = Inbound(
        CHANNEL, str(int(message["chat"]["id"])), number, now, now, tap=clean(query["data"]),
        language=_language(query.get("from")), private=_private(message),
    )  # fmt: skip
    return Message(inbound, str(query["id"]))


def _member(change: Mapping[str, Any], number: str, now: datetime, me: Me) -> Left | Back:
    gone = change["new_chat_member"]["status"] in ("left", "kicked")
    return (Left if gone else Back)(str(int(change["chat"]["id"])))


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _press, "my_chat_member": _member}


def _said(message: Mapping[str, Any], text: str, me: Me) -> str | None:
    """What was said to the bot, its name left out of commands; None where a group was not talking to it."""
    text, name = clean(text), re.escape(me.username)
    if _private(message):
        return re.sub(rf"^(/\w+)@{name}\b", r"\1", text, flags=re.IGNORECASE)
    said, called = re.subn(rf"@{name}\b", "", text, flags=re.IGNORECASE)
    answered = ((message.get("reply_to_message") or {}).get("from") or {}).get("id")
    return said.strip() if called or answered == me.id else None


def _replied(message: Mapping[str, Any]) -> str:
    replied = message.get("reply_to_message")
    return str(int(replied["message_id"])) if replied else ""


def _private(message: Mapping[str, Any]) -> bool:
    return bool(message["chat"]["type"] == "private")


def _language(user: Mapping[str, Any] | None) -> str:
    return str((user or {}).get("language_code") or "es").partition("-")[0].lower()[:LONGEST_LANGUAGE]


def _moment(seconds: int, now: datetime) -> datetime:
    return min(datetime.fromtimestamp(seconds, UTC), now)
