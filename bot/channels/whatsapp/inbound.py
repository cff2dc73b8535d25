"""From what Meta posts, as plain JSON, to what it means here: one payload may hold many things of many people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeGuard, cast

from bot.channels.whatsapp import CHANNEL, number
from bot.channels.whatsapp.attachments import UNWANTED, attached, said
from conversation.messages import Inbound

# A message is posted again for 7 days. Later its number may be forgotten, and nobody waits for an answer any more.
OLDEST = timedelta(days=8)
# Kinds of messages without effect: a thumb under an answer, a message taken back, a chat only opened.
SILENT = ("reaction", "revoke", "request_welcome")
KNOWN = ("text", "button", "interactive", "image", "video", "audio", "document", "sticker", "location", "contacts",
         "order", "unsupported", "edit")  # fmt: skip
CHANGES = ("user_changed_number", "user_changed_user_id")
# The same, as it was told until the system's messages said it all.
RENAMED = "user_id_update"
TEMPLATES = ("message_template_status_update", "template_category_update")
# A voice note that was heard is "played".
STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
# Where the account's limit of people stands; which of the two depends on the version.
LIMITS = ("max_daily_conversations_per_business", "max_daily_conversation_per_phone")
LONGEST_ID, LONGEST_PHONE, LONGEST_TITLE, LONGEST_CATEGORY = 80, 20, 200, 30


class Message(NamedTuple):
    """Somebody wrote or pressed a button.

    phone  their number (digits), "" where it is hidden
    wamid  the message's number as WhatsApp knows it
    """

    inbound: Inbound
    phone: str
    wamid: str


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a message is priced as (service, utility, marketing …), and whether it costs anything."""

    category: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours.

    message    its number as the database has it; callback: what we sent along with it, "" where nothing came back
    recipient  the user_id, or the phone where that is not given
    errors     code and title of each, where it failed
    """

    message: str
    callback: str
    state: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    recipient: str
    errors: tuple[tuple[int, str], ...] = ()
    pricing: Pricing | None = None


@dataclass(frozen=True, slots=True)
class NumberChanged:
    """Somebody has a new phone number, and with it a new user_id; either of the two may be "".

    message  the number of the message that says so, or what stands for it; old: the user_ids and phones they had
    """

    message: str
    old: tuple[str, ...]
    phone: str
    user_id: str


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """A template of ours has another status, or another category; the one that stays is ""."""

    name: str
    language: str
    status: str
    category: str


@dataclass(frozen=True, slots=True)
class Stray:
    """What nothing here understands."""

    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Capability:
    """So many people may be knocked at in 24 hours from now on, 0: no limit."""

    people: int


Objects = list[dict[str, Any]]
Event = Message | Status | NumberChanged | TemplateNews | Capability | Stray


def read(payload: Mapping[str, Any], now: datetime, phone_id: str) -> list[Event]:
    """What a payload means, in its order; what is said to another number than ours is left out. Raises nothing."""
    found: list[Event] = []
    for entry in _objects(payload, "entry"):
        for change in _objects(entry, "changes"):
            field, value = change.get("field"), _object(change, "value")
            about = _object(value, "metadata").get("phone_number_id")
            if (about is not None or field == "messages") and about != phone_id:
                continue
            if field == "messages":
                found += _messages(change, value, now)
            elif field == RENAMED:
                found += [event for one in _objects(value, RENAMED) for event in _tried(_renamed, field, one, [], now)]
            else:
                found.append(_news(said(field), change, value))
    return found


def _messages(change: dict[str, Any], value: Mapping[str, Any], now: datetime) -> list[Event]:
    found: list[Event] = []
    messages, statuses = _objects(value, "messages"), _objects(value, "statuses")
    contacts = _objects(value, "contacts") if messages else []
    for message in messages:
        kind = message.get("type")
        if "group_id" in message or kind in SILENT:
            continue
        found += _tried(_changed if kind == "system" else _message, kind, message, contacts, now)
    for status in statuses:
        found += _tried(_status, "status", status, [], now)
    return found if messages or statuses else [Stray("errors" if "errors" in value else "messages", change)]


def _tried(
    reader: Callable[[dict[str, Any], Objects, datetime], Event | None], kind: Any, item: dict[str, Any],
    contacts: Objects, now: datetime,
) -> Sequence[Event]:  # fmt: skip
    try:
        event = reader(item, contacts, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return (Stray(said(kind) or "message", item),)  # posted again it would be no better
    if isinstance(event, Message) and kind not in KNOWN:
        return event, Stray(said(kind) or "message", item)
    return (event,) if event else ()


def _message(message: dict[str, Any], contacts: Objects, now: datetime) -> Message | None:
    wamid, kind = said(message["id"]), message.get("type")
    name, phone = _who(message, contacts)
    sent_at = _moment(message["timestamp"], now)
    if not wamid or not name:
        raise ValueError("nobody's")
    if now - sent_at > OLDEST:
        return None
    edited, shown = kind == "edit", number(wamid)
    message_id = shown
    if edited:
        shown, message = number(said(message["edit"]["original_message_id"])), message["edit"]["message"]
        kind = message.get("type")
    content = _object(message, kind)
    text, tap = _words(kind, content)
    files = () if edited else attached(kind, content, shown)
    if not (text or tap or files):
        if kind == "text" or edited:
            return None
        files = (UNWANTED,)
    about = _object(message, "context").get("id") if "context" in message else ""
    inbound = Inbound(
        CHANNEL, name, message_id, sent_at, now, text, tap, files, number=shown,
        reply_to=number(said(about)) if about else "", edited=edited,
    )  # fmt: skip
    return Message(inbound, phone, wamid)


def _words(kind: Any, content: Mapping[str, Any]) -> tuple[str, str]:
    """What was typed, or what the pressed button says and carries."""
    if kind == "button":
        return said(content.get("text")), said(content.get("payload"))
    if kind == "interactive":
        reply = _object(content, said(content.get("type")))
        return said(reply.get("title")), said(reply.get("id"))
    return said(content.get("body" if kind == "text" else "caption")), ""


def _who(message: Mapping[str, Any], contacts: Objects) -> tuple[str, str]:
    """What who wrote is called, by their user_id if that is told, and their phone; "" for what is not told."""
    sender, user = message.get("from"), message.get("from_user_id")
    if len(contacts) == 1:
        one = contacts[0]
    else:
        ids = [name for name in (sender, user) if name]
        one = next((one for one in contacts if one.get("wa_id") in ids or one.get("user_id") in ids), {})
    # Who hides their number may stand where it would with the other name of theirs.
    wa_id = one.get("wa_id")
    phone = wa_id if _is_phone(wa_id) else sender if _is_phone(sender) else ""
    for name in (user, one.get("user_id"), wa_id, sender):
        if name != phone and _is_name(name):
            return name, phone
    return phone, phone


def _changed(message: dict[str, Any], _contacts: Objects, now: datetime) -> NumberChanged | Stray | None:
    system = message["system"]
    if system.get("type") not in CHANGES:
        return Stray("system", message)
    if now - _moment(message["timestamp"], now) > OLDEST:
        return None
    phone = next(filter(_is_phone, (said(system.get(key)) for key in ("wa_id", "new_wa_id"))), "")
    user_id = next(filter(_is_name, [said(system.get("user_id"))]), "")
    before = (system.get("previous_user_id"), message.get("from_user_id"), message.get("from"))
    old = [name for name in map(said, before) if _is_name(name) and name not in (phone, user_id)]
    if not old or not (phone or user_id):
        raise ValueError("nobody's")
    return NumberChanged(number(said(message["id"])), tuple(dict.fromkeys(old)), phone, user_id)


def _renamed(update: dict[str, Any], _contacts: Objects, now: datetime) -> NumberChanged | None:
    before, after = said(update["user_id"]["previous"]), said(update["user_id"]["current"])
    if not (_is_name(before) and _is_name(after)):
        raise ValueError("nobody's")
    if now - _moment(update["timestamp"], now) > OLDEST:
        return None
    phone = said(update.get("wa_id"))
    return NumberChanged(number(f"{before} {after}"), (before,), phone if _is_phone(phone) else "", after)


def _status(status: dict[str, Any], _contacts: Objects, now: datetime) -> Status | Stray:
    state = STATES.get(said(status["status"]))
    if not state:
        return Stray("status", status)
    pricing = _object(status, "pricing")
    category = said(pricing.get("category"))[:LONGEST_CATEGORY]
    return Status(
        number(said(status["id"])), said(status.get("biz_opaque_callback_data")),
        cast("Literal['sent', 'delivered', 'read', 'failed']", state), _moment(status["timestamp"], now),
        said(status.get("recipient_user_id")) or said(status.get("recipient_id")),
        tuple((int(error["code"]), said(error.get("title"))[:LONGEST_TITLE]) for error in _objects(status, "errors")),
        Pricing(category, pricing.get("billable") is not False) if category else None,
    )  # fmt: skip


def _news(field: str, change: dict[str, Any], value: Mapping[str, Any]) -> TemplateNews | Capability | Stray:
    limits = [value[name] for name in LIMITS if isinstance(value.get(name), int)]
    if field == "business_capability_update" and limits:
        return Capability(max(limits[0], 0))  # -1 is no limit
    name, language = said(value.get("message_template_name")), said(value.get("message_template_language"))
    if field not in TEMPLATES or not (name and language):
        return Stray(field or "change", change)
    if field == "message_template_status_update":
        return TemplateNews(name, language, said(value.get("event")), said(value.get("message_template_category")))
    return TemplateNews(name, language, "", said(value.get("new_category")))


def _object(holder: Mapping[str, Any], key: Any) -> dict[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _objects(holder: Mapping[str, Any], key: str) -> Objects:
    found = holder.get(key)
    if not isinstance(found, list):
        return []
    for one in found:
        if not isinstance(one, dict):
            return [each for each in found if isinstance(each, dict)]
    return found


def _is_phone(name: Any) -> TypeGuard[str]:
    return isinstance(name, str) and name.isascii() and name.isdecimal() and len(name) <= LONGEST_PHONE


def _is_name(name: Any) -> TypeGuard[str]:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_ID and name.isprintable() and " " not in name


def _moment(seconds: Any, now: datetime) -> datetime:
    return min(datetime.fromtimestamp(int(seconds), UTC), now)
