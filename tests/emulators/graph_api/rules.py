"""The limits of the Cloud API that types do not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.media import MOST, TYPES, Media

# Characters.
MOST_TEXT, MOST_BODY, MOST_CAPTION, MOST_HEADER, MOST_FOOTER, MOST_OPAQUE = 4096, 1024, 1024, 60, 60, 512
MOST_TITLE, MOST_ID = 20, 256
MOST_LIST_BUTTON, MOST_SECTION, MOST_ROW, MOST_DESCRIPTION, MOST_ROW_ID = 20, 24, 24, 72, 200
MOST_BUTTONS, MOST_ROWS, MOST_SECTIONS = 3, 10, 10


def broken(message: Raw, media: Media) -> list[str]:
    """Which limits a message of the right shape breaks."""
    kind = message.get("type", "text")
    found = [] if message.get("to") or message.get("recipient") else ["to and recipient are missing"]
    found += _length("biz_opaque_callback_data", message.get("biz_opaque_callback_data", ""), 0, MOST_OPAQUE)
    return found + (_media(kind, message[kind], media) if kind in TYPES else _OWN[kind](message[kind], media))


def _length(name: str, text: str, least: int, most: int) -> list[str]:
    blank = least and not text.strip()
    return [f"{name} has {len(text)} characters of {most}"] if blank or not least <= len(text) <= most else []


def _unique(name: str, values: Iterable[str]) -> list[str]:
    given = list(values)
    return [f"{name} twice: {one!r}" for one in sorted(set(given)) if given.count(one) > 1]


def _text(content: Raw, _media: Media) -> list[str]:
    return _length("text", content["body"], 1, MOST_TEXT)


def _media(kind: str, content: Raw, media: Media) -> list[str]:
    found = _length("caption", content.get("caption", ""), 0, MOST_CAPTION)
    if ("id" in content) == ("link" in content):
        return [*found, f"{kind} needs an id or a link"]
    if "link" in content:
        return found if content["link"].startswith(("http://", "https://")) else [*found, f"{kind}.link is no address"]
    stored = media.kept.get(content["id"])
    if not stored:
        return [*found, f"{kind}: no media {content['id']!r}"]
    if kind != "document" and stored.mime not in TYPES[kind]:
        found.append(f"{kind} of type {stored.mime}")
    return found + ([f"{kind} weighs {stored.size} of {MOST[kind]} bytes"] if stored.size > MOST[kind] else [])


def _location(content: Raw, _media: Media) -> list[str]:
    try:
        inside = abs(float(content["latitude"])) <= 90 and abs(float(content["longitude"])) <= 180
    except ValueError:
        inside = False
    return [] if inside else ["a place that is not on Earth"]


def _reaction(content: Raw, _media: Media) -> list[str]:
    return [] if content["message_id"].startswith("wamid.") else ["reaction.message_id is no wamid"]


def _interactive(content: Raw, media: Media) -> list[str]:
    found = _length("body", content["body"]["text"], 1, MOST_BODY)
    if "footer" in content:
        found += _length("footer", content["footer"]["text"], 1, MOST_FOOTER)
    if header := content.get("header"):
        kind = header["type"]
        if kind not in header:
            found.append(f"header.{kind} is missing")
        elif kind == "text":
            found += _length("header", header["text"], 1, MOST_HEADER)
        else:
            found += _media(kind, header[kind], media)
    if content["type"] == "button":
        return found + _buttons(content["action"]["buttons"])
    if header and header["type"] != "text":
        found.append("the header of a list is text")
    return found + _list(content["action"])


def _buttons(buttons: list[Raw]) -> list[str]:
    replies = [one["reply"] for one in buttons]
    found = [] if 1 <= len(replies) <= MOST_BUTTONS else [f"{len(replies)} buttons"]
    for one in replies:
        found += _length("button title", one["title"], 1, MOST_TITLE) + _length("button id", one["id"], 1, MOST_ID)
    titles, ids = [one["title"] for one in replies], [one["id"] for one in replies]
    return found + _unique("button title", titles) + _unique("button id", ids)


def _list(action: Raw) -> list[str]:
    sections = action["sections"]
    rows = [row for section in sections for row in section["rows"]]
    found = _length("list button", action["button"], 1, MOST_LIST_BUTTON)
    if not 1 <= len(rows) <= MOST_ROWS or not all(section["rows"] for section in sections):
        found.append(f"{len(rows)} rows in {len(sections)} sections")
    for section in sections:
        found += _length("section title", section.get("title", ""), int(len(sections) > 1), MOST_SECTION)
    for row in rows:
        found += _length("row title", row["title"], 1, MOST_ROW) + _length("row id", row["id"], 1, MOST_ROW_ID)
        if "description" in row:
            found += _length("row description", row["description"], 1, MOST_DESCRIPTION)
    return found + _unique("row id", [row["id"] for row in rows])


def _template(content: Raw, media: Media) -> list[str]:
    found = []
    for component in content.get("components", []):
        if component["type"] == "button" and not ("index" in component and component.get("sub_type")):
            found.append("a button without index or sub_type")
        wanted = {"payload"} if component["type"] == "button" else {"text", "image", "document"}
        for parameter in component["parameters"]:
            kind = parameter["type"]
            if kind not in wanted or kind not in parameter:
                found.append(f"{component['type']}: a parameter of type {kind} without {kind}")
            elif kind in TYPES:
                found += _media(kind, parameter[kind], media)
    return found


_OWN: dict[str, Callable[[Any, Media], list[str]]] = {
    "text": _text, "location": _location, "reaction": _reaction, "interactive": _interactive, "template": _template,
}  # fmt: skip
