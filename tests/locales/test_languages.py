"""The languages as people read them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import locales
from conversation.texts import Text, n_, render


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> locales.Catalogue:
    """English with three texts of its own: one translated, one that counts, one only guessed."""
    path = tmp_path / "en" / "LC_MESSAGES" / "chasqui.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        '\nmsgid "Falta {n}"\nmsgid_plural "Faltan {n}"\nmsgstr[0] "{n} is missing"\nmsgstr[1] "{n} are missing"\n'
        '\nmsgid "Listo"\nmsgstr "Done"\n\n#, fuzzy\nmsgid "Hoy"\nmsgstr "Yesterday"\n\nmsgid "Ayer"\nmsgstr ""\n',
        "utf-8",
    )
    monkeypatch.setattr(locales, "HERE", tmp_path)
    locales.load.cache_clear()
    yield locales.load()["en"]
    locales.load.cache_clear()


def test_days_are_written_out_in_each_language() -> None:
    languages = locales.load()
    assert languages["es"].day(date(2022, 5, 24)) == "24 de mayo de 2022"
    assert languages["en"].day(date(2022, 5, 24)) == "24 May 2022"


def test_spanish_is_the_language_of_the_code() -> None:
    spanish = locales.load()["es"]
    assert render(Text("Falta {x}", args={"x": "algo"}), spanish) == "Falta algo"
    assert [render(n_("{n} foto", "{n} fotos", n), spanish) for n in (0, 1, 2)] == ["0 fotos", "1 foto", "2 fotos"]


def test_a_translation_is_used_in_its_form(translated: locales.Catalogue) -> None:
    assert translated.text("Listo") == "Done"
    said = [render(n_("Falta {n}", "Faltan {n}", n), translated) for n in (0, 1, 2)]
    assert said == ["0 are missing", "1 is missing", "2 are missing"]


def test_what_is_not_translated_stays_spanish(translated: locales.Catalogue) -> None:
    assert [translated.text(key) for key in ("Ayer", "Hoy", "Nunca dicho")] == ["Ayer", "Hoy", "Nunca dicho"]
    assert translated.plural("uno", "muchos", 2) == "muchos"


def test_a_missing_catalogue_leaves_everything_spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locales, "HERE", tmp_path)
    locales.load.cache_clear()
    assert locales.load()["en"].text("Listo") == "Listo"
    locales.load.cache_clear()
