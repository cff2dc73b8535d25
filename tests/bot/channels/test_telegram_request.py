"""python-telegram-bot over our network layer: what it sends, and what it hears of trouble."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels import session as sessions
from bot.channels.session import Session
from bot.channels.telegram.request import AiohttpRequest
from tests.bot.channels.telegram import TOKEN, Script, answer, scripted
from tests.emulators.telegram import TelegramEmulator


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    async with scripted() as script:
        yield script


@pytest.fixture
async def bot(script: Script) -> AsyncIterator[Bot]:
    async with AiohttpRequest(Session(script.url)) as request:
        yield Bot(TOKEN, f"{script.url}/bot", request=request, get_updates_request=request)


async def test_words_and_files_arrive_whole() -> None:
    async with TelegramEmulator(TOKEN) as telegram, AiohttpRequest(Session(telegram.url)) as request:
        ana = telegram.person(1001)
        bot = Bot(TOKEN, f"{telegram.url}/bot", request=request, get_updates_request=request)
        await bot.send_message(1001, "*Ñandú* 👍")
        sent = await bot.send_document(1001, io.BytesIO(b"%PDF"), caption="El «acta»", filename='año\n"1".pdf')
        words, paper = ana.messages
        assert (words.text, paper.text, ana.received(paper)) == ("*Ñandú* 👍", "El «acta»", b"%PDF")
        assert sent.document
        assert sent.document.file_name == "año '1'.pdf"
        assert not telegram.invalid


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"ok":false,"description":"Bad Request: x"}', BadRequest),
        (400, b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-5}}', ChatMigrated),
        (401, b'{"ok":false,"description":"Unauthorized"}', InvalidToken),
        (403, b'{"ok":false,"description":"Forbidden: x"}', Forbidden),
        (409, b'{"ok":false,"description":"Conflict: x"}', Conflict),
        (502, b"<html>", NetworkError),
        (200, b"<html>", TelegramError),
    ],
)
async def test_errors_are_those_of_the_library(
    bot: Bot, script: Script, status: int, body: bytes, error: type[TelegramError]
) -> None:
    script.says = answer(status, body)
    with pytest.raises(error) as caught:
        await bot.send_message(1001, "x")
    assert type(caught.value) is error


async def test_half_a_character_in_somebodys_text_is_read(bot: Bot, script: Script) -> None:
    script.says = answer(200, b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"\\ud83d"}}')
    assert (await bot.get_me()).first_name == "\ud83d"


async def test_silence_is_a_time_out(bot: Bot) -> None:
    with pytest.raises(TimedOut):
        await bot.get_me(read_timeout=0.05)


async def test_a_whole_that_takes_too_long_is_a_time_out(bot: Bot, script: Script) -> None:
    script.says = b"HTTP/1.1 200 OK\r\n"
    with pytest.raises(TimedOut):
        await bot.get_me(read_timeout=0.05, write_timeout=0.01, connect_timeout=0.01, pool_timeout=0.01)


async def test_no_limit_where_none_is_wanted(bot: Bot, script: Script) -> None:
    script.says = answer(200)
    assert await bot.delete_webhook(read_timeout=None, write_timeout=None, connect_timeout=None, pool_timeout=None)


async def test_a_full_pool_is_a_time_out(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(sessions, "CONNECTIONS", 1)
    async with AiohttpRequest(Session(script.url)) as request:
        bot = Bot(TOKEN, f"{script.url}/bot", request=request, get_updates_request=request)
        waiting = asyncio.create_task(request.do_request(script.url, "GET"))
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.05, write_timeout=0.01, connect_timeout=0.01, pool_timeout=0.01)
        assert len(script.seen) <= 1
        waiting.cancel()


@pytest.mark.parametrize(
    "says", [None, b"\x00\x01nonsense\r\n\r\n", answer(200, length=99)], ids=["cut", "noise", "half"]
)
async def test_a_connection_that_breaks_is_a_network_error(bot: Bot, script: Script, says: bytes | None) -> None:
    script.says, script.closes = says, True
    with pytest.raises(NetworkError) as caught:
        await bot.get_me()
    assert type(caught.value) is NetworkError
    assert TOKEN not in str(caught.value)


async def test_nobody_there_is_a_network_error_that_does_not_tell_the_token() -> None:
    async with AiohttpRequest(Session("http://127.0.0.1:9")) as request:
        bot = Bot(TOKEN, "http://127.0.0.1:9/bot", request=request, get_updates_request=request)
        with pytest.raises(NetworkError, match="ClientConnectorError") as caught:
            await bot.get_me()
    assert TOKEN not in str(caught.value)


async def test_connections_are_kept_and_cookies_are_not(bot: Bot, script: Script) -> None:
    script.says = answer(200, b'{"ok":true,"result":true}', "Set-Cookie: a=1")
    for _ in range(3):
        await bot.delete_webhook()
    assert script.connections == 1
    assert not any(b"Cookie" in request for request in script.seen)


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    script.says = answer(200)
    monkeypatch.setenv("http_proxy", script.url)
    async with AiohttpRequest(Session("http://telegram.invalid")) as request:
        bot = Bot(TOKEN, "http://telegram.invalid/bot", request=request, get_updates_request=request)
        assert await bot.delete_webhook()
    assert script.seen[0].startswith(b"POST http://telegram.invalid/bot")


async def test_a_closed_request_says_so_and_may_be_opened_again(script: Script) -> None:
    script.says = answer(200)
    request = AiohttpRequest(Session(script.url))
    with pytest.raises(RuntimeError, match="not open"):
        await request.do_request(script.url, "GET")
    for _ in range(2):
        async with request:
            await request.initialize()
            assert await request.post(f"{script.url}/bot{TOKEN}/logOut") is True
