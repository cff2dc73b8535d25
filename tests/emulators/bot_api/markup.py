"""Marked text: what a person reads, and where the marks are, in UTF-16 units as the platform counts them."""

from __future__ import annotations

import html
import re
from typing import Any

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-z-]+)(?P<rest>[^<>]*)>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|<")
_TYPED = {
    "bot_command": re.compile(r"(?<!\S)/\w{1,32}(?:@\w{3,32})?", re.ASCII),
    "mention": re.compile(r"(?<![\w/])@\w{3,32}", re.ASCII),
    "url": re.compile(r"https?://[^\s<>]+"),
}


class MarkupError(Exception):
    """The text cannot be read as it is marked."""


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def typed(text: str) -> list[dict[str, Any]]:
    """The marks the platform sets in what a person types: commands, mentions, addresses."""
    found = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}
        for kind, pattern in _TYPED.items()
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda mark: mark["offset"])


def plain(text: str, mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """The text as it is read, and its marks. Reads HTML only; raises MarkupError."""
    if not mode:
        return text, typed(text)
    if mode.upper() != "HTML":
        raise MarkupError(f"the emulator does not read {mode}")
    said, at, length = [], 0, 0
    opened: list[tuple[str, int, dict[str, Any]]] = []
    marks: list[dict[str, Any]] = []
    for piece in _PIECE.finditer(text):
        before = text[at : piece.start()]
        at = piece.end()
        if piece["tag"] is None:
            if piece.group() == "<":
                raise MarkupError(f'unsupported start tag at "{text[piece.start() :][:20]}"')
            before += html.unescape(piece.group())
        said.append(before)
        length += units(before)
        if piece["end"]:
            if not opened or opened[-1][0] != piece["tag"]:
                raise MarkupError(f'unexpected end tag "{piece["tag"]}"')
            _, start, mark = opened.pop()
            marks.append({**mark, "offset": start, "length": length - start})
        elif piece["tag"]:
            opened.append((piece["tag"], length, _mark(piece["tag"], piece["rest"])))
    if opened:
        raise MarkupError(f'no end tag for "{opened[-1][0]}"')
    shown = "".join(said) + text[at:]
    return shown, sorted((mark for mark in marks if mark["length"]), key=lambda mark: mark["offset"])


def _mark(tag: str, rest: str) -> dict[str, Any]:
    if tag not in TAGS:
        raise MarkupError(f'unsupported start tag "{tag}"')
    if tag != "a":
        return {"type": TAGS[tag]}
    address = re.search(r"""href=["']([^"']*)["']""", rest)
    return {"type": "text_link", "url": html.unescape(address[1]) if address else ""}
