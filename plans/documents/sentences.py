"""Does this cell go on with the one before? And the numbering some plans put before the text."""

from __future__ import annotations

import re
from typing import Literal

Goes = Literal["on", "perhaps", "no"]

CONNECTOR = re.compile(
    r"(?:[,/(\-–]|\b(?:a|al|ante|con|de|del|desde|e|el|en|entre|hacia|hasta|la|las|lo|los|o|para|por|que|según|se|"
    r"sin|sobre|su|sus|tras|u|un|una|y))$",
    re.IGNORECASE,
)
INFINITIVE = re.compile(r"\w+[aeií]r(?:se|la|lo|las|los)?\b", re.IGNORECASE)
NUMBERING = re.compile(
    r"""^(?: (\d{1,2}(?:\.\d{1,2}){1,3}) (?!\.?\d|\s*%) [.):\-–]* (?=\W|[^\W\d_]|$)  # 1.1   1.1.   1.12-
          |  (\d{1,3}) \s* [.)\-–] \s* (?=[^\W\d_]|["“«¿¡]|$)                         # 1.  1)  1 -
          ) \s* [-–:]? \s*""",
    re.VERBOSE,
)


def split_number(text: str) -> tuple[str, str]:
    """("1.1", "Publicar") from "1.1. Publicar"; ("", text) where the text has no numbering of its own."""
    found = NUMBERING.match(text)
    return ((found[1] or found[2]), text[found.end() :]) if found else ("", text)


def goes_on(before: str, after: str) -> Goes:
    """Whether `after`, at the top of a page, continues the sentence `before` at the foot of the page before.

    Small letters prove it only where the plan does not write everything so. An infinitive opens an activity.
    """
    if not before or not after:
        return "no"
    ended = before[-1] in ".;:!?"
    if CONNECTOR.search(before) or (after[0].islower() and not before[0].islower() and not ended):
        return "on"
    if after[0] in ",;.)*•" or after[0].islower():
        return "perhaps"
    return "no" if ended or INFINITIVE.match(after) else "perhaps"
