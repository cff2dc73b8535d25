"""What each method of the Bot API does. Parameters are checked before they come here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulators.bot_api import markup
from tests.emulators.bot_api.chats import Chat, Raw
from tests.emulators.bot_api.faults import ApiError
from tests.emulators.bot_api.files import described
from tests.emulators.bot_api.platform import Platform
from tests.emulators.bot_api.schema import Upload
from tests.emulators.shared.files import Stored


def perform(platform: Platform, method: str, params: Raw) -> Any:
    """Carry out a call and return its result. Raises ApiError."""
    return METHODS[method.lower()](platform, params)


def _get_me(platform: Platform, params: Raw) -> Raw:
    return platform.bot


def _get_webhook_info(platform: Platform, params: Raw) -> Raw:
    hook, waiting = platform.webhook, len(platform.updates.pending)
    info: Raw = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    if hook:
        info |= {"url": hook.url, "max_connections": hook.connections}
        if hook.failures:
            info |= {"last_error_date": hook.last_error[0], "last_error_message": hook.last_error[1]}
    if platform.updates.allowed:
        info["allowed_updates"] = platform.updates.allowed
    return info


def _send_message(platform: Platform, params: Raw) -> Raw:
    return _sent(platform, params, _words(params, "text"))


def _send_location(platform: Platform, params: Raw) -> Raw:
    place = {"latitude": float(params["latitude"]), "longitude": float(params["longitude"])}
    return _sent(platform, params, {"location": place})


def _send_photo(platform: Platform, params: Raw) -> Raw:
    return _sent(platform, params, _photo(platform, params, params["photo"]) | _words(params, "caption"))


def _send_document(platform: Platform, params: Raw) -> Raw:
    return _sent(platform, params, _document(platform, params, params["document"]) | _words(params, "caption"))


def _send_media_group(platform: Platform, params: Raw) -> list[Raw]:
    common = {"media_group_id": str(platform.next_id(platform.open_chat(params["chat_id"])))}
    makers = {"photo": _photo, "document": _document}
    if any(one["type"] not in makers for one in params["media"]):
        raise ApiError(400, "Bad Request: the emulator sends photos and documents in albums")
    contents = [makers[one["type"]](platform, params, one["media"]) | _words(one, "caption") for one in params["media"]]
    return [_sent(platform, params, common | content) for content in contents]


def _send_chat_action(platform: Platform, params: Raw) -> bool:
    chat = platform.open_chat(params["chat_id"])
    chat.action = params["action"]
    chat.changed()
    return True


def _edit_message_text(platform: Platform, params: Raw) -> Raw:
    return _edited(platform, params, _words(params, "text"))


def _edit_message_reply_markup(platform: Platform, params: Raw) -> Raw:
    return _edited(platform, params, {})


def _answer_callback_query(platform: Platform, params: Raw) -> bool:
    person = platform.unanswered.pop(params["callback_query_id"], None)
    if not person:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    if params.get("text"):
        person.notices.append(params["text"])
        person.changed()
    return True


def _set_my_commands(platform: Platform, params: Raw) -> bool:
    platform.commands[_commands_of(params)] = params["commands"]
    return True


def _delete_my_commands(platform: Platform, params: Raw) -> bool:
    platform.commands.pop(_commands_of(params), None)
    return True


def _get_file(platform: Platform, params: Raw) -> Raw:
    return platform.files.link(params["file_id"])


def _commands_of(params: Raw) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    whose = [str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope]
    return " ".join(whose), params.get("language_code", "")


def _words(params: Raw, name: str) -> Raw:
    if not params.get(name):
        return {}
    text, marks = markup.plain(params[name], params.get("parse_mode"))
    kind = "entities" if name == "text" else "caption_entities"
    marks = params.get(kind) or marks
    return {name: text, **({kind: marks} if marks else {})}


def _photo(platform: Platform, params: Raw, given: str | Upload) -> Raw:
    kept = _file(platform, params, given)
    if isinstance(kept, Upload):
        return {"photo": platform.files.add_photo(kept.data)}
    return {"photo": [{**described(kept), "width": 800, "height": 600}]}


def _document(platform: Platform, params: Raw, given: str | Upload) -> Raw:
    kept = _file(platform, params, given)
    if isinstance(kept, Upload):
        kept = platform.files.add(kept.data, kept.name, kept.mime)
    return {"document": {**described(kept), "file_name": kept.name, "mime_type": kept.mime}}


def _file(platform: Platform, params: Raw, given: str | Upload) -> Upload | Stored:
    """The file of the body, or the one with that id."""
    if isinstance(given, Upload):
        return given
    attached = params.get(given.removeprefix("attach://"))
    if isinstance(attached, Upload):
        return attached
    if given not in platform.files.kept:
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return platform.files.kept[given]


def _sent(platform: Platform, params: Raw, content: Raw) -> Raw:
    chat = platform.open_chat(params["chat_id"])
    content = {**content, **_answered(chat, params)}
    markup = params.get("reply_markup") or {}
    if "inline_keyboard" in markup:
        content["reply_markup"] = markup
    elif "keyboard" in markup or "remove_keyboard" in markup:
        chat.keyboard = markup.get("keyboard", [])
    return chat.show(platform.message(chat, platform.bot, content))


def _answered(chat: Chat, params: Raw) -> Raw:
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    original = chat.history.get(wanted["message_id"])
    if not original:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise ApiError(400, "Bad Request: message to be replied not found")
    return {"reply_to_message": {name: value for name, value in original.items() if name != "reply_to_message"}}


def _edited(platform: Platform, params: Raw, content: Raw) -> Raw:
    if "chat_id" not in params:
        raise ApiError(400, "Bad Request: the emulator has no inline messages")
    chat = platform.open_chat(params["chat_id"])
    before = chat.history.get(params["message_id"])
    if not before:
        raise ApiError(400, "Bad Request: message to edit not found")
    if before["from"]["id"] != platform.bot["id"]:
        raise ApiError(400, "Bad Request: message can't be edited")
    if "text" in content and "text" not in before:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    kept = {name: value for name, value in before.items() if name not in {"reply_markup", "edit_date"}}
    if "text" in content:
        kept.pop("entities", None)
    if (params.get("reply_markup") or {}).get("inline_keyboard"):
        content = {**content, "reply_markup": params["reply_markup"]}
    after = {**kept, **content}
    if after == {name: value for name, value in before.items() if name != "edit_date"}:
        raise ApiError(400, "Bad Request: message is not modified")
    return chat.show({**after, "edit_date": int(platform.now())}, edited=True)


METHODS: dict[str, Callable[[Platform, Raw], Any]] = {
    "getme": _get_me, "getwebhookinfo": _get_webhook_info, "sendmessage": _send_message, "sendphoto": _send_photo,
    "senddocument": _send_document, "sendmediagroup": _send_media_group, "sendlocation": _send_location,
    "sendchataction": _send_chat_action, "editmessagetext": _edit_message_text,
    "editmessagereplymarkup": _edit_message_reply_markup, "answercallbackquery": _answer_callback_query,
    "setmycommands": _set_my_commands, "deletemycommands": _delete_my_commands, "getfile": _get_file,
}  # fmt: skip
