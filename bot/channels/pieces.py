"""Long texts in parts that fit. Lengths are in UTF-16 units: no other count of a text is greater."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Where a long text is divided, best first, and the share of a piece that must be full by then.
BREAKS = (("\n\n", 0.5), ("\n", 0.5), (" ", 0.0))
JOINER, HALF_FLAGS = "\u200d", re.compile("[\U0001f1e6-\U0001f1ff]+$")
# No character that people see is written with more than this.
LONGEST_CHARACTER = 40


def units(text: str) -> int:
    """How long the text is."""
    return len(text.encode("utf-16-le")) // 2


def pieces(text: str, most: int) -> Iterator[str]:
    """The text in parts that fit, divided between paragraphs, or lines, or words, or wherever it must be."""
    text = text.strip()
    while text:
        cut = len(head(text, most))
        if cut < len(text):
            places = ((text.rfind(between, 0, cut), least) for between, least in BREAKS)
            cut = next((place for place, least in places if place > least * cut), cut)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()


def ended(text: str, most: int) -> tuple[str, str]:
    """The text in two parts of which the second fits: it begins with a paragraph, or a line, or a word where it can.

    The first is empty where the whole fits.
    """
    text = text.strip()
    if 2 * len(text) <= most:
        return "", text
    whole = text.encode("utf-16-le")
    start = len(text) - len(whole[max(len(whole) - 2 * most, 0) :].decode("utf-16-le", "ignore"))
    if start == 0:
        return "", text
    start = next((at for at in range(start, min(start + LONGEST_CHARACTER, len(text))) if not _inside(text, at)), start)
    places = (text.find(between, start) for between, _least in BREAKS)
    cut = next((place for place in places if place >= 0), start)
    return text[:cut].rstrip(), text[cut:].lstrip()


def head(text: str, most: int) -> str:
    """As much of the beginning as fits, no character halved, nor one that is written with several: 👩‍🌾, 🇨🇴, é."""
    if 2 * len(text) <= most:
        return text
    fits = text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
    for end in range(len(fits), max(len(fits) - LONGEST_CHARACTER, 0), -1):
        if not _inside(text, end):
            return text[:end]
    return fits


def _inside(text: str, at: int) -> bool:
    """Whether what people see as one character stands around this place."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if HALF_FLAGS.match(after) and (halves := HALF_FLAGS.search(text, max(at - LONGEST_CHARACTER, 0), at)):
        return len(halves[0]) % 2 == 1
    belongs = "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f"
    return belongs or JOINER in (before, after) or unicodedata.category(after).startswith("M")
