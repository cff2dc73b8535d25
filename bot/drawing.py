"""Pictures drawn when they are shown, the newest kept: the same one often goes to several people."""

from __future__ import annotations

from functools import lru_cache

import orjson

import locales
from documents import pictures

# Drawn pictures that are kept: some 100 kB each.
KEPT = 16


@lru_cache(KEPT)
def draw(drawing: str, figures: bytes, language: str, dark: bool) -> bytes:
    """The PNG of a drawing, `figures` as JSON; the newest are kept. Blocks."""
    languages = locales.load()
    return pictures.draw(drawing, orjson.loads(figures), languages.get(language, languages["es"]), dark)
