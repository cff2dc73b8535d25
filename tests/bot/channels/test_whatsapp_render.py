"""Every limit of WhatsApp at its edge, in the shape of Meta's examples, and nothing that people wrote changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from bot.channels.bodies import File
from bot.channels.pieces import units
from bot.channels.whatsapp import number
from bot.channels.whatsapp.render import WORD_JOINER, Call, as_typed, calls, data
from models.outbox import Parcel
from tests.emulators.graph_api import rules, shapes
from tests.support.tree import ROOT

PICTURE = {"drawing": "status", "figures": {"done": 3}, "alt": "Avance"}
ANA = {"to": "573001112233"}
EXAMPLES = json.loads((ROOT / "tests" / "data" / "meta_send_examples.json").read_text("utf-8"))
LIKE = {
    "text": "Send Text Message", "image": "Send Image Message by ID", "button": "Send Reply Button",
    "list": "Send List Message",
}  # fmt: skip
LONG = "Publicar la agenda de actividades de diálogo del trimestre"


def drawn(picture: Any) -> bytes:
    assert picture == PICTURE
    return b"png"


def shown(text: str, *labels: str, picture: bool = False, taps: list[str] | None = None) -> list[Call]:
    buttons = [{"label": label, "tap": tap} for label, tap in zip(labels, taps or labels, strict=True)]
    found = list(calls(Parcel(7, 1, "573001112233", text, buttons, PICTURE if picture else None, 0), ANA, drawn))
    check(found)
    return found


class Stored:
    """What the platform has of a file it was given."""

    mime, size = "image/png", 3


class Media:
    """The one file that was uploaded."""

    kept = {"900": Stored}  # noqa: RUF012


def check(found: list[Call]) -> None:
    """As Meta shows it, and by the emulator's rules."""
    for part, call in enumerate(found):
        if call.image is not None:
            call.image["id"] = "900"
        body = call.body
        kind = body["interactive"]["type"] if body["type"] == "interactive" else body["type"]
        assert_like(body, EXAMPLES[LIKE[kind]])
        assert body["biz_opaque_callback_data"] == f"7.{part}"
        assert (call.media is None) == (call.image is None)
        assert shapes.problems(body) == []
        assert rules.broken(body, Media()) == []  # type: ignore[arg-type]


def assert_like(body: Any, example: Any) -> None:
    """No key that the example has not; ours are one of a list where it has several."""
    if isinstance(body, dict):
        known = {**example, "biz_opaque_callback_data": "", "caption": "", "header": {"type": "", "image": {"id": ""}}}
        assert body.keys() <= known.keys()
        for key, value in body.items():
            assert_like(value, known[key])
    elif isinstance(body, list):
        for each in body:
            assert_like(each, example[0])
    else:
        assert type(body) is type(example)


def told(call: Call) -> tuple[str, str, list[str]]:
    """Its kind, its text, its buttons."""
    body = call.body
    if body["type"] == "interactive":
        inner, action = body["interactive"], body["interactive"]["action"]
        rows = [row["title"] for section in action.get("sections", ()) for row in section["rows"]]
        return inner["type"], inner["body"]["text"], rows or [one["reply"]["title"] for one in action["buttons"]]
    return body["type"], body[body["type"]].get("body", body[body["type"]].get("caption", "")), []


def test_words_go_out_as_a_text_without_preview() -> None:
    assert shown("Llegó su avance: https://narino.gov.co/a_b_c") == [
        Call({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "573001112233", "type": "text",
            "text": {"body": "Llegó su avance: https://narino.gov.co/a_b_c", "preview_url": False},
            "biz_opaque_callback_data": "7.0",
        })
    ]  # fmt: skip


def test_who_has_no_number_is_written_to_by_their_id() -> None:
    [call] = calls(Parcel(7, 1, "CO.123", "Hola", [], None, 0), {"recipient": "CO.123"}, drawn)
    assert (call.body["recipient"], "to" in call.body) == ("CO.123", False)


