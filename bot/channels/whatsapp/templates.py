"""Messages that knock after a long silence: as a template that the platform has approved, and how templates stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.whatsapp.labels import cut
from bot.channels.whatsapp.render import Call, as_typed, common
from models.announcements import PRIORITY
from models.outbox import Parcel
from models.templates import APPROVED
from plans.whatsapp_templates import LONGEST_VALUE, PLACE, Wording

# What the button of a template says for the person; for other kinds, to show the very message.
TAPS = {"nudge": "/pendientes", "summary": "/resumen"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of our templates stands in the account.

    status    as models.templates has it; category: what it is priced as
    differs   it says something else there than here
    why       why it was rejected, as the platform says it
    """

    wording: Wording
    status: str
    category: str
    differs: bool = False
    why: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.status == APPROVED and self.category == self.wording.category and not self.differs

    @property
    def row(self) -> tuple[str, str, str, str]:
        """As the database keeps it."""
        return self.wording.name, self.wording.language, self.status, self.category


def template_call(parcel: Parcel, to: Mapping[str, str], wording: Wording) -> Call:
    """The one call that knocks with this message in a line; its button brings what the message is about."""
    value = {"type": "text", "text": one_line(parcel.text)}
    tap = {"type": "payload", "payload": TAPS.get(parcel.kind, f"#{parcel.id}")}
    template = {
        "name": wording.name,
        "language": {"code": wording.language},
        "components": [
            {"type": "body", "parameters": [value]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [tap]},
        ],
    }
    return Call({**common(parcel, to, 0), "type": "template", "template": template})


def one_line(text: str) -> str:
    """The beginning of the text in one line: values may hold no line break, no tab and no run of spaces."""
    parts = (" ".join(line.split()) for line in text.splitlines())
    return cut(as_typed(" · ".join(part for part in parts if part)), LONGEST_VALUE)


def kind_of(parcel: Parcel) -> str:
    """What the message is, in the words of templates: an announcement is the notice that goes to everybody."""
    return "announcement" if parcel.kind == "notice" and parcel.priority == PRIORITY else parcel.kind


def choose(
    wordings: Iterable[Wording], kind: str, language: str, usable: Collection[tuple[str, str]]
) -> Wording | None:
    """The template for a kind of message, in this language or else in Spanish; None where none may be sent."""
    able = {one.language: one for one in wordings if kind in one.kinds and (one.name, one.language) in usable}
    return able.get(language) or able.get("es")


def components(wording: Wording) -> list[dict[str, Any]]:
    """The parts of a template, as the platform is told them."""
    return [
        {"type": "BODY", "text": wording.body, "example": {"body_text": [[wording.example]]}},
        {"type": "FOOTER", "text": wording.footer},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": wording.button}]},
    ]


def standings(wordings: Iterable[Wording], there: Iterable[Mapping[str, Any]]) -> list[Standing]:
    """How our templates stand, given those of the account (account.templates)."""
    known = {(one.get("name"), one.get("language")): one for one in there}
    return [_standing(wording, known.get((wording.name, wording.language))) for wording in wordings]


def _standing(wording: Wording, there: Mapping[str, Any] | None) -> Standing:
    if there is None:
        return Standing(wording, "MISSING", wording.category)
    parts = {str(part.get("type")): part for part in there.get("components") or ()}
    body, buttons = str(parts.get("BODY", {}).get("text")), parts.get("BUTTONS", {}).get("buttons") or ()
    fits = (
        re.findall(r"\{\{.*?\}\}", body) == [PLACE] and "HEADER" not in parts
        and [button.get("type") for button in buttons] == ["QUICK_REPLY"]
    )  # fmt: skip
    said = (body, parts.get("FOOTER", {}).get("text"), *(button.get("text") for button in buttons))
    status = str(there.get("status"))[:20]
    why = str(there.get("rejected_reason") or "")
    return Standing(
        wording, status if fits or status != APPROVED else "MISMATCH", str(there.get("category"))[:20],
        said != (wording.body, wording.footer, wording.button), "" if why == "NONE" else why,
    )  # fmt: skip
