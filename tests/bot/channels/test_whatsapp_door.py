"""The door Meta posts to: nothing forged, cut off or too large comes through, and nothing that came through is lost."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.door import LARGEST, webhook
from bot.channels.whatsapp.signature import genuine, signed

SECRET, WORD = "very-secret", "una palabra ñ"
HELLO = b'{"entry":[]}'


@dataclass
class Book:
    """Takes everything, and writes it down; or fails."""

    taken: list[Any] = field(default_factory=list)
    fails: bool = False

    async def take(self, payload: dict[str, Any]) -> None:
        if self.fails:
            raise RuntimeError(payload)
        self.taken.append(payload)


async def knock(
    book: Book, body: bytes = b"", given: bytes | None = None, method: str = "POST", query: str = "",
    secret: str = SECRET, word: str = WORD, pieces: Iterable[bytes] | None = None,
) -> tuple[int, bytes]:  # fmt: skip
    parts = list(pieces or [body])
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request"} if pieces is None else {"type": "http.disconnect"})
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    given = signed(SECRET, body) if given is None else given
    headers = [(b"host", b"x"), *([(b"x-hub-signature-256", given)] if given else [])]
    scope = {"type": "http", "method": method, "query_string": query.encode(), "headers": headers, "path": "/whatsapp"}
    await webhook(book, secret, word)(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


def challenge(mode: str = "subscribe", word: str = WORD, said: str = "1158201444") -> str:
    return urlencode({"hub.mode": mode, "hub.verify_token": word, "hub.challenge": said})


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (challenge(), (200, b"1158201444")),
        (challenge(said=""), (200, b"")),
        (challenge("unsubscribe"), (403, b"")),
        (challenge(word="otra"), (403, b"")),
        (challenge(word=""), (403, b"")),
        ("", (403, b"")),
        ("hub.verify_token=%ff%00&hub.mode", (403, b"")),
    ],
)
async def test_the_challenge(query: str, answer: tuple[int, bytes]) -> None:
    assert await knock(Book(), method="GET", query=query) == answer


async def test_where_no_word_was_agreed_none_is_right() -> None:
    for word in ("", "x"):
        assert await knock(Book(), method="GET", query=challenge(word=word), word="") == (403, b"")


async def test_what_is_signed_is_taken_and_then_answered() -> None:
    book = Book()
    assert await knock(book, HELLO) == (200, b"")
    assert book.taken == [{"entry": []}]


@pytest.mark.parametrize(
    "given",
    [b"", b"sha256=", signed("other", HELLO), signed(SECRET, HELLO + b" "), signed(SECRET, HELLO)[7:],
     signed("", HELLO), b"sha1=" + signed(SECRET, HELLO)[7:], "sha256=ñ".encode(), signed(SECRET, HELLO)[:-1]],
)  # fmt: skip
async def test_what_is_forged_is_not(given: bytes) -> None:
    book = Book()
    assert await knock(book, HELLO, given=given) == (403, b"")
    assert not book.taken


async def test_where_there_is_no_secret_nothing_is_genuine() -> None:
    book = Book()
    assert (await knock(book, HELLO, given=signed("", HELLO), secret=""))[0] == 403
    assert not genuine("", HELLO, signed("", HELLO))
    assert not book.taken


async def test_what_is_cut_off_is_not_taken() -> None:
    book = Book()
    assert (await knock(book, HELLO, pieces=[HELLO[:5]]))[0] == 403
    assert not book.taken


async def test_three_megabytes_and_not_more() -> None:
    book = Book()
    most = b'{"x":"' + b"y" * (LARGEST - 8) + b'"}'
    assert (await knock(book, most))[0] == 200
    assert (await knock(book, most + b" "))[0] == 413
    assert len(book.taken) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"7", b'"x"', b"[" * 5000, b'{"a":' * 5000])
async def test_what_is_no_object(body: bytes) -> None:
    assert (await knock(Book(), body))[0] == 400


async def test_what_fails_is_asked_for_again_and_the_log_says_nothing_of_people(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert (await knock(Book(fails=True), b'{"said": "un secreto"}'))[0] == 500
    assert "RuntimeError" in caplog.text
    assert "secreto" not in caplog.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_other_ways_in_are_closed(method: str) -> None:
    book = Book()
    assert (await knock(book, HELLO, method=method, query=challenge())) == (405, b"")
    assert not book.taken


@given(st.binary(max_size=200), st.booleans())
async def test_any_bytes(body: bytes, ours: bool) -> None:
    status, _body = await knock(Book(), body, given=None if ours else b"sha256=" + body.hex().encode())
    assert status in ((200, 400) if ours else (403,))


async def test_a_hundred_thousand_bodies() -> None:
    """Cut, changed and made up; every tenth is signed, as nobody but Meta could."""
    dice, book, counted = random.Random(7), Book(), dict[int, int]()
    whole = json.dumps({"entry": [{"changes": [{"field": "messages", "value": {"messages": [{"id": "x"}]}}]}]}).encode()
    door = webhook(book, SECRET, WORD)
    sent: list[int] = []

    async def send(message: Any) -> None:
        sent.append(message.get("status", 0))

    for n in range(100_000):
        cut = dice.randrange(len(whole))
        body = (whole[:cut], whole[:cut] + bytes([dice.randrange(256)]) + whole[cut + 1 :], dice.randbytes(cut))[n % 3]
        given = signed(SECRET, body) if n % 10 == 0 else signed(SECRET, whole)

        async def receive(body: bytes = body) -> Any:
            return {"type": "http.request", "body": body}

        await door({"method": "POST", "headers": [(b"x-hub-signature-256", given)]}, receive, send)
    for status in sent[::2]:
        counted[status] = counted.get(status, 0) + 1
    assert set(counted) == {200, 400, 403}
    # Of those not signed only what was not changed at all comes through.
    assert counted[403] > 89_000
    assert len(book.taken) == counted[200] < 11_000