@pytest.mark.parametrize(
    ("count", "kinds"),
    [
        (1, [("button", 1)]), (3, [("button", 3)]), (4, [("list", 4)]), (10, [("list", 10)]),
        (11, [("list", 10), ("button", 1)]), (14, [("list", 10), ("list", 4)]),
        (24, [("list", 10), ("list", 10), ("list", 4)]),
    ],
)  # fmt: skip
def test_few_are_buttons_more_a_list_and_many_several(count: int, kinds: list[tuple[str, int]]) -> None:
    found = shown("¿Cuál?", *(f"Opción {n}" for n in range(count)))
    assert [(told(call)[0], len(told(call)[2])) for call in found] == kinds
    assert [label for call in found for label in told(call)[2]] == [f"Opción {n}" for n in range(count)]
    assert [told(call)[1] for call in found] == ["¿Cuál?", *["Más opciones:"] * (len(kinds) - 1)]


def test_a_long_label_is_whole_in_the_description_of_its_row() -> None:
    [call] = shown("¿Cuál?", f"{LONG} I", f"{LONG} II", "Sí", "x" * 80)
    rows = call.body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["title"] for row in rows] == ["Publicar la agenda… I", "Publicar la agenda… II", "Sí", "x" * 23 + "…"]
    assert [row.get("description") for row in rows] == [f"{LONG} I", f"{LONG} II", None, "x" * 71 + "…"]
    assert call.body["interactive"]["action"]["button"] == "Ver opciones"


def test_the_names_of_buttons_differ_as_their_ids_do() -> None:
    [call] = shown("¿Cuál?", f"{LONG} I", f"{LONG} II", f"{LONG} II", taps=["/uno", "/dos", "/dos"])
    replies = [one["reply"] for one in call.body["interactive"]["action"]["buttons"]]
    assert [one["title"] for one in replies] == ["Publicar la… I", "Publicar la… II", "Publicar la… II (2)"]
    assert [one["id"] for one in replies] == ["/uno", "/dos", "#7.2"]


def test_the_words_around_a_list_are_in_the_readers_language() -> None:
    class Shouting:
        """A language whose texts are recognised."""

        def text(self, key: str) -> str:
            return key.upper()

        plural, day = locales.load()["es"].plural, locales.load()["es"].day

    parcel = Parcel(7, 1, "57", "¿Cuál?", [{"label": str(n), "tap": f"/{n}"} for n in range(14)], None, 0)
    first, second = calls(parcel, ANA, drawn, Shouting())
    assert first.body["interactive"]["action"]["button"] == "VER OPCIONES"
    assert told(second)[1] == "MÁS OPCIONES:"


@pytest.mark.parametrize(
    ("tap", "carried"),
    [
        ("/pendientes", "/pendientes"), ("a" * 200, "a" * 200), ("a" * 201, "#7.1"), ("ñ" * 100, "ñ" * 100),
        ("ñ" * 100 + "a", "#7.1"), ("", "#7.1"),
    ],
)  # fmt: skip
def test_a_tap_too_long_for_a_button_says_where_it_stands(tap: str, carried: str) -> None:
    [call] = shown("¿Cuál?", "Sí", "No", taps=["/si", tap])
    assert call.body["interactive"]["action"]["buttons"][1]["reply"]["id"] == data(7, 1, tap) == carried


