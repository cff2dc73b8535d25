"""What the webhook is told, in the words of the Cloud API."""

from __future__ import annotations

import base64
import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.faults import NONE, Fault


@dataclass(frozen=True, slots=True)
class Event:
    """One message, status or other news.

    lane   events of one lane keep their order; lanes go side by side
    kind   the webhook field
    part   the list in the value that `body` stands in; empty: `body` is the whole value
    """

    lane: str
    body: Raw
    kind: str = "messages"
    part: str = "messages"
    contact: Raw | None = None
    fault: Fault = field(default=NONE)


def new_id(wa_id: str, *, ours: bool = False) -> str:
    """A wamid as the platform makes them: it holds the person's number, and is new after every restart."""
    head, mark = (b"\x11\x18\x12", secrets.token_hex(9)) if ours else (b"\x12\x18\x14", secrets.token_hex(10))
    number = wa_id.encode()
    raw = b"\x1c\x18" + bytes([len(number) % 256]) + number + b"\x15\x02\x00" + head + mark.upper().encode() + b"\x00"
    return f"wamid.{base64.b64encode(raw).decode()}"


def payload(account: str, metadata: Raw, events: Sequence[Event]) -> Raw:
    """One POST: events of the same kind side by side share a change."""
    changes = []
    for (kind, part), group in itertools.groupby(events, lambda event: (event.kind, event.part)):
        together = list(group)
        if not part:
            changes += [{"value": event.body, "field": kind} for event in together]
            continue
        value: Raw = {"messaging_product": "whatsapp", "metadata": metadata}
        contacts = [event.contact for event in together if event.contact]
        if contacts:
            value["contacts"] = [one for at, one in enumerate(contacts) if one not in contacts[:at]]
        changes.append({"value": {**value, part: [event.body for event in together]}, "field": kind})
    return {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": changes}]}
