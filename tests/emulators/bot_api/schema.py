"""The Bot API as data (telegram-bot-api.json): do a call's parameters have the right names and types?

The file is looked for in TELEGRAM_BOT_API_SPEC, then beside the repository. Without it names and types pass unchecked.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "telegram-bot-api.json"
# What a form's text stands for where there is no specification to ask.
_UNSPECIFIED = {
    name: ["Integer", "String"] for name in "chat_id message_id offset limit timeout max_connections".split()
}
_UNSPECIFIED |= {
    name: ["JSON"]
    for name in (
        "allowed_updates caption_entities commands disable_notification drop_pending_updates entities latitude "
        "link_preview_options longitude media reply_markup reply_parameters scope show_alert"
    ).split()
}
_LITERAL = re.compile(r'(?:must be (\w+)|always "(\w+)")$')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    data: bytes

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.data)} bytes>"


@dataclass(frozen=True, slots=True)
class Schema:
    """Methods by lower-case name, and types by name; None where there is no specification."""

    methods: Mapping[str, Any] | None = None
    types: Mapping[str, Any] | None = None

    def name(self, method: str) -> str | None:
        """A method's name as it is spelt; None where there is no such method."""
        if self.methods is None:
            return method
        found = self.methods.get(method.lower())
        return str(found["name"]) if found else None

    def read(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters from a form or query, where all is text, as what they stand for."""
        types = {name: field["types"] for name, field in self._fields(method).items()} or _UNSPECIFIED
        return {name: _meant(types.get(name, ["String"]), value) for name, value in given.items()}

    def problems(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """What is wrong with the names and types of a call's parameters."""
        if self.methods is None:
            return []
        told = _attachments(params)
        attached = {name for name, value in params.items() if isinstance(value, Upload) and name in told}
        named = {name: value for name, value in params.items() if name not in attached}
        return self._object(self._fields(method), named, "") + [f"no file {name}" for name in told - attached]

    def _fields(self, method: str) -> dict[str, Any]:
        return {field["name"]: field for field in (self.methods or {}).get(method.lower(), {}).get("fields", [])}

    def _object(self, fields: Mapping[str, Any], given: Mapping[str, Any], where: str) -> list[str]:
        found = [f"{where}{name} is unknown" for name in given if name not in fields]
        found += [f"{where}{name} is missing" for name in fields if fields[name]["required"] and name not in given]
        for name, value in given.items():
            if name in fields:
                found += self._any(fields[name]["types"], value, where + name)
        return found

    def _any(self, types: list[str], value: Any, where: str) -> list[str]:
        tried = [self.value(kind, value, where) for kind in types]
        # Of several types the one that fits best tells what is wrong.
        return min(tried, key=len)

    def value(self, kind: str, value: Any, where: str = "") -> list[str]:
        """What keeps `value` from being of type `kind`, as the Bot API names types."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where} is not a list"]
            return [each for n, one in enumerate(value) for each in self.value(kind[9:], one, f"{where}[{n}]")]
        if kind in _SIMPLE:
            fits = isinstance(value, _SIMPLE[kind]) and (kind == "Boolean" or not isinstance(value, bool))
            return [] if fits else [f"{where} is not {kind}: {value!r}"]
        described = (self.types or {})[kind]
        if subtypes := described.get("subtypes"):
            return min((self.value(each, value, where) for each in subtypes), key=len)
        if kind == "KeyboardButton" and isinstance(value, str):  # said in words only: a text may stand for it
            return []
        if not isinstance(value, dict):
            return [f"{where} is not {kind}: {value!r}"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        wrong = self._object(fields, value, f"{where}.")
        for name, field in fields.items():
            literal = _LITERAL.search(field["description"]) if field["required"] else None
            if literal and value.get(name) not in literal.groups():
                # More than one problem, so that the subtype that is meant is told of first.
                wrong += [f"{where}.{name} is not {literal[1] or literal[2]}"] * 9
        return wrong


_SIMPLE: dict[str, Any] = {
    "Integer": int, "Float": (int, float), "String": str, "Boolean": bool, "InputFile": Upload,
}  # fmt: skip


def _meant(types: list[str], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if "Integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "String" in types:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _attachments(params: Mapping[str, Any]) -> set[str]:
    """The names of the files a call speaks of as attach://name."""
    media = params.get("media")
    told = [each.get("media") for each in media if isinstance(each, dict)] if isinstance(media, list) else []
    named = [each for each in [*told, *params.values()] if isinstance(each, str) and each.startswith("attach://")]
    return {each.removeprefix("attach://") for each in named}


def load() -> Schema:
    """The specification, or one that knows nothing where it is not on this machine."""
    path = Path(os.environ.get("TELEGRAM_BOT_API_SPEC", BESIDE))
    return _read(path) if path.is_file() else Schema()


@cache
def _read(path: Path) -> Schema:
    read = json.loads(path.read_text("utf-8"))
    return Schema({name.lower(): method for name, method in read["methods"].items()}, read["types"])
