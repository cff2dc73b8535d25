"""Finds the texts in the code and carries them into the catalogues: `make texts`.

A text is the literal argument of `_("…")` or the first two of `n_("singular", "plural", n)`. What is already
translated stays, what is new arrives empty for someone to translate, what is gone is dropped.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
PACKAGES = ("bot", "conversation", "documents", "handlers", "models", "plans", "scheduler")
_FORMS = {"_": 1, "n_": 2}
# Babel's own header carries the hour and its version, which would make every update a difference.
_HEADER = """\
msgid ""
msgstr ""
"Language: {catalog.locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {catalog.plural_forms}\\n"

"""


class TextError(Exception):
    """A call of `_` or `n_` without a plain literal, which nobody could translate; says where it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """One text in the code.

    forms      ("Falta una foto",) or ("Falta una foto", "Faltan {n} fotos")
    arguments  names given for its placeholders, or None where they come from a mapping (`**values`)
    where      "handlers/officer/report.py:12"
    """

    forms: tuple[str, ...]
    arguments: frozenset[str] | None
    where: str


def texts_in(source: str, where: str) -> Iterator[Found]:
    """The texts of one file's source. Raises TextError."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FORMS):
            continue
        place = f"{where}:{node.lineno}"
        wanted = _FORMS[node.func.id]
        literals = [given.value for given in node.args[:wanted] if isinstance(given, ast.Constant)]
        forms = tuple(literal for literal in literals if isinstance(literal, str) and literal)
        if len(forms) != wanted:
            raise TextError(f"{place}: the text of {node.func.id}() must be a literal, with its values as arguments")
        names = [keyword.arg for keyword in node.keywords]
        names += ["n"] * (wanted - 1)
        arguments = frozenset(name for name in names if name)
        yield Found(forms, None if None in names else arguments, place)


def texts_in_code(root: Path) -> list[Found]:
    """Every text of every package below `root`."""
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return [found for path in paths for found in texts_in(path.read_text("utf-8"), str(path.relative_to(root)))]


def placeholders(text: str) -> frozenset[str]:
    """The names in braces: {"n"} of "Faltan {n} fotos"; {"due"} of "Vence el {due.day}"."""
    fields = (name for _literal, name, _format, _conversion in Formatter().parse(text) if name is not None)
    return frozenset(re.split(r"[.\[]", name)[0] for name in fields)


def read_catalog(path: Path, language: str) -> Catalog:
    """A catalogue file, or an empty catalogue where there is none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def merged(found: list[Found], old: Catalog) -> Catalog:
    """A catalogue of exactly the texts found, with the translations of `old` that still fit."""
    new = Catalog(locale=old.locale)
    for forms in sorted({text.forms for text in found}, key=len):  # a plural last: it stands for its singular too
        known = old.get(forms[0])
        kept = known.string if known and forms_of(known) == forms else None
        new.add(forms if len(forms) > 1 else forms[0], string=kept)
    return new


def untranslated(catalog: Catalog) -> list[str]:
    """The Spanish of the texts that have no translation, or lack one of its forms."""
    return [forms_of(message)[0] for message in catalog if message.id and not all(strings_of(message))]


def forms_of(message: Message) -> tuple[str, ...]:
    """The Spanish forms of a catalogue's message: one, or singular and plural."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def strings_of(message: Message) -> tuple[str, ...]:
    """Its translated forms; "" where there is none."""
    given = message.string or ""
    return tuple(given) if isinstance(given, tuple | list) else (given,)


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Sorted by text and without line numbers, so that a change shows only what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_HEADER.format(catalog=catalog).encode())
        write_po(file, catalog, width=0, omit_header=True, no_location=True, sort_output=True)


def main() -> None:
    """Bring every catalogue up to date and say what is left to translate."""
    found = texts_in_code(HERE.parent)
    for path in sorted(HERE.glob("*/LC_MESSAGES/chasqui.po")):
        language = path.parts[-3]
        catalog = merged(found, read_catalog(path, language))
        write_catalog(path, catalog)
        print(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} to translate")


if __name__ == "__main__":
    main()
