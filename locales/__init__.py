"""Translations of the texts people read, which are written in Spanish: LANGUAGE/LC_MESSAGES/chasqui.po."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
# The way days are written in each: "24 de mayo de 2022", "24 May 2022".
DAYS = {"es": Locale("es", "CO"), "en": Locale("en", "GB")}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A language as `conversation.texts.render` needs it; a text it does not have stays Spanish.

    forms  translated forms by the Spanish text (of a plural: by its singular); form: which one a number takes
    """

    forms: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]
    days: Locale

    def text(self, key: str) -> str:
        """The translation of a text."""
        return self.forms.get(key, (key,))[0]

    def plural(self, one: str, many: str, n: int) -> str:
        """The translation of a text that counts."""
        return self.forms.get(one, (one, many))[self.form(n)]

    def day(self, day: date) -> str:
        """A day, written out."""
        return _written(day, self.days)


@lru_cache(maxsize=1000)
def _written(day: date, days: Locale) -> str:
    return format_date(day, "long", days)


@cache
def load() -> dict[str, Catalogue]:
    """The languages by their code. Raises PoFileError for a damaged catalogue."""
    return {code: _catalogue(code, days) for code, days in DAYS.items()}


def _catalogue(code: str, days: Locale) -> Catalogue:
    path = HERE / code / "LC_MESSAGES" / "chasqui.po"
    catalog = Catalog(locale=code)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=code, abort_invalid=True)
    forms = {}
    for message in catalog:
        key, said = message.id, message.string
        strings = tuple(said) if isinstance(said, tuple | list) else (said or "",)
        if key and all(strings) and not message.fuzzy:
            forms[key if isinstance(key, str) else key[0]] = strings
    return Catalogue(forms, gettext.c2py(catalog.plural_expr), days)
