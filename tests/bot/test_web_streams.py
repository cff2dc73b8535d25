"""What is said reaches every window that looks, at once, and again until it was seen."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.bot.web import Phone


@pytest.fixture
def phone(port: int) -> Phone:
    return Phone(port)


def test_an_answer_comes_down_the_open_stream(phone: Phone) -> None:
    with phone.listening() as events:
        phone.say("hola")
        assert events.next() == phone.history()[0]


def test_a_second_browser_holds_the_same_phone(port: int) -> None:
    first, second = Phone(port, "citizen"), Phone(port, "citizen")
    with second.listening() as events:
        first.say("hola")
        assert events.next() == first.history()[-1]


def test_a_stream_goes_on_after_the_last_message_seen(phone: Phone) -> None:
    for text in ("hola", "ayuda", "hola"):
        phone.say(text)
    ids = [message["id"] for message in phone.history()]
    assert phone.acknowledge({"ids": ids}) == 204
    with phone.listening(last=ids[0]) as events:
        assert [events.next()["id"] for _ in range(2)] == ids[1:]


def test_what_was_not_seen_comes_again_and_what_was_seen_does_not(phone: Phone) -> None:
    for text in ("hola", "ayuda"):
        phone.say(text)
    first, second = (message["id"] for message in phone.history())
    phone.acknowledge({"ids": [first]})
    with phone.listening() as events:
        assert events.next()["id"] == second


def test_nobody_confirms_the_messages_of_others(phone: Phone) -> None:
    phone.say("hola")
    message = phone.history()[0]
    assert Phone(phone.port).acknowledge({"ids": [message["id"]]}) == 204
    with phone.listening() as events:
        assert events.next() == message


def test_a_phone_is_open_in_ten_windows_at_most(phone: Phone) -> None:
    with ExitStack() as stack:
        streams = [stack.enter_context(phone.listening()) for _ in range(11)]
        assert [stream.status for stream in streams] == [200] * 10 + [429]
