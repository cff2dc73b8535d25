"""Which fields a request has, and of which types: a name that ends in "?" may be missing."""

from __future__ import annotations

from typing import Any

_MEDIA = {"id?": str, "link?": str}
_CAPTIONED = {**_MEDIA, "caption?": str}
_TEXT = {"text": str}
_HEADER = {
    "type": {"text", "image", "document", "video"}, "text?": str, "image?": _MEDIA, "video?": _MEDIA,
    "document?": {**_MEDIA, "filename?": str},
}  # fmt: skip
_INTERACTIVE = {"type": {"button", "list"}, "header?": _HEADER, "body": _TEXT, "footer?": _TEXT}
_BUTTON = {"type": {"reply"}, "reply": {"id": str, "title": str}}
_SECTION = {"title?": str, "rows": [{"id": str, "title": str, "description?": str}]}
_PARAMETER = {
    "type": {"text", "payload", "image", "document"}, "text?": str, "payload?": str, "image?": _MEDIA,
    "document?": {**_MEDIA, "filename?": str},
}  # fmt: skip
_COMPONENT = {
    "type": {"header", "body", "button"}, "sub_type?": {"quick_reply"}, "index?": (str, int),
    "parameters": [_PARAMETER],
}  # fmt: skip
CONTENT: dict[str, Any] = {
    "text": {"body": str, "preview_url?": bool},
    "image": _CAPTIONED,
    "document": {**_CAPTIONED, "filename?": str},
    "video": _CAPTIONED,
    "audio": {**_MEDIA, "voice?": bool},
    "location": {"latitude": (int, float, str), "longitude": (int, float, str), "name?": str, "address?": str},
    "reaction": {"message_id": str, "emoji": str},
    "template": {"name": str, "language": {"code": str, "policy?": {"deterministic"}}, "components?": [_COMPONENT]},
}
_ACTIONS = {"button": {"buttons": [_BUTTON]}, "list": {"button": str, "sections": [_SECTION]}}
_ENVELOPE = {
    "messaging_product": {"whatsapp"}, "recipient_type?": {"individual"}, "to?": str, "recipient?": str, "type?": str,
    "context?": {"message_id": str}, "biz_opaque_callback_data?": str,
}  # fmt: skip
_READ = {
    "messaging_product": {"whatsapp"}, "status": {"read"}, "message_id": str, "typing_indicator?": {"type": {"text"}},
}  # fmt: skip


def problems(message: Any) -> list[str]:
    """What is missing, unknown or of the wrong type in the body of a request to send or to read."""
    if not isinstance(message, dict):
        return ["the body is not a JSON object"]
    if "status" in message:
        return _wrong(message, _READ, "")
    kind = message.get("type", "text")
    if kind not in (*CONTENT, "interactive"):
        return [f"type {kind!r} is not known here"]
    content = CONTENT.get(kind)
    if kind == "interactive":
        given = message.get(kind)
        actions = _ACTIONS.get(given.get("type", "") if isinstance(given, dict) else "", {})
        content = {**_INTERACTIVE, "action": actions}
    return _wrong(message, {**_ENVELOPE, kind: content}, "")


def _wrong(value: Any, wanted: Any, where: str) -> list[str]:
    if isinstance(wanted, set):
        return [] if isinstance(value, str) and value in wanted else [f"{where} is not one of {sorted(wanted)}"]
    if isinstance(wanted, list):
        if not isinstance(value, list):
            return [f"{where} is not a list"]
        return [each for at, one in enumerate(value) for each in _wrong(one, wanted[0], f"{where}[{at}]")]
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            return [f"{where} is not an object"]
        return _fields(value, wanted, f"{where}." if where else "")
    right = isinstance(value, wanted) and not (isinstance(value, bool) and wanted is not bool)
    return [] if right else [f"{where} is of the wrong type: {value!r}"]


def _fields(value: dict[str, Any], wanted: dict[str, Any], where: str) -> list[str]:
    known = {name.removesuffix("?"): kind for name, kind in wanted.items()}
    found = [f"{where}{name} is missing" for name in wanted if not name.endswith("?") and name not in value]
    found += [f"{where}{name} is unknown" for name in value if name not in known]
    return found + [
        each for name, one in value.items() if name in known for each in _wrong(one, known[name], f"{where}{name}")
    ]
