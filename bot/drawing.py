"""Pictures drawn when they are shown, the newest kept: the same one often goes to several people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

import locales
from documents import pictures
from models.vault import Vault

# Drawn pictures that are kept: some 100 kB each.
KEPT = 16


@lru_cache(KEPT)
def draw(drawing: str, figures: bytes, language: str, dark: bool, vault: Vault | None = None) -> bytes:
    """The PNG of a drawing, `figures` as JSON, its photos from the vault; the newest are kept. Blocks."""
    languages = locales.load()
    return pictures.draw(drawing, orjson.loads(figures), languages.get(language, languages["es"]), dark, vault)


def drawn(vault: Vault, picture: Mapping[str, Any]) -> bytes:
    """The PNG of a delivery's picture, in light. Blocks."""
    figures = orjson.dumps(picture["figures"])
    return draw(picture["drawing"], figures, picture.get("language", "es"), False, vault)
