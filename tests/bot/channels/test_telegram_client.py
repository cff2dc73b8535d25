"""Calls that arrive, fail, or may have arrived."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import wire
from bot.channels.bodies import File
from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import Me, Message, read
from bot.channels.telegram.render import Call
from bot.channels.telegram.results import Failed, Gone, Later, Moved, Result, Sent, Unknown
from tests.bot.channels.telegram import TOKEN, Script, answer
from tests.emulators.telegram import TelegramEmulator, faults

HELLO = Call("sendMessage", {"chat_id": 1001, "text": "Hola, *Ana* 👍"})
SHORT = 0.2
NOW = datetime.now(UTC)


async def sent_to(url: str, call: Call = HELLO, **more: Any) -> Result:
    client = Client(TOKEN, url)
    await client.open()
    try:
        return await client.send(call, **more)
    finally:
        await client.close()


async def test_words_arrive_as_written(telegram: TelegramEmulator, client: Client) -> None:
    found = await client.send(HELLO)
    [message] = telegram.person(1001).messages
    assert (found, message.text) == (Sent(message.id), "Hola, *Ana* 👍")


async def test_a_picture_arrives_with_its_words_and_buttons(telegram: TelegramEmulator, client: Client) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Sí, señora", "callback_data": "si"}]]}
    content = b"\x89PNG" + b"\r\n--x" * 600_000
    call = Call(
        "sendPhoto",
        {"chat_id": 1001, "caption": "Ñapa", "reply_markup": keyboard},
        {"photo": File("avance.png", content, "image/png")},
    )
    assert isinstance(await client.send(call), Sent)
    [message] = telegram.person(1001).messages
    assert (message.text, message.buttons[0].label) == ("Ñapa", "Sí, señora")
    assert telegram.person(1001).received(message) == content


@pytest.mark.parametrize(
    ("fault", "expected", "arrives"),
    [
        (faults.too_many(3), Later(3, everybody=True), 0),
        (faults.forbidden(), Gone("Forbidden: bot was blocked by the user"), 0),
        (faults.migrated(-1005), Moved(-1005), 0),
        (faults.server_error(502), Failed("Bad Gateway"), 0),
        (faults.lost_answer(), Unknown("disconnected"), 1),
        (faults.lost_call(), Unknown("disconnected"), 0),
        (faults.slow(5), Unknown("no answer in time"), 1),
    ],
)
async def test_what_goes_wrong_at_the_platform(
    telegram: TelegramEmulator, client: Client, monkeypatch: pytest.MonkeyPatch,
    fault: faults.Fault, expected: Result, arrives: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(wire, "ANSWER", SHORT)
    telegram.faults.plan(fault, "sendMessage")
    assert await client.send(HELLO) == expected
    assert len(telegram.person(1001).messages) == arrives
    assert isinstance(await client.send(HELLO), Sent)


async def test_nobody_of_that_number(client: Client) -> None:
    assert isinstance(await client.send(Call("sendMessage", {"chat_id": 5, "text": "x"})), Gone)


async def test_what_never_left_may_be_repeated() -> None:
    left: list[int] = []
    found = await sent_to("http://127.0.0.1:9", on_write=lambda: left.append(1))
    assert (found, left) == (Failed("ConnectionRefusedError"), [])


async def test_a_handshake_that_never_ends_let_nothing_leave(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(wire, "CONNECT", 0.1)
    left: list[int] = []
    found = await sent_to(script.url.replace("http:", "https:"), on_write=lambda: left.append(1))
    assert (found, left) == (Failed("TimeoutError"), [])


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (None, "disconnected"),
        (answer(200, b'{"ok":', length=500), "disconnected"),
        (b"HTTP/1.1 nonsense\r\n\r\n", "not an answer"),
        (answer(200, b"<html>"), "HTTP 200"),
    ],
    ids=["no answer", "half an answer", "noise", "a page"],
)
async def test_once_written_nobody_knows(script: Script, says: bytes | None, reason: str) -> None:
    script.says, script.closes = says, True
    assert await sent_to(script.url) == Unknown(reason)
    assert len(script.seen) == 1


async def test_silence_after_writing_is_unknown(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(wire, "ANSWER", SHORT)
    assert isinstance(await sent_to(script.url), Unknown)
    assert len(script.seen) == 1


@pytest.mark.parametrize("files", [{}, {"photo": File("a.png", b"\x89PNG", "image/png")}], ids=["json", "form"])
async def test_on_write_comes_once_and_before_anything_leaves(script: Script, files: dict[str, File]) -> None:
    script.says = answer(200, b'{"ok":true,"result":{"message_id":5}}')
    seen: list[int] = []
    call = Call("sendPhoto", {"chat_id": 1001, "caption": "x"}, files)
    assert await sent_to(script.url, call, on_write=lambda: seen.append(len(script.seen))) == Sent(5)
    assert seen == [0]


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), RuntimeError("no journal")])
async def test_if_on_write_fails_nothing_leaves(script: Script, trouble: Exception) -> None:
    def full() -> None:
        raise trouble

    script.says = answer(200)
    assert isinstance(await sent_to(script.url, on_write=full), Failed)
    assert not script.seen


async def test_presses_typing_and_menus(telegram: TelegramEmulator, client: Client) -> None:
    ana = telegram.person(1001)
    keyboard = {"inline_keyboard": [[{"text": "Sí", "callback_data": "si"}]]}
    await client.send(Call("sendMessage", {"chat_id": 1001, "text": "¿Seguro?", "reply_markup": keyboard}))
    query = await ana.taps("Sí")
    assert await client.answer_press(query) == Sent(0)
    assert not telegram.unanswered
    assert await client.typing(1001, "upload_photo") == Sent(0)
    assert ana.action == "upload_photo"
    await client.set_commands("all_private_chats", "", [("estado", "Ver cómo va el plan")])
    await client.set_commands(1001, "es", [("reportar", "Reportar un avance")])
    assert telegram.commands == {
        ("all_private_chats", ""): [{"command": "estado", "description": "Ver cómo va el plan"}],
        ("chat 1001", "es"): [{"command": "reportar", "description": "Reportar un avance"}],
    }


async def test_updates_come_as_json_and_are_confirmed_by_the_next_call(
    telegram: TelegramEmulator, client: Client
) -> None:
    me = await client.get_me()
    assert me == Me(7000000001, "chasqui_bot", 20 << 20)
    await telegram.person(1001).says("/reportar")
    [update] = await client.get_updates(0, 0)
    found = read(update, NOW, me)
    assert isinstance(found, Message)
    assert found.inbound.text == "/reportar"
    assert telegram.updates.pending
    assert await client.get_updates(update["update_id"] + 1, 0) == []
    assert not telegram.updates.pending
    assert telegram.updates.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_a_webhook_is_set_and_taken_away(telegram: TelegramEmulator, client: Client) -> None:
    await client.set_webhook("http://127.0.0.1:9/telegram", "s3cret")
    assert telegram.webhook
    assert (telegram.webhook.secret, telegram.webhook.connections) == ("s3cret", 100)
    await client.delete_webhook()
    assert telegram.webhook is None


async def test_the_token_is_in_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, script: Script
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wire, "ANSWER", SHORT)
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    await sent_to(script.url)
    await sent_to(script.url, on_write=full)
    await sent_to("http://127.0.0.1:9")
    script.says, script.closes = answer(200, b"{", length=9), True
    await sent_to(script.url)
    client = Client(TOKEN, script.url)
    await client.open()
    for call in (client.get_me(), client.get_updates(0, 0), client.get_file("x")):
        with pytest.raises(Exception) as caught:  # noqa: PT011 – whatever it is
            await call
        logging.getLogger("test").error("it failed", exc_info=caught.value)
    await client.close()
    assert "it failed" in caplog.text
    assert TOKEN not in caplog.text
    assert "very-secret" not in caplog.text


async def test_calls_go_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setenv("http_proxy", script.url)
    monkeypatch.delenv("no_proxy", raising=False)
    seen: list[int] = []
    script.says = answer(200, b'{"ok":true,"result":{"message_id":5}}')
    found = await sent_to("http://telegram.example", on_write=lambda: seen.append(len(script.seen)))
    assert (found, seen) == (Sent(5), [0])
    assert script.seen[0].startswith(f"POST http://telegram.example/bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())
    script.says, script.closes = None, True
    assert isinstance(await sent_to("http://telegram.example"), Unknown)