def test_a_tap_of_the_second_list_is_found_by_its_place() -> None:
    found = shown("¿Cuál?", *(f"Opción {n}" for n in range(14)), taps=["a" * 300] * 14)
    rows = [row for call in found for row in call.body["interactive"]["action"]["sections"][0]["rows"]]
    assert [row["id"] for row in rows] == [f"#7.{n}" for n in range(14)]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 1024, [1024]),
        ("a" * 1025, [1, 1024]),
        ("a" * 1000 + "\n\n" + "b" * 1000, [1000, 1000]),
        ("a" * 1200 + "\n\n" + "b" * 300 + "\n\n¿Está bien?", [1200, 313]),
        ("a" * 5000, [3976, 1024]),
        ("a" * 5121, [4096, 1, 1024]),
        ("👍" * 512, [1024]),
        ("👍" * 513, [2, 1024]),
    ],
    ids="whole hard paragraph question long longer pairs one_more".split(),
)
def test_buttons_stand_under_the_end_of_a_long_text(text: str, lengths: list[int]) -> None:
    found = shown(text, "Sí", "No")
    assert [units(told(call)[1]) for call in found] == lengths
    assert [told(call)[2] for call in found] == [[]] * (len(found) - 1) + [["Sí", "No"]]


def test_a_long_text_without_buttons_needs_the_fewest_messages() -> None:
    assert [units(told(call)[1]) for call in shown("a" * 4097)] == [4096, 1]


@pytest.mark.parametrize(
    ("length", "buttons", "kinds"),
    [
        (1024, 0, ["image 1024"]), (1025, 0, ["image 0", "text 1025"]), (1024, 3, ["button 1024"]),
        (1025, 3, ["image 0", "text 1", "button 1024"]), (1024, 4, ["image 0", "list 1024"]),
        (5000, 11, ["image 0", "text 3976", "list 1024", "button 13"]),
    ],
)  # fmt: skip
def test_a_picture_goes_where_it_costs_no_message(length: int, buttons: int, kinds: list[str]) -> None:
    found = shown("a" * length, *(str(n) for n in range(buttons)), picture=True)
    assert [f"{kind} {units(text)}" for kind, text, _labels in map(told, found)] == kinds
    assert found[0].media == File("status.png", b"png", "image/png")
    assert [call.media for call in found[1:]] == [None] * (len(found) - 1)
    assert '"id": "900"' in json.dumps(found[0].body)


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("*urgente* hoy", "*"), ("quedó _así_", "_"), ("(~no~)", "~"), ("`código`", "`"), ("**_todo_**", "**_"),
        ("```dos\nlíneas```", "```"),
    ],
)  # fmt: skip
def test_signs_that_would_be_markup_are_kept_apart(text: str, opened: str) -> None:
    assert as_typed(text).replace(WORD_JOINER, "") == text
    assert f"{WORD_JOINER}{opened}{WORD_JOINER}" in as_typed(text)


@pytest.mark.parametrize(
    "text",
    [
        "/no_me_toca o /ya_casi",
        "2*3*4",
        "~30 personas",
        "* uno\n* dos",
        "https://x.co/_a_/*b*",
        "A04_2022",
        "a * b * c",
    ],
)
def test_other_signs_are_left_alone(text: str) -> None:
    assert as_typed(text) == text


LABELS = st.lists(st.sampled_from(["á", "👩‍🌾", " ", "\n", "palabra", "x" * 30]), max_size=6).map("".join)


@given(
    st.lists(st.sampled_from(["á", "👩‍🌾", " ", "\n\n", "*b* ", "palabra", "x" * 900]), min_size=1)
    .map("".join)
    .filter(str.strip),
    st.lists(st.tuples(LABELS, st.sampled_from(["", "/a", "/b", "ñ" * 150])), max_size=14),
    st.booleans(),
)
def test_whatever_is_shown_keeps_the_rules_and_the_words(
    text: str, buttons: list[tuple[str, str]], picture: bool
) -> None:
    found = shown(text, *(label for label, _tap in buttons), picture=picture, taps=[tap for _label, tap in buttons])
    said = "".join(told(call)[1] for call in found if told(call)[1] != "Más opciones:")
    assert "".join(said.replace(WORD_JOINER, "").split()) == "".join(text.split())


def test_a_number_is_kept_where_it_fits() -> None:
    assert number("wamid." + "a" * 74) == "wamid." + "a" * 74
    assert (len(number("wamid." + "a" * 75)), number("wamid." + "a" * 75) == number("wamid." + "b" * 75)) == (64, False)
