"""Calls that arrive, fail, or may have arrived; files that come whole, or not at all; and a token nobody sees."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels import session, wire
from bot.channels.bodies import File
from bot.channels.fetching import NotFetched
from bot.channels.whatsapp import client as module
from bot.channels.whatsapp.client import Client, Me, NotDone
from bot.channels.whatsapp.results import Closed, Failed, Gone, Halted, Later, Paired, Refused, Result, Sent, Unknown
from tests.bot.channels.leaving import TOKEN, open_client
from tests.bot.channels.telegram import Script, answer
from tests.emulators.whatsapp import Person, WhatsAppEmulator, faults

ANA = "573001112233"
HELLO: dict[str, Any] = {
    "messaging_product": "whatsapp", "recipient_type": "individual", "to": ANA, "type": "text",
    "text": {"body": "Hola, *Ana* 👍"},
}  # fmt: skip
SHORT = 0.2


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator() as whatsapp:
        yield whatsapp


@pytest.fixture
async def ana(whatsapp: WhatsAppEmulator) -> Person:
    ana = whatsapp.person(ANA)
    await ana.says("Hola")
    return ana


@pytest.fixture
async def client(whatsapp: WhatsAppEmulator) -> AsyncIterator[Client]:
    async with open_client(whatsapp.url) as client:
        yield client


async def sent_to(url: str, **more: Any) -> Result:
    async with open_client(url) as client:
        return await client.send(HELLO, **more)


async def test_words_arrive_as_written(ana: Person, client: Client) -> None:
    found = await client.send(HELLO)
    [message] = ana.messages
    assert (found, message.text) == (Sent(message.id), "Hola, *Ana* 👍")


async def test_a_picture_is_left_with_the_platform_first(ana: Person, client: Client) -> None:
    content = b"\x89PNG" + b"\r\n--x" * 600_000
    media = await client.upload(File("avance.png", content, "image/png"))
    image = {"messaging_product": "whatsapp", "to": ANA, "type": "image", "image": {"id": media, "caption": "Ñapa"}}
    assert isinstance(await client.send(image), Sent)
    [message] = ana.messages
    assert (message.text, ana.received(message)) == ("Ñapa", content)


async def test_a_picture_that_is_refused(whatsapp: WhatsAppEmulator, client: Client) -> None:
    with pytest.raises(NotDone) as refused:
        await client.upload(File("avance.png", b"", "image/png"))
    assert isinstance(refused.value.found, Refused)
    whatsapp.invalid.clear()


@pytest.mark.parametrize(
    ("fault", "expected", "arrives"),
    [
        (faults.too_many(), Later, 0),
        (faults.pair_limited(), Paired, 0),
        (faults.window_closed(), Closed, 0),
        (faults.not_on_whatsapp(), Gone, 0),
        (faults.bad_token(), Halted, 0),
        (faults.server_error(), Failed, 0),
        (faults.server_error(503), Failed, 0),
        (faults.lost_answer(), Unknown, 1),
        (faults.lost_call(), Unknown, 0),
        (faults.slow(5), Unknown, 1),
    ],
)
async def test_what_goes_wrong_at_the_platform(
    whatsapp: WhatsAppEmulator, ana: Person, client: Client, monkeypatch: pytest.MonkeyPatch,
    fault: faults.Fault, expected: type[Result], arrives: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(wire, "ANSWER", SHORT)
    whatsapp.faults.plan(fault, "messages")
    assert isinstance(await client.send(HELLO), expected)
    assert len(ana.messages) == arrives
    assert isinstance(await client.send(HELLO), Sent)


async def test_what_never_left_may_be_repeated() -> None:
    left: list[int] = []
    found = await sent_to("http://127.0.0.1:9/v25.0", on_write=lambda: left.append(1))
    assert (found, left) == (Failed("ConnectionRefusedError"), [])


async def test_on_write_comes_once_and_before_anything_leaves(script: Script) -> None:
    script.says = answer(200, b'{"messages":[{"id":"w"}]}')
    seen: list[int] = []
    assert await sent_to(script.url, on_write=lambda: seen.append(len(script.seen))) == Sent("w")
    assert (seen, len(script.seen)) == ([0], 1)


async def test_a_message_is_shown_as_read_while_an_answer_is_written(ana: Person, client: Client) -> None:
    wamid = (await ana.says("¿Qué debo?"))["id"]
    assert await client.seen(wamid) == Sent("")
    assert ana.typing


async def test_who_we_are(whatsapp: WhatsAppEmulator, client: Client) -> None:
    whatsapp.info["whatsapp_business_manager_messaging_limit"] = "TIER_2K"
    assert await client.me() == Me(whatsapp.info["display_phone_number"], "Chasqui", 2000)
    whatsapp.info["whatsapp_business_manager_messaging_limit"] = "TIER_OF_TOMORROW"
    assert (await client.me()).tier is None


async def test_a_token_that_is_no_longer_good(whatsapp: WhatsAppEmulator) -> None:
    async with open_client(whatsapp.url, "EAAold") as client:
        with pytest.raises(NotDone) as refused:
            await client.me()
    assert isinstance(refused.value.found, Halted)


async def brought(client: Client, file_id: str, most: int = 1 << 20, **more: str) -> bytes:
    into = io.BytesIO()
    await client.bring({"file_id": file_id, **more}, into, most)
    return into.getvalue()


@pytest.mark.parametrize("size", [5, 600_000], ids=["in one piece", "in a stream"])
async def test_a_file_comes_whole(whatsapp: WhatsAppEmulator, client: Client, size: int) -> None:
    content = b"x" * size
    media = whatsapp.media.add(content, "a.jpg", "image/jpeg").id
    assert await brought(client, media) == content


@pytest.mark.parametrize("size", [5, 600_000], ids=["in one piece", "in a stream"])
@pytest.mark.parametrize(
    ("fault", "on", "reason"),
    [
        (faults.expired(), "download", "expired"),
        (faults.cut_download(), "download", "broken"),
        (faults.expired(), "media", "gone"),
        (faults.server_error(), "media", "broken"),
        (faults.bad_token(), "media", "broken"),
        (faults.lost_answer(), "media", "broken"),
    ],
)
async def test_a_file_that_does_not_come(
    whatsapp: WhatsAppEmulator, client: Client, size: int, fault: faults.Fault, on: str, reason: str
) -> None:
    media = whatsapp.media.add(b"x" * size, "a.jpg", "image/jpeg").id
    whatsapp.faults.plan(fault, on)
    with pytest.raises(NotFetched) as lost:
        await brought(client, media)
    assert lost.value.reason == reason
    assert len(await brought(client, media)) == size


async def test_a_small_file_comes_from_where_its_message_says_it_lies(
    whatsapp: WhatsAppEmulator, client: Client
) -> None:
    media = whatsapp.media.add(b"12345", "a.jpg", "image/jpeg", size=7).id
    assert await brought(client, media, url=whatsapp.media.link(media, whatsapp.root)["url"]) == b"12345"
    assert (whatsapp.counts["download"], whatsapp.calls) == (1, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:1/a", "https://localhost:1/a", "file:///etc/passwd", "https://[1/a", "https://[::1]:x/a",
        "{root}/ñ", "{root}/a b", "{root}/nothing", "{long}",
    ],
)  # fmt: skip
async def test_a_message_that_leads_to_nothing_small(whatsapp: WhatsAppEmulator, client: Client, url: str) -> None:
    media = whatsapp.media.add(b"x" * 600_000, "a.jpg", "image/jpeg").id
    long = whatsapp.media.link(media, whatsapp.root)["url"]
    with pytest.raises(NotFetched) as lost:
        await brought(client, media, url=url.format(root=whatsapp.root, long=long))
    assert lost.value.reason == ("expired" if "nothing" in url else "broken")
    assert await brought(client, media) == b"x" * 600_000


async def test_a_file_that_is_no_longer_there(client: Client) -> None:
    with pytest.raises(NotFetched) as lost:
        await brought(client, "../12?x=1")
    assert lost.value.reason == "gone"


@pytest.mark.parametrize("told", [600_000, 5])
async def test_a_file_that_is_too_large_whatever_it_says(
    whatsapp: WhatsAppEmulator, client: Client, told: int
) -> None:  # fmt: skip
    media = whatsapp.media.add(b"x" * 600_000, "a.jpg", "image/jpeg", size=told).id
    with pytest.raises(NotFetched) as lost:
        await brought(client, media, 1000)
    assert lost.value.reason == "too_big"


@pytest.mark.parametrize("url", ["http://localhost:1/a", "file:///etc/passwd", "", "ftp://example.org/a"])
async def test_the_token_goes_nowhere_else_in_the_clear(script: Script, url: str) -> None:
    script.says = answer(200, b'{"url":"%s","file_size":5}' % url.encode())
    async with open_client(script.url) as client:
        with pytest.raises(NotFetched) as lost:
            await brought(client, "7")
    assert (lost.value.reason, len(script.seen)) == ("broken", 1)


@pytest.mark.parametrize("size", [5, 600_000], ids=["in one piece", "in a stream"])
async def test_a_file_from_another_server_comes_with_the_token_and_a_name(
    script: Script, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    seen: list[tuple[str, Any]] = []

    class Elsewhere:
        def __init__(self, root: str, headers: Any) -> None:
            seen.append((root, headers))

        async def get(self, url: str) -> tuple[int, bytes]:
            seen.append((url, self))
            return 200, b"12345"

        def close(self) -> None:
            seen.clear()

    async def downloaded(_session: Any, url: str, _file: Any, into: Any, _most: int, headers: Any) -> int:
        seen.append((url, headers))
        return int(into.write(b"12345"))

    script.says = answer(200, b'{"url":"https://files.example.org/a?x=1","file_size":%d}' % size)
    async with open_client(script.url) as client:
        monkeypatch.setattr(module, "Wire", Elsewhere)
        monkeypatch.setattr(module, "download", downloaded)
        assert await brought(client, "7") == b"12345"
        assert await brought(client, "7") == b"12345"
        headers = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "chasqui"}
        assert seen[0] == ("https://files.example.org/", headers)
        assert [url for url, _how in seen[1:]] == ["https://files.example.org/a?x=1"] * 2
        assert size == 5 or seen[1][1] == headers
    assert seen == []  # closed, too


async def test_through_a_proxy(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is the proxy: it sees whole addresses."""
    monkeypatch.setattr(session, "getproxies", lambda: {"http": script.url})
    monkeypatch.setattr(session, "proxy_bypass", lambda _host: False)
    script.says = answer(200, b'{"messages":[{"id":"w"}],"display_phone_number":"+57"}')
    async with open_client("http://graph.example.org/v25.0") as client:
        assert await client.send(HELLO) == Sent("w")
        assert (await client.me()).number == "+57"
    assert [seen.split(b" ")[:2] for seen in script.seen] == [
        [b"POST", b"http://graph.example.org/v25.0/106540352242922/messages"],
        [b"GET", f"http://graph.example.org/v25.0/106540352242922?fields={module.FIELDS}".encode()],
    ]
    assert all(f"Authorization: Bearer {TOKEN}".encode() in seen for seen in script.seen)


async def test_the_token_is_in_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, script: Script
) -> None:
    monkeypatch.setattr(wire, "ANSWER", SHORT)
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    await sent_to(script.url)
    await sent_to("http://127.0.0.1:9")
    script.says, script.closes = answer(401, b'{"error":{"code":190,"message":"Bad"}}'), True
    async with open_client(script.url) as client:
        for call in (client.me(), client.upload(File("a.png", b"x", "image/png")), brought(client, "7")):
            with pytest.raises((NotDone, NotFetched)) as caught:
                await call
            logging.getLogger("test").error("it failed", exc_info=caught.value)
    assert "it failed" in caplog.text
    assert TOKEN not in caplog.text
