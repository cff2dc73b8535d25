"""What a form becomes: files in the vault with what was found of them, or the reason why they are not evidence."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio import CapacityLimiter
from PIL import Image
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from bot.channels.web.inbound import inbound, received
from conversation.messages import Inbound
from models.vault import Vault
from tests.bot.web import Files, multipart

NOW = datetime(2022, 5, 16, 15, 0, tzinfo=UTC)


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(buffer, "JPEG")
    return buffer.getvalue()


def request(messages: Iterable[Message], kind: str) -> Request:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    return Request({"type": "http", "headers": [(b"content-type", kind.encode())]}, receive)


async def taken(vault: Vault, files: Files = (), **fields: str) -> Inbound:
    kind, body = multipart({"id": "1", **fields}, files)
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    form, attachments = await received(
        request([*messages, {"type": "http.request"}], kind), vault, 1, CapacityLimiter(1)
    )
    return inbound(form, attachments, "address", NOW)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence")


async def test_a_photo_is_kept_as_it_came(vault: Vault) -> None:
    message = await taken(vault, (("C:\\fotos\\Feria.jpg", "image/jpeg", photo()),), text="En la feria")
    (kept,) = message.attachments
    assert (kept.kind, kept.name, kept.mime, kept.size, kept.problem) == (
        "photo", "Feria.jpg", "image/jpeg", len(photo()), "",
    )  # fmt: skip
    assert vault.path(kept.ref).read_bytes() == photo()
    assert kept.details
    assert (kept.details["width"], kept.details["height"]) == (64, 48)
    assert (message.text, message.sent_at, message.received_at) == ("En la feria", NOW, NOW)


@pytest.mark.parametrize(
    ("name", "mime", "body", "problem"),
    [
        ("../../foto.jpg", "image/jpeg", b"#!/bin/sh\n", "disguised"),
        ("foto.jpg", "image/jpeg", b"", "empty"),
        ("foto.jpg", "image/jpeg", photo()[:-200], "cut_off"),
        ("dibujo.svg", "image/svg+xml", b"<svg onload='alert(1)'/>", "hostile"),
        ("nota.txt", "text/plain", b"a" * ((1 << 20) + 1), "too_large"),
    ],
)
async def test_what_cannot_be_kept_says_why(vault: Vault, name: str, mime: str, body: bytes, problem: str) -> None:
    (refused,) = (await taken(vault, ((name, mime, body),))).attachments
    assert (refused.kind, refused.ref, refused.problem) == ("document", "", problem)
    assert "/" not in refused.name


async def test_a_file_sent_again_is_as_young_as_a_new_one(vault: Vault) -> None:
    files = (("nota.txt", "text/plain", b"hola"),)
    (kept,) = (await taken(vault, files)).attachments
    os.utime(vault.path(kept.ref), (0, 0))
    await taken(vault, files)
    assert vault.path(kept.ref).stat().st_mtime > 0


async def test_a_place_and_a_moment(vault: Vault) -> None:
    message = await taken(vault, place="1.2, -77.25", sent_at="2022-05-16T09:00:00-05:00")
    assert [(item.kind, item.ref) for item in message.attachments] == [("place", "1.200000,-77.250000")]
    assert message.sent_at == NOW - timedelta(hours=1)


async def test_nothing_is_written_in_the_future(vault: Vault) -> None:
    assert (await taken(vault, text="hola", sent_at="2031-01-01T00:00:00Z")).sent_at == NOW


async def test_text_no_database_takes_is_mended(vault: Vault) -> None:
    assert (await taken(vault, text="ho\0la")).text == "hola"


async def test_a_connection_that_breaks_leaves_nothing(vault: Vault) -> None:
    kind, body = multipart({"id": "1"}, (("foto.jpg", "image/jpeg", photo()),))
    broken = [{"type": "http.request", "body": body[:-20], "more_body": True}, {"type": "http.disconnect"}]
    with pytest.raises(ClientDisconnect):
        await received(request(broken, kind), vault, 1, CapacityLimiter(1))
    assert not vault.root.exists()
