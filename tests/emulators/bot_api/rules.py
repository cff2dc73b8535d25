"""The limits of the Bot API that its types do not tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.emulators.bot_api import markup
from tests.emulators.bot_api.platform import MOST_UPLOADED, MOST_UPLOADED_LOCALLY
from tests.emulators.bot_api.schema import Upload

# Length in characters (code points; entities count in UTF-16 units, messages do not).
MOST_TEXT, MOST_CAPTION, MOST_NOTICE, MOST_DATA = 4096, 1024, 200, 64
MOST_IN_ROW, MOST_BUTTONS, ALBUM = 8, 100, range(2, 11)
MOST_PHOTO = 10 << 20  # bytes
ACTIONS = re.compile(r"typing|upload_(photo|video|voice|document|video_note)|record_(video|voice|video_note)|"
                     r"choose_sticker|find_location")  # fmt: skip
_BUTTON_KINDS = {
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}  # fmt: skip

Params = Mapping[str, Any]


def broken(method: str, params: Params, *, local: bool = False) -> list[str]:
    """Which limits a call with parameters of the right types breaks."""
    found = _uploads(params, MOST_UPLOADED_LOCALLY if local else MOST_UPLOADED)
    if isinstance(reply := params.get("reply_markup"), dict):
        found += _buttons(reply)
    if own := _OWN.get(method.lower()):
        found += own(params)
    return found


def _text(params: Params, name: str, least: int, most: int) -> list[str]:
    try:
        text, marks = markup.plain(params.get(name, ""), params.get("parse_mode"))
    except markup.MarkupError as error:
        return [f"can't parse entities: {error}"]
    if len(text.strip()) < least:
        return [f"message {name} is empty"]
    if len(text) > most:
        return [f"message {name} is too long: {len(text)} of {most}"]
    given = params.get("entities" if name == "text" else "caption_entities") or marks
    return [f"{mark} is outside the {name}" for mark in given if mark["offset"] + mark["length"] > markup.units(text)]


def _caption(params: Params) -> list[str]:
    return _text(params, "caption", 0, MOST_CAPTION)


def _sent_text(params: Params) -> list[str]:
    return _text(params, "text", 1, MOST_TEXT)


def _edited_text(params: Params) -> list[str]:
    return _sent_text(params) + _edited(params)


def _edited(params: Params) -> list[str]:
    named = {"chat_id", "message_id"} <= params.keys()
    return [] if named or "inline_message_id" in params else ["chat_id and message_id are missing"]


def _buttons(reply: Params) -> list[str]:
    rows = reply.get("inline_keyboard") or reply.get("keyboard") or []
    found = [f"a row of {len(row)} buttons" for row in rows if not 1 <= len(row) <= MOST_IN_ROW]
    if (count := sum(map(len, rows))) > MOST_BUTTONS:
        found.append(f"{count} buttons")
    for button in (button for row in rows for button in row if isinstance(button, dict)):
        if not button["text"].strip():
            found.append("a button without a text")
        if "inline_keyboard" in reply and len(_BUTTON_KINDS & button.keys()) != 1:
            found.append(f"the button {button['text']!r} must do exactly one thing")
        if not 1 <= len(button.get("callback_data", "x").encode()) <= MOST_DATA:
            found.append(f"BUTTON_DATA_INVALID: {button['callback_data']!r}")
    return found


def _uploads(params: Params, most: int) -> list[str]:
    files = [(name, value) for name, value in params.items() if isinstance(value, Upload)]
    limits = {name: MOST_PHOTO if name == "photo" else most for name, _ in files}
    return [f"{name} weighs {len(one.data)}" for name, one in files if not 0 < len(one.data) <= limits[name]]


def _album(params: Params) -> list[str]:
    kinds = {one["type"] for one in params["media"]}
    found = [each for one in params["media"] for each in _caption(one)]
    if len(params["media"]) not in ALBUM:
        found.append(f"an album of {len(params['media'])}")
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        found.append(f"an album that mixes {sorted(kinds)}")
    return found


def _place(params: Params) -> list[str]:
    inside = abs(params["latitude"]) <= 90 and abs(params["longitude"]) <= 180
    return [] if inside else ["a place that is not on Earth"]


def _notice(params: Params) -> list[str]:
    return ["the notice is too long"] if len(params.get("text", "")) > MOST_NOTICE else []


def _action(params: Params) -> list[str]:
    return [] if ACTIONS.fullmatch(params["action"]) else [f"no such action: {params['action']}"]


def _commands(params: Params) -> list[str]:
    found = ["more than 100 commands"] if len(params["commands"]) > 100 else []
    return found + [
        f"BOT_COMMAND_INVALID: {each}"
        for each in params["commands"]
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) or not 1 <= len(each["description"]) <= 256
    ]


def _poll(params: Params) -> list[str]:
    return [] if 1 <= params.get("limit", 100) <= 100 else ["a limit outside 1 to 100"]


def _webhook(params: Params) -> list[str]:
    found = [] if 1 <= params.get("max_connections", 40) <= 100 else ["max_connections outside 1 to 100"]
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", params.get("secret_token", "x")):
        found.append("secret_token has other characters than A-Z, a-z, 0-9, _ and -")
    return found


_OWN: dict[str, Callable[[Params], list[str]]] = {
    "sendmessage": _sent_text, "editmessagetext": _edited_text, "editmessagereplymarkup": _edited,
    "sendphoto": _caption, "senddocument": _caption, "sendmediagroup": _album, "sendlocation": _place,
    "sendchataction": _action, "answercallbackquery": _notice, "setmycommands": _commands, "getupdates": _poll,
    "setwebhook": _webhook,
}  # fmt: skip
