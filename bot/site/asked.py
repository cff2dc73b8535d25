"""What a page is made of: what was asked for, and what the page then says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from bot.site.words import Words
from models.public import Outline


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page. `of`: what its path names, by the names of its route; `base`: the site's address."""

    connection: Connection
    outline: Outline
    words: Words
    today: date
    base: str
    of: Mapping[str, Any]

    def url(self, path: str) -> str:
        """The path of a page in this language."""
        return path if self.words.code == "es" else f"/en{path.rstrip('/')}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its template below templates/public/, title, description for search engines, and what it shows."""

    template: str
    title: str
    description: str
    facts: Mapping[str, Any] = field(default_factory=dict)


View = Callable[[Asked], Page | None]
