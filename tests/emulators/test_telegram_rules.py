"""A call that breaks the rules of the Bot API is answered 400 and noted."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.emulators.conftest import RawBot, buttons
from tests.emulators.telegram import TelegramEmulator

HELLO = {"chat_id": 1001, "text": "Hola"}
PHOTO = {"type": "photo", "media": "AgAD1"}
FINE: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", HELLO | {"text": "x" * 4096}),
    ("sendMessage", HELLO | {"text": "😀" * 4096}),
    ("sendMessage", HELLO | {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"}),
    (
        "sendMessage",
        HELLO | {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "ñ" * 32}] * 8] * 12}},
    ),
    ("sendMessage", HELLO | {"reply_markup": {"remove_keyboard": True}}),
    ("setMyCommands", {"commands": [], "scope": {"type": "all_private_chats"}}),
]
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", HELLO | {"text": "x" * 4097}, "message text is too long: 4097 of 4096"),
    ("sendMessage", HELLO | {"text": " "}, "message text is empty"),
    ("sendMessage", HELLO | {"text": "<b>x", "parse_mode": "HTML"}, 'no end tag for "b"'),
    ("sendMessage", HELLO | {"text": "1 < 2", "parse_mode": "HTML"}, "unsupported start tag"),
    ("sendMessage", HELLO | {"text": "<i><b>x</i></b>", "parse_mode": "HTML"}, 'unexpected end tag "i"'),
    ("sendMessage", HELLO | {"text": "*x*", "parse_mode": "MarkdownV2"}, "does not read MarkdownV2"),
    ("sendMessage", HELLO | {"entities": [{"type": "bold", "offset": 3, "length": 2}]}, "is outside the text"),
    ("sendMessage", HELLO | {"reply_markup": buttons("x" * 65)}, "BUTTON_DATA_INVALID"),
    ("sendMessage", HELLO | {"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "exactly one thing"),
    (
        "sendMessage",
        HELLO | {"reply_markup": {"inline_keyboard": [[{"text": "x", "url": "u"}] * 9]}},
        "a row of 9 buttons",
    ),
    ("sendMessage", HELLO | {"reply_markup": buttons(*map(str, range(101)))}, "101 buttons"),
    ("sendPhoto", {"chat_id": 1001, "photo": "AgAD1", "caption": "x" * 1025}, "message caption is too long"),
    ("sendMediaGroup", {"chat_id": 1001, "media": [PHOTO]}, "an album of 1"),
    ("sendMediaGroup", {"chat_id": 1001, "media": [PHOTO] * 11}, "an album of 11"),
    ("sendLocation", {"chat_id": 1001, "latitude": 91, "longitude": 0}, "not on Earth"),
    ("sendChatAction", {"chat_id": 1001, "action": "escribiendo"}, "no such action"),
    ("setMyCommands", {"commands": [{"command": "Reportar", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setWebhook", {"url": "http://127.0.0.1:9/", "secret_token": "con espacio"}, "secret_token"),
    ("editMessageText", {"text": "x"}, "chat_id and message_id are missing"),
]


def fields(*told: str) -> dict[str, Any]:
    """What the specification says of fields: "name types", with "!" if required, and what its text must be, if told."""
    described = []
    for name, types, *must in map(str.split, told):
        kinds = types.replace("-", " ").split("|")
        text = f"What it is, must be {must[0]}" if must else "What it is"
        described.append({"name": name.rstrip("!"), "types": kinds, "required": name[-1] == "!", "description": text})
    return {"fields": described}


# So much of the Bot API, in the form of its specification, as the calls below need.
SPECIFICATION = {
    "methods": {
        name: {"name": name, **parameters}
        for name, parameters in {
            "sendMessage": fields("chat_id! Integer|String", "text! String", "disable_notification Boolean",
                                  "reply_markup InlineKeyboardMarkup|ForceReply"),
            "sendMediaGroup": fields("chat_id! Integer", "media! Array-of-InputMediaPhoto|Array-of-InputMediaVideo"),
            "setMyCommands": fields("commands! Array-of-BotCommand", "scope BotCommandScope"),
            "getUpdates": fields("allowed_updates Array-of-String"),
        }.items()
    },
    "types": {
        "InlineKeyboardMarkup": fields("inline_keyboard! Array-of-Array-of-InlineKeyboardButton"),
        "InlineKeyboardButton": fields("text! String", "callback_data String"),
        "ForceReply": fields("force_reply! Boolean"),
        "InputMediaPhoto": fields("type! String photo", "media! String"),
        "InputMediaVideo": fields("type! String video", "media! String", "width Integer"),
        "BotCommand": fields("command! String", "description! String"),
        "BotCommandScope": {"subtypes": ["BotCommandScopeDefault", "BotCommandScopeChat"]},
        "BotCommandScopeDefault": fields("type! String default"),
        "BotCommandScopeChat": fields("type! String chat", "chat_id! Integer"),
    },
}  # fmt: skip
MISTYPED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": 1001}, "text is missing"),
    ("sendMessage", HELLO | {"txt": "x"}, "txt is unknown"),
    ("sendMessage", HELLO | {"text": 5}, "text is not String: 5"),
    ("sendMessage", HELLO | {"disable_notification": "yes"}, "disable_notification is not Boolean"),
    (
        "sendMessage",
        HELLO | {"reply_markup": {"inline_keyboard": [[{"txt": "x"}]]}},
        "inline_keyboard[0][0].txt is unknown",
    ),
    (
        "sendMediaGroup",
        {"chat_id": 1001, "media": [{"type": "photo", "media": "a", "x": 1}] * 2},
        "media[0].x is unknown",
    ),
    ("sendMediaGroup", {"chat_id": 1001, "media": [{"type": "photo", "media": "attach://no"}] * 2}, "no file no"),
    ("setMyCommands", {"commands": [], "scope": {"type": "everybody"}}, "scope.type is not"),
    ("getUpdates", {"allowed_updates": "message"}, "allowed_updates is not a list"),
    ("sendmessage", HELLO, "the method is spelt sendMessage"),
]


@pytest.mark.parametrize(("method", "params"), FINE, ids=lambda value: str(value)[:40])
async def test_what_is_allowed(telegram: TelegramEmulator, bot: RawBot, method: str, params: dict[str, Any]) -> None:
    telegram.person(1001)
    await bot.ok(method, **params)
    assert not telegram.invalid


@pytest.mark.parametrize(("method", "params", "told"), BROKEN, ids=lambda value: str(value)[:40])
async def test_limits(telegram: TelegramEmulator, bot: RawBot, method: str, params: dict[str, Any], told: str) -> None:
    await _refused(telegram, bot, method, params, told)


@pytest.mark.parametrize(("method", "params", "told"), MISTYPED, ids=lambda value: str(value)[:40])
async def test_names_and_types(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: str, params: dict[str, Any], told: str
) -> None:
    written = tmp_path / "specification.json"
    written.write_text(json.dumps(SPECIFICATION), "utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_API_SPEC", str(written))
    async with TelegramEmulator() as telegram, aiohttp.ClientSession() as session:
        await _refused(telegram, RawBot(telegram, session), method, params, told)


async def _refused(telegram: TelegramEmulator, bot: RawBot, method: str, params: dict[str, Any], told: str) -> None:
    ana = telegram.person(1001)
    status, body = await bot.call(method, **params)
    assert (status, body["ok"]) == (400, False)
    assert told in body["description"]
    noted = telegram.invalid.pop()
    assert told in noted
    assert not ana.messages


async def test_a_method_that_is_not_there(telegram: TelegramEmulator, bot: RawBot) -> None:
    assert (await bot.call("sendDice", chat_id=1001))[0] == 404
    assert (await bot.post("sendMessage", data=b"{", headers={"Content-Type": "application/json"}))[0] == 400
    assert [noted.split(":")[0] for noted in telegram.invalid] == ["sendDice", "sendMessage"]
    telegram.invalid.clear()


async def test_whoever_breaks_the_rules_fails_at_the_end() -> None:
    with pytest.raises(AssertionError, match="sendDice"):
        async with TelegramEmulator() as telegram, aiohttp.ClientSession() as session:
            await RawBot(telegram, session).call("sendDice", chat_id=1001)


async def test_uploads_have_a_size(telegram: TelegramEmulator, bot: RawBot) -> None:
    telegram.person(1001)
    for data in (b"", bytes((10 << 20) + 1)):
        form = aiohttp.FormData({"chat_id": "1001"})
        form.add_field("photo", io.BytesIO(data), filename="grande.jpg", content_type="image/jpeg")
        assert (await bot.post("sendPhoto", data=form))[0] == 400
    assert telegram.invalid == ["sendPhoto: photo weighs 0", "sendPhoto: photo weighs 10485761"]
    telegram.invalid.clear()


async def test_without_the_specification_only_limits_are_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_API_SPEC", str(tmp_path / "missing.json"))
    async with TelegramEmulator() as telegram, aiohttp.ClientSession() as session:
        bot, ana = RawBot(telegram, session), telegram.person(1001)
        form = {
            "chat_id": "1001",
            "text": "[1",
            "reply_markup": '{"inline_keyboard": [[{"text": "Sí", "callback_data": "s"}]]}',
        }
        assert (await bot.post("sendMessage", data=form))[0] == 200
        assert ana.messages[0].buttons[0].data == "s"
        assert (await bot.call("sendMessage", **HELLO, unknown=1))[0] == 200
        assert not telegram.invalid
        assert (await bot.call("sendMessage", chat_id=1001))[0] == 400
        assert telegram.invalid.pop()
