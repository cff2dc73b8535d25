"""Labels on small buttons: short, told apart, no character halved. And long texts, divided for every channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pieces import ended, head, units
from bot.channels.whatsapp.labels import shortened

# A flag and a family are one character each to who reads them.
CHARACTERS = st.sampled_from(["á", "e\u0301", "👩‍🌾", "🇨🇴", "👍🏽", "a", "b", " ", "\n", "palabra", "…", "(2)"])
TEXTS = st.lists(CHARACTERS, max_size=30).map("".join)


@pytest.mark.parametrize(
    ("labels", "most", "short"),
    [
        (["Sí", "No"], 20, ["Sí", "No"]),
        (["Seguir con lo que dejé a medias"], 20, ["Seguir con lo que…"]),
        (["Ver  lo\nque falta"], 20, ["Ver lo que falta"]),
        (["Admitir a María del Carmen", "No admitir a María del Carmen"], 20,
         ["Admitir a María del…", "No admitir a María…"]),
        (["Publicar la agenda de actividades de diálogo I", "Publicar la agenda de actividades de diálogo II"], 24,
         ["Publicar la agenda… I", "Publicar la agenda… II"]),
        (["Secretaría de Educación Departamental", "Secretaría de Educación Municipal"], 20,
         ["Secre… Departamental", "Secre… Municipal"]),
        (["Reportar la actividad de la dependencia", "Reportar la actividad de la dependencia de TIC"], 20,
         ["…dependencia", "…dependencia de TIC"]),
        (["Ana Lucía", "Ana Lucía", "Ana Lucía (2)"], 20, ["Ana Lucía", "Ana Lucía (2)", "Ana Lucía (2) (2)"]),
        (["x" * 30, "x" * 31], 20, ["x" * 19 + "…", "x" * 15 + "… (2)"]),
        (["Descentralizaciones ya"], 20, ["Descentralizaciones…"]),
        (["👩‍🌾" * 5], 20, ["👩‍🌾" * 3 + "…"]),
        (["", " "], 20, ["…", "… (2)"]),
    ],
    ids="fit words lines unlike end end_and_start beginning_of_other same hard edge whole_emoji empty".split(),
)  # fmt: skip
def test_labels_are_cut_where_they_can_be_told_apart(labels: list[str], most: int, short: list[str]) -> None:
    assert shortened(tuple(labels), most) == tuple(short)


@given(st.lists(TEXTS, max_size=12), st.sampled_from([20, 24]))
def test_labels_fit_differ_and_keep_whole_characters(labels: list[str], most: int) -> None:
    short = shortened(tuple(labels), most)
    assert len(short) == len(labels)
    assert len(set(short)) == len(short)
    assert all(1 <= units(label) <= most and label == " ".join(label.split()) for label in short)
    for label, whole in zip(short, labels, strict=True):
        assert label.count("\u200d") == label.count("👩‍🌾")
        assert label.count("🇨") == label.count("🇨🇴") == label.count("🇴")
        if units(whole) <= most and sum(" ".join(whole.split()) == " ".join(each.split()) for each in labels) == 1:
            assert label.startswith((" ".join(whole.split()), "…"))


@given(TEXTS.filter(str.strip), st.integers(12, 40))
def test_the_end_of_a_text_fits_and_nothing_but_space_is_lost(text: str, most: int) -> None:
    before, last = ended(text, most)
    assert "".join((before + last).split()) == "".join(text.split())
    assert last
    assert units(last) <= most
    assert not before or units(text.strip()) > most


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("uno dos", ("", "uno dos")),
        ("uno dos tres\n\ncuatro cinco", ("uno dos tres", "cuatro cinco")),
        ("uno dos\ntres cuatro\ncinco", ("uno dos", "tres cuatro\ncinco")),
        ("uno dos tres cuatro cinco", ("uno dos", "tres cuatro cinco")),
        ("x" * 30, ("x" * 12, "x" * 18)),
        ("🇨🇴" * 5, ("🇨🇴", "🇨🇴" * 4)),
    ],
)
def test_the_end_begins_with_a_paragraph_a_line_or_a_word(text: str, parts: tuple[str, str]) -> None:
    assert ended(text, 18) == parts


@pytest.mark.parametrize("text", ["e" + "\u0301" * 100, "\u0301" * 100, "🇨🇴" * 100, "👩" + "‍👩" * 60])
def test_what_never_ends_is_cut_all_the_same(text: str) -> None:
    assert 1 <= units(head(text, 50)) <= 50
