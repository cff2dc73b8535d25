"""Our own connections: kept while they are good, and never in doubt about what left."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.channels import wire
from bot.channels.wire import Cut, Wire
from tests.bot.channels.telegram import TOKEN, Script, answer
from tests.support.machine import program

OK = b'{"ok":true}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
async def line(script: Script) -> AsyncIterator[Wire]:
    one = Wire(f"{script.url}/bot{TOKEN}/")
    yield one
    one.close()


async def call(line: Wire, content: bytes = b"{}", on_write: Callable[[], None] | None = None) -> tuple[int, bytes]:
    return await line.post("sendMessage", "application/json", content, on_write)


async def test_a_call_is_written_as_it_must_be(line: Wire, script: Script) -> None:
    script.says = answer(200, OK)
    assert await call(line, '{"text":"Ñ"}'.encode()) == (200, OK)
    host = script.url.removeprefix("http://")
    assert script.seen == [
        f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: {host}\r\n".encode()
        + b'Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"text":"\xc3\x91"}'
    ]


async def test_one_connection_takes_one_call_after_another(line: Wire, script: Script) -> None:
    script.says = answer(200, OK)
    for _ in range(5):
        assert await call(line) == (200, OK)
    assert script.connections == 1
    await asyncio.gather(*(call(line) for _ in range(3)))
    assert (script.connections, len(script.seen)) == (3, 8)


@pytest.mark.parametrize(
    "says",
    [
        answer(429, OK),
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(429, OK),
        CHUNKED.replace(b"200 OK", b"429 Many") + b'4\r\n{"ok\r\n7\r\n":true}\r\n0\r\n\r\n',
        answer(429, OK, "Connection: close"),
    ],
    ids=["length", "after a 100", "chunked", "the last"],
)
async def test_answers_of_every_form(line: Wire, script: Script, says: bytes) -> None:
    script.says = says
    for _ in range(2):
        assert await call(line) == (429, OK)
    assert script.connections == (2 if b"close" in says else 1)


async def test_an_answer_may_end_with_its_connection(line: Wire, script: Script) -> None:
    script.says, script.closes = b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", True
    assert await call(line) == (502, b"<html>")
    assert await call(line) == (502, b"<html>")


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (CHUNKED + b"b\r\n" + OK, "disconnected"),
        (answer(200, OK, length=99), "disconnected"),
        (b"HTTP/1.1 200", "disconnected"),
        (b"SSH-2.0-OpenSSH\r\n", "not an answer"),
    ],
)
async def test_half_an_answer_is_none(line: Wire, script: Script, says: bytes, reason: str) -> None:
    script.says, script.closes = says, True
    with pytest.raises(Cut, match=reason) as cut:
        await call(line)
    assert cut.value.written
    assert len(script.seen) == 1


async def test_what_the_server_ended_is_not_written_to(line: Wire, script: Script) -> None:
    script.says, script.closes = answer(200, OK), True
    assert await call(line) == (200, OK)
    await asyncio.sleep(0.05)
    assert await call(line) == (200, OK)
    assert (script.connections, len(script.seen)) == (2, 2)


async def test_what_was_idle_too_long_is_not_written_to(
    line: Wire, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.says = answer(200, OK)
    await asyncio.gather(*(call(line) for _ in range(3)))
    monkeypatch.setattr(wire, "KEEP_ALIVE", 0.0)
    await asyncio.sleep(0.01)
    await call(line)
    assert script.connections == 4


async def test_an_answer_nobody_asked_for_is_nobodys(line: Wire, script: Script) -> None:
    script.says = answer(200, OK) + answer(200, b'{"ok":false}')
    for _ in range(3):
        assert await call(line) == (200, OK)
    assert script.connections == 3


async def test_silence_ends_the_connection_too(line: Wire, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER", 0.05)
    with pytest.raises(Cut, match="no answer in time") as cut:
        await call(line)
    assert cut.value.written
    script.says = answer(200, OK)
    assert await call(line) == (200, OK)
    assert script.connections == 2


async def test_who_gives_up_leaves_no_answer_behind(line: Wire, script: Script) -> None:
    task = asyncio.create_task(call(line))
    while not script.seen:  # noqa: ASYNC110 – the server has no event for it
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    script.says = answer(200, OK)
    assert await call(line) == (200, OK)
    assert script.connections == 2


async def test_if_on_write_fails_nothing_leaves_and_the_connection_is_good(line: Wire, script: Script) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    script.says = answer(200, OK)
    with pytest.raises(Cut, match="OSError") as cut:
        await call(line, on_write=full)
    assert not cut.value.written
    assert await call(line) == (200, OK)
    assert (script.connections, len(script.seen)) == (1, 1)


async def test_no_more_connections_than_there_may_be(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECTIONS", 2)
    one, script.says = Wire(f"{script.url}/"), answer(200, OK)
    assert await asyncio.gather(*(call(one) for _ in range(9))) == [(200, OK)] * 9
    assert script.connections == 2
    one.close()


async def test_closing_cuts_what_is_under_way(line: Wire, script: Script) -> None:
    task = asyncio.create_task(call(line))
    while not script.seen:  # noqa: ASYNC110 – the server has no event for it
        await asyncio.sleep(0.001)
    line.close()
    with pytest.raises(Cut, match="disconnected"):
        await task


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
async def test_encrypted_and_only_to_who_it_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    made, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    openssl = f"{program('openssl', 'openssl')} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    to = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made)]
    arguments = [*openssl.split(), *to]
    await asyncio.to_thread(subprocess.run, arguments, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(made, key)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
    script = Script(says=answer(200, OK))
    server = await asyncio.start_server(script.serve, "localhost", 0, ssl=tls)
    line = Wire(f"https://localhost:{server.sockets[0].getsockname()[1]}/")
    try:
        if known:
            assert [await call(line), await call(line)] == [(200, OK)] * 2
            assert script.connections == 1
        else:
            with pytest.raises(Cut, match="SSLCertVerificationError") as cut:
                await call(line)
            assert (cut.value.written, script.seen) == (False, [])
    finally:
        line.close()
        server.close()
