"""Every limit of Telegram at its edge, and nothing that people wrote changed on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bodies import File
from bot.channels.pieces import pieces, units
from bot.channels.telegram import render
from bot.channels.telegram.render import LONGEST_CAPTION, LONGEST_DATA, LONGEST_TEXT, Call, calls, data
from models.deliveries import Outgoing

PICTURE = {"drawing": "status", "figures": {"done": 3}, "alt": "Avance"}


def drawn(picture: Any) -> bytes:
    assert picture == PICTURE
    return b"png"


def shown(text: str, *labels: str, taps: list[str] | None = None, picture: dict[str, Any] | None = None) -> list[Call]:
    buttons = [{"label": label, "tap": tap} for label, tap in zip(labels, taps or labels, strict=True)]
    message = Outgoing(7, text, buttons, picture, "", datetime(2022, 5, 2, tzinfo=UTC))
    return list(calls(message, 1001, drawn))


def labels(call: Call) -> list[list[str]]:
    return [[button["text"] for button in row] for row in call.params["reply_markup"]["inline_keyboard"]]


def test_words_go_out_as_they_are_with_no_markup_and_no_preview() -> None:
    text = "*Ana_María* <b>[x](y)</b> & `z` cuenta @prensa_narino https://narino.gov.co"
    assert shown(text) == [
        Call("sendMessage", {"chat_id": 1001, "text": text, "link_preview_options": {"is_disabled": True}})
    ]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * LONGEST_TEXT, [4096]),
        ("a" * (LONGEST_TEXT + 1), [4096, 1]),
        ("a" * 3000 + "\n\n" + "b" * 3000, [3000, 3000]),
        ("a" * 3000 + "\n" + "b" * 900 + "\n" + "c" * 900, [3901, 900]),
        ("a" * 2100 + "\n\n" + "b\n" * 1500, [2100, 2999]),
        ("título\n\n" + "palabra " * 600, [4095, 711]),
        ("a" * 1500 + " https://x.co/" + "b" * 3000, [1500, 3013]),
        ("👍" * 2048, [4096]),
        ("👍" * 2049, [4096, 2]),
        ("a" + "👍" * 2048, [4095, 2]),
    ],
    ids="whole hard paragraph line paragraph_first words early_word pairs one_more no_half".split(),
)
def test_long_texts_are_divided_where_it_hurts_least(text: str, lengths: list[int]) -> None:
    assert [units(piece) for piece in pieces(text, LONGEST_TEXT)] == lengths


@given(st.lists(st.sampled_from(["á", "👩‍🌾", " ", "\n", "\n\n", "palabra", "x" * 900, "y" * 5000])).map("".join))
def test_nothing_but_space_is_lost_and_nothing_is_too_long(text: str) -> None:
    found = list(pieces(text, LONGEST_TEXT))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece.strip() and units(piece) <= LONGEST_TEXT for piece in found)


def test_buttons_stand_under_the_last_piece() -> None:
    first, last = shown("a" * 5000, "Sí", "No")
    assert "reply_markup" not in first.params
    assert labels(last) == [["Sí", "No"]]


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    long = "Publicar la agenda de actividades"
    [call] = shown("¿Cuál?", "Sí", "No", "Tal vez", long, "Atrás", "x" * 16, "y" * 17, "Fin")
    assert labels(call) == [["Sí", "No"], ["Tal vez"], [long], ["Atrás", "x" * 16], ["y" * 17], ["Fin"]]


def test_at_most_a_hundred_buttons() -> None:
    [call] = shown("¿Cuál?", *(str(number) for number in range(101)))
    assert sum(map(len, labels(call))) == render.MOST_BUTTONS
    assert all(len(row) <= 8 for row in labels(call))


@pytest.mark.parametrize(
    ("tap", "carried"),
    [
        ("/pendientes", "/pendientes"),
        ("a" * LONGEST_DATA, "a" * LONGEST_DATA),
        ("a" * (LONGEST_DATA + 1), "#7.1"),
        ("ñ" * 32, "ñ" * 32),
        ("ñ" * 32 + "a", "#7.1"),
        ("", "#7.1"),
    ],
)
def test_a_tap_too_long_for_a_button_says_where_it_stands(tap: str, carried: str) -> None:
    [call] = shown("¿Cuál?", "Sí", "No", taps=["/si", tap])
    assert call.params["reply_markup"]["inline_keyboard"][0][1]["callback_data"] == carried
    assert data(7, 1, tap) == carried


def test_the_longest_place_of_a_tap_fits_too() -> None:
    assert len(data(2**63, 99, "a" * 200)) <= LONGEST_DATA


def test_a_picture_carries_a_short_text() -> None:
    text = "a" * LONGEST_CAPTION
    [call] = shown(text, "Sí", picture=PICTURE)
    assert (call.method, call.params["caption"]) == ("sendPhoto", text)
    assert call.files == {"photo": File("status.png", b"png", "image/png")}
    assert labels(call) == [["Sí"]]


@pytest.mark.parametrize("text", ["a" * (LONGEST_CAPTION + 1), "👍" * 513])
def test_a_longer_text_follows_its_picture(text: str) -> None:
    photo, words = shown(text, "Sí", picture=PICTURE)
    assert (photo.method, photo.params) == ("sendPhoto", {"chat_id": 1001, "caption": ""})
    assert (words.method, words.params["text"]) == ("sendMessage", text)
    assert labels(words) == [["Sí"]]
