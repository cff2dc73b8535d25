"""Requests and answers as bytes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson


class File(NamedTuple):
    """A file to upload."""

    name: str
    content: bytes
    mime: str


class Stored(NamedTuple):
    """A file to upload that lies on disk."""

    name: str
    path: Path
    mime: str


def encoded(params: Mapping[str, Any], files: Mapping[str, tuple[str, Any, str]]) -> tuple[str, bytes]:
    """Media type and bytes: parameters as JSON, or with files (name, bytes, media type) as a form whose other fields
    are text or JSON."""
    if not files:
        return "application/json", orjson.dumps(params)
    parts: list[bytes] = []
    boundary = secrets.token_hex(16)
    for key, value in params.items():
        text = value.encode() if isinstance(value, str) else orjson.dumps(value)
        parts += (f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'.encode(), text, b"\r\n")
    for key, (name, content, mime) in files.items():
        shown = " ".join(name.replace('"', "'").split())
        head = f'Content-Disposition: form-data; name="{key}"; filename="{shown}"\r\nContent-Type: {mime}'
        parts += (f"--{boundary}\r\n{head}\r\n\r\n".encode(), content, b"\r\n")
    form = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return f"multipart/form-data; boundary={boundary}", form


def parsed(payload: bytes) -> Any:
    """The JSON of an answer. Raises ValueError."""
    try:
        return orjson.loads(payload)
    except ValueError:
        # Half a character escaped in somebody's text must not hold up everybody's updates.
        return json.loads(payload.decode("utf-8", "replace"))


def told(payload: bytes) -> dict[str, Any]:
    """What an answer holds, empty where it cannot be read."""
    try:
        answer = parsed(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
