"""What the page may post, and what is said where it may not."""

from __future__ import annotations

import json

import pytest

from tests.bot.web import Phone

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def phone(port: int) -> Phone:
    return Phone(port)


def test_a_message_is_answered(phone: Phone) -> None:
    assert phone.say("hola") == (200, {"ok": True})
    (answer,) = phone.history()
    assert answer["text"]
    assert set(answer) == {"id", "at", "text", "buttons", "picture", "wants", "document"}
    assert all(set(button) == {"label", "tap"} for button in answer["buttons"])


def test_the_same_message_is_taken_once(phone: Phone) -> None:
    for _ in range(3):
        assert phone.say("hola", id="once")[0] == 200
    assert len(phone.history()) == 1


@pytest.mark.parametrize("message_id", ["", "a" * 65, "a b", "á", "../x"])
def test_a_message_needs_a_proper_id(phone: Phone, message_id: str) -> None:
    assert phone.say("hola", id=message_id)[0] == 422


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1", "http://[", ""])
def test_another_page_cannot_write(phone: Phone, origin: str) -> None:
    assert phone.say("hola", headers={"Origin": origin})[0] == 403
    assert phone.acknowledge({"ids": [1]}, headers={"Origin": origin}) == 403
    assert phone.history() == []


def test_a_page_that_hides_its_origin_cannot_write(phone: Phone) -> None:
    assert phone.say("hola", headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_our_own_page_can_write(phone: Phone) -> None:
    assert phone.say("hola", headers={"Origin": f"http://127.0.0.1:{phone.port}"})[0] == 200


def test_without_a_session_there_is_nothing(port: int) -> None:
    stranger = Phone(port)
    stranger.cookies.clear()
    status, answer = stranger.say("hola")
    assert (status, answer["error"]) == (401, "Esta sesión terminó. Recargue la página.")
    assert stranger.fetch("GET", "/chat/me/history")[0] == 401
    assert stranger.fetch("GET", "/chat/officer/history")[0] == 401
    assert stranger.fetch("GET", "/chat/nobody/history")[0] == 404


def test_the_phone_of_another_demonstration_is_not_this_ones(port: int) -> None:
    phone = Phone(port, "officer")
    phone.cookies["chasqui-officer"] = "x" * 43
    assert phone.say("hola")[0] == 401


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (422, {}),
        (422, {"text": "   "}),
        (413, {"text": "a" * 8001}),
        (422, {"text": "a" * 40_000}),
        (422, {"tap": "a" * 201}),
        (422, {"text": "hola", "sent_at": "2022-05-16T10:00:00"}),
        (422, {"text": "hola", "sent_at": "yesterday"}),
        (422, {"text": "hola", "sent_at": "0001-01-01T00:00:00+05:00"}),
        (422, {"place": "91,0"}),
        (422, {"place": "0,181"}),
        (422, {"place": "nan,inf"}),
        (422, {"place": "here"}),
        (200, {"place": "1.21361,-77.28111"}),
        (200, {"text": "zero \0 byte"}),
        (200, {"text": "hola", "sent_at": "2999-01-01T00:00:00Z"}),
    ],
)
def test_what_a_message_may_hold(phone: Phone, status: int, fields: dict[str, str]) -> None:
    answered, answer = phone.say(**fields)
    assert answered == status
    assert len(phone.history()) == (1 if status == 200 else 0)
    assert answer == {"ok": True} if status == 200 else answer["error"].endswith(".")


def test_only_a_form_is_read(phone: Phone) -> None:
    sent = {"Content-Type": "application/json"}
    assert phone.fetch("POST", "/chat/me/messages", b'{"text": "hola"}', sent)[0] == 415


def test_a_form_that_is_cut_off_is_refused(phone: Phone) -> None:
    sent = {"Content-Type": "multipart/form-data; boundary=x"}
    status, _, answer = phone.fetch("POST", "/chat/me/messages", b"not what it says", sent)
    assert status == 422
    assert "dañado" in json.loads(answer)["error"]


def test_more_files_than_a_message_carries(phone: Phone) -> None:
    files = tuple((f"{n}.png", "image/png", PNG) for n in range(11))
    assert phone.say(files=files)[0] == 422


def test_more_than_a_message_may_weigh(phone: Phone) -> None:
    status, answer = phone.say(files=(("big.bin", "", b"0" * (12 << 20)),))
    assert status == 413
    assert "muy grandes" in answer["error"]


@pytest.mark.parametrize(
    "file",
    [
        ("../../etc/passwd", "image/png", b"#!/bin/sh\nrm -rf /"),
        ("foto.svg", "image/svg+xml", b"<svg onload='alert(1)'><script>alert(1)</script></svg>"),
        ("foto.png", "image/png", PNG),
        ("vacio.pdf", "application/pdf", b""),
        ("grande.txt", "text/plain", b"a" * ((1 << 20) + 1)),
    ],
)
def test_a_file_that_cannot_be_kept_is_answered_kindly(phone: Phone, file: tuple[str, str, bytes]) -> None:
    assert phone.say(files=(file,)) == (200, {"ok": True})
    assert phone.history()[0]["text"]


def test_a_flood_is_slowed_down(phone: Phone) -> None:
    answered = {phone.say()[0] for _ in range(60)}
    assert answered == {422, 429}


@pytest.mark.parametrize(
    "body", [{}, [], {"ids": 7}, {"ids": [0]}, {"ids": ["1"]}, {"ids": [True]}, {"ids": [2**63]}, {"ids": [1] * 501}]
)
def test_what_cannot_be_acknowledged(phone: Phone, body: object) -> None:
    assert phone.acknowledge(body) == 422
