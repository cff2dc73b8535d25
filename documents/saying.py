"""Texts and days kept as JSON with a drawing's figures, put into words when it is drawn, in its reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from conversation.texts import Joined, Language, Text, render


def said(stored: Any, language: Language) -> str:
    """The words of a string, a text, or a text as JSON, whose arguments may be such texts too."""
    return render(_revived(stored), language)


def _revived(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    if "day" in stored:
        return date.fromisoformat(stored["day"])
    if "parts" in stored:
        return Joined(tuple(_revived(part) for part in stored["parts"]), stored["separator"])
    return Text(stored["key"], stored["many"], {name: _revived(value) for name, value in stored["args"].items()})
