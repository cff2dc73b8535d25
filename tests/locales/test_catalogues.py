"""Every text is translated, and a translation fills in the same values as its original."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from locales.update import (
    Found,
    TextError,
    forms_of,
    merged,
    placeholders,
    read_catalog,
    strings_of,
    texts_in,
    texts_in_code,
    untranslated,
    write_catalog,
)
from tests.support.tree import ROOT

PATHS = sorted((ROOT / "locales").glob("*/LC_MESSAGES/chasqui.po"))
CATALOGS = {path.parts[-3]: read_catalog(path, path.parts[-3]) for path in PATHS}


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return texts_in_code(ROOT)


@pytest.fixture(params=CATALOGS)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return CATALOGS[request.param]


def test_english_ships() -> None:
    assert "en" in CATALOGS


def test_a_text_names_exactly_the_values_it_is_given(found: list[Found]) -> None:
    # A plural always gets `n`, and need not say it.
    unsaid = {text: {"n"} if len(text.forms) > 1 else set() for text in found}
    wrong = {
        text.where: text.forms[-1]
        for text in found
        if text.arguments is not None and placeholders("".join(text.forms)) | unsaid[text] != text.arguments
    }
    assert not wrong


def test_a_text_has_one_plural_only(found: list[Found]) -> None:
    plurals: dict[str, set[str]] = {}
    for text in found:
        plurals.setdefault(text.forms[0], set()).update(text.forms[1:])
    assert not {singular: many for singular, many in plurals.items() if len(many) > 1}


def test_a_catalogue_has_exactly_the_texts_of_the_code(catalog: Catalog, found: list[Found]) -> None:
    """Mend it with `make texts`."""
    kept = {forms_of(message) for message in catalog if message.id}
    assert kept == {forms_of(message) for message in merged(found, catalog) if message.id}
    assert not catalog.obsolete


def test_nothing_is_left_to_translate(catalog: Catalog) -> None:
    assert not untranslated(catalog)
    assert not [message.id for message in catalog if message.id and message.fuzzy]


def test_a_translation_keeps_the_placeholders(catalog: Catalog) -> None:
    wrong = []
    for message in catalog:
        forms, strings = forms_of(message), [string for string in strings_of(message) if string]
        asked = placeholders("".join(forms))
        wrong += [(forms[-1], string) for string in strings if not placeholders(string) <= asked]
        wrong += [(forms[-1], string) for string in strings[-1:] if not placeholders(forms[-1]) <= placeholders(string)]
    assert not wrong


@pytest.mark.parametrize("call", ["_(text)", '_(f"Van {n}")', '_("Van " + n)', "_()", '_("")', 'n_("una", many, n)'])
def test_a_text_that_could_not_be_translated_is_refused(call: str) -> None:
    with pytest.raises(TextError, match=r"x\.py:1"):
        list(texts_in(call, "x.py"))


def test_texts_are_found_with_their_arguments() -> None:
    source = '_("Falta " "{x}", x=_("la foto"))\nn_("una {a}", "{n} de {a}", 3, a=1)\n_("{a}", **values)'
    assert set(texts_in(source, "x.py")) == {
        Found(("Falta {x}",), frozenset({"x"}), "x.py:1"),
        Found(("la foto",), frozenset(), "x.py:1"),
        Found(("una {a}", "{n} de {a}"), frozenset({"n", "a"}), "x.py:2"),
        Found(("{a}",), None, "x.py:3"),
    }


def test_an_update_keeps_what_still_fits_and_is_quiet_the_second_time(tmp_path: Path) -> None:
    old = Catalog(locale="en")
    old.add("Listo", string="Done")
    old.add("Ya no se dice", string="Gone")
    old.add("Falta {n}", string="Missing {n}")
    code = 'x = _("Listo"), _("Nuevo\\nde dos líneas"), n_("Falta {n}", "Faltan {n}", 2), _("Falta {n}", n=1)'
    found = list(texts_in(code, "x.py"))
    path = tmp_path / "chasqui.po"
    write_catalog(path, merged(found, old))
    first = path.read_text("utf-8")
    again = merged(found, read_catalog(path, "en"))
    write_catalog(path, again)
    assert path.read_text("utf-8") == first
    assert sorted(untranslated(again)) == ["Falta {n}", "Nuevo\nde dos líneas"]
    listo = again.get("Listo")
    assert listo is not None
    assert listo.string == "Done"
    assert "Ya no se dice" not in first
