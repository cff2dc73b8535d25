"""Messages of the bot: checked, accepted or not, shown to the person, and what their statuses say."""

from __future__ import annotations

import re

from tests.emulators.graph_api import rules, shapes
from tests.emulators.graph_api.chats import Raw, shown
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.events import new_id
from tests.emulators.graph_api.platform import Platform, Sent


def check(platform: Platform, message: Raw) -> None:
    """Raise GraphError where a request to send or to read breaks a rule."""
    if told := shapes.problems(message):
        raise GraphError(100, "; ".join(told), noted=True)
    if "status" in message:
        return
    if told := rules.broken(message, platform.media):
        raise GraphError(131009, "; ".join(dict.fromkeys(told)), noted=True)
    if message.get("type") == "template":
        platform.templates.usable(message["template"])


def chats(message: Raw) -> list[str]:
    """The number without its marks, and the user_id, a message goes to; the number alone counts if both are there."""
    if message.get("to"):
        return [re.sub(r"\D", "", str(message["to"]))]
    return [str(message["recipient"])] if message.get("recipient") else []


def accept(platform: Platform, message: Raw, later: GraphError | None = None) -> Raw:
    """Take a message that keeps the rules; `later` is why it will fail. Raises GraphError."""
    [to] = chats(message)
    person = platform.people.get(to)
    platform.limits.check(person.key if person else to)
    template = message.get("type") == "template"
    if not template and not (person and person.open):
        closed = GraphError(131047)
        if person and not platform.late_window:
            raise closed
        later = later or (closed if person else None)
    later = later or (person.refusal if person else GraphError(131026))
    by_number = bool(message.get("to"))
    wamid = new_id(to, ours=True)
    platform.sent[wamid] = Sent(
        wamid, to if by_number else "", "" if by_number else to, person, message.get("biz_opaque_callback_data", ""),
        _category(platform, message), bool(person and person.open),
    )  # fmt: skip
    if later or not person:
        platform.status(wamid, "failed", later)
    else:
        seen = platform.templates.shown(wamid, message) if template else shown(wamid, message)
        person.gets(seen)
        for status in platform.statuses:
            platform.status(wamid, status)
    contact = {"input": message["to"], "wa_id": to} if by_number else {"input": to, "user_id": to}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}


def read(platform: Platform, message: Raw) -> Raw:
    """The bot has read a message, and perhaps types. Raises GraphError where no person sent it."""
    person = platform.heard.get(message["message_id"])
    if not person:
        raise GraphError(131009, f"no message {message['message_id']!r}", noted=True)
    person.typing = "typing_indicator" in message
    person.changed()
    return {"success": True}


def _category(platform: Platform, message: Raw) -> str:
    if message.get("type") != "template":
        return "service"
    given = message["template"]
    return platform.templates.kept[given["name"], given["language"]["code"]].category.lower()
