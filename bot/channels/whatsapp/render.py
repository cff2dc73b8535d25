"""From a message in the database to the calls that show it. Never with markup: names and accounts arrive as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.bodies import File, Stored
from bot.channels.pieces import ended, pieces, units
from bot.channels.whatsapp.labels import cut, shortened
from bot.handing import Handing
from conversation.texts import SOURCE, Language, _, render
from models.outbox import Parcel

# WhatsApp's limits, counted in UTF-16 units, and for ids in bytes of UTF-8.
LONGEST_TEXT = 4096
LONGEST_BODY = 1024  # above buttons; also a caption
LONGEST_BUTTON, LONGEST_ROW, LONGEST_DESCRIPTION = 20, 24, 72
LONGEST_ID = 200  # of a row; that of a button may be longer
MOST_BUTTONS, MOST_ROWS = 3, 10
MOST_BYTES = 100_000_000  # of a document

# What WhatsApp would show as bold, slanted, struck or as code, hiding the signs: *so*, _so_, ~so~, `so`. There is no
# switch against it and no official way to escape it. A sign opens only after a space or punctuation and before a
# letter, so a word joiner, which nobody sees, goes on both sides of each that could. Links stay as they are. Lists and
# quotations ("- ", "1. ", "> ") keep their signs anyway.
MARKUP = re.compile(r"https?://\S+|(?<!\w)([*_~`]*([*_~`]))(?=\S)(?=.*\2)", re.DOTALL)
SIGNS = re.compile("[*_~`]")
WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Call:
    """One POST to /messages.

    media  a file to upload first; the id it gets goes into `image`, a part of the body: `call.image["id"] = …`
    """

    body: dict[str, Any]
    media: File | Stored | None = None
    image: dict[str, str] | None = None


def calls(
    parcel: Parcel, to: Mapping[str, str], draw: Callable[[Mapping[str, Any]], bytes], language: Language = SOURCE,
    handing: Handing | None = None,
) -> tuple[Call, ...]:  # fmt: skip
    """The calls that show a message, in order; the buttons stand under the last of its text.

    to        {"to": phone} or {"recipient": user id}
    draw      makes a PNG of {"drawing", "figures", "alt"}; it may take long: call this in a thread where there is one
    language  the reader's

    More buttons than a list holds go on in another. Numbers to be typed would have to be remembered, and most buttons
    are commands, for which no open question could read a number.
    """
    text, picture, document, file = parcel.text, parcel.picture, parcel.document, None
    if document and handing:
        file = handing.file(document, MOST_BYTES)
        text = text if file else f"{text}\n\n{handing.instead(parcel.id, document)}"
    text = as_typed(text).strip()
    before, last = ended(text, LONGEST_BODY) if parcel.buttons else (text, "")
    bodies: list[dict[str, Any]] = [
        {"type": "text", "text": {"body": piece, "preview_url": False}} for piece in pieces(before, LONGEST_TEXT)
    ]
    bodies += [
        _interactive(parcel, start, last if start == 0 else render(_("Más opciones:"), language), language)
        for start in range(0, len(parcel.buttons), MOST_ROWS)
    ]
    photo: File | None = None
    image: dict[str, str] = {}
    if picture:
        photo = File(f"{picture['drawing']}.png", draw(picture), "image/png")
        if 0 < len(parcel.buttons) <= MOST_BUTTONS and not before:
            bodies[0]["interactive"]["header"] = {"type": "image", "image": image}
        elif not parcel.buttons and units(text) <= LONGEST_BODY:
            image["caption"] = text
            bodies = [{"type": "image", "image": image}]
        else:
            bodies.insert(0, {"type": "image", "image": image})
    sheet: dict[str, str] = {}
    if document and file:
        alone = not parcel.buttons and not picture and units(text) <= LONGEST_BODY
        sheet |= {"filename": file.name, "caption": text if alone else as_typed(document["caption"])}
        bodies = [*([] if alone else bodies), {"type": "document", "document": sheet}]
    made = [Call({**common(parcel, to, part), **body}) for part, body in enumerate(bodies)]
    if photo:
        made[0] = replace(made[0], media=photo, image=image)
    if file:
        made[-1] = replace(made[-1], media=file, image=sheet)
    return tuple(made)


def common(parcel: Parcel, to: Mapping[str, str], part: int) -> dict[str, Any]:
    """What every call holds; by the last of it statuses tell of which part of which delivery they are."""
    whose = {"messaging_product": "whatsapp", "recipient_type": "individual", **to}
    return {**whose, "biz_opaque_callback_data": f"{parcel.id}.{part}"}


def _interactive(parcel: Parcel, start: int, text: str, language: Language) -> dict[str, Any]:
    """A text with the buttons from `start` on, or with a list of them where they are many."""
    labels: list[str] = []
    ids: list[str] = []
    for at, button in enumerate(parcel.buttons[start : start + MOST_ROWS], start):
        one = data(parcel.id, at, button["tap"])
        ids.append(one if one not in ids else data(parcel.id, at, ""))  # one message may not hold the same id twice
        labels.append(" ".join(button["label"].split()))
    action: dict[str, Any]
    if len(ids) <= MOST_BUTTONS:
        titles = zip(ids, shortened(tuple(labels), LONGEST_BUTTON), strict=True)
        action = {"buttons": [{"type": "reply", "reply": {"id": one, "title": title}} for one, title in titles]}
        return {"type": "interactive", "interactive": {"type": "button", "body": {"text": text}, "action": action}}
    rows = [_row(*row) for row in zip(ids, labels, shortened(tuple(labels), LONGEST_ROW), strict=True)]
    action = {"button": render(_("Ver opciones"), language), "sections": [{"rows": rows}]}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": text}, "action": action}}


def _row(one: str, label: str, title: str) -> dict[str, str]:
    row = {"id": one, "title": title}
    if label not in (title, ""):
        row["description"] = cut(label, LONGEST_DESCRIPTION)
    return row


def data(delivery_id: int, index: int, tap: str) -> str:
    """What the button carries: its tap, or where to look it up, "#<delivery>.<button>", if that is too long."""
    return tap if 1 <= len(tap.encode()) <= LONGEST_ID else f"#{delivery_id}.{index}"


def as_typed(text: str) -> str:
    """The text so that none of its signs is taken for markup."""
    if not SIGNS.search(text):  # as most are
        return text
    return MARKUP.sub(lambda m: f"{WORD_JOINER}{m[1]}{WORD_JOINER}" if m[1] else m[0], text)
