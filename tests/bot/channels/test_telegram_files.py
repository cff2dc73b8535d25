"""Files that come whole, or not at all and why."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels import remote
from bot.channels.fetching import NotFetched
from bot.channels.remote import Remote
from bot.channels.telegram.client import Client
from bot.channels.telegram.render import Call
from tests.bot.channels.telegram import TOKEN, Script
from tests.emulators.telegram import TelegramEmulator, faults

HELLO = Call("sendMessage", {"chat_id": 1001, "text": "Hola, *Ana* 👍"})
SHORT = aiohttp.ClientTimeout(total=0.2, sock_read=0.1)
NOW = datetime.now(UTC)


async def fetched(client: Client, file_id: str, most: int = 1 << 20) -> bytes:
    into = io.BytesIO()
    assert await client.download(await client.get_file(file_id), into, most) == len(into.getvalue())
    return into.getvalue()


async def test_a_file_comes_whole(telegram: TelegramEmulator, client: Client) -> None:
    data = b"%PDF" + b"\x00" * 200_000
    raw = await telegram.person(1001).sends_document(data, "Acta ñ 1.pdf")
    assert await fetched(client, raw["document"]["file_id"]) == data


async def refused(client: Client, file_id: str, most: int = 1 << 20) -> str:
    with pytest.raises(NotFetched) as caught:
        await fetched(client, file_id, most)
    assert TOKEN not in f"{caught.value} {caught.value.detail}"
    return caught.value.reason


async def test_why_a_file_does_not_come(telegram: TelegramEmulator, client: Client) -> None:
    raw = await telegram.person(1001).sends_document(b"%PDF" * 50_000, "acta.pdf")
    file_id = raw["document"]["file_id"]
    assert await refused(client, file_id, most=199_999) == "too_big"
    for fault in (faults.cut_download(0.5), faults.cut_download(0), faults.server_error(500)):
        telegram.faults.plan(fault, "download")
        assert await refused(client, file_id) == "broken"
    for fault in (faults.lost_call(), faults.too_many(), faults.server_error()):
        telegram.faults.plan(fault, "getFile")
        assert await refused(client, file_id) == "broken"
    found = await client.get_file(file_id)
    telegram.files.expire_links()
    with pytest.raises(NotFetched) as caught:
        await client.download(found, io.BytesIO(), 1 << 20)
    assert caught.value.reason == "expired"
    assert len(await fetched(client, file_id)) == 200_000
    telegram.files.forget(file_id)
    assert await refused(client, file_id) == "gone"
    large = await telegram.person(1001).sends_document(b"x", "acto.mp4", size=(20 << 20) + 1)
    assert await refused(client, large["document"]["file_id"]) == "too_big"


async def test_a_silent_download_is_broken(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(remote, "PATIENCE", SHORT)
    client = Client(TOKEN, script.url)
    await client.open()
    with pytest.raises(NotFetched, match="broken"):
        await client.download(Remote("a.jpg", 5), io.BytesIO(), 10)
    await client.close()


async def test_an_end_that_may_be_a_cut_is_measured(script: Script) -> None:
    script.says, script.closes = b"HTTP/1.0 200 OK\r\n\r\nabc", True
    client = Client(TOKEN, script.url)
    await client.open()
    assert await client.download(Remote("a.jpg", 3), io.BytesIO(), 10) == 3
    with pytest.raises(NotFetched, match="3 of 4 bytes"):
        await client.download(Remote("a.jpg", 4), io.BytesIO(), 10)
    await client.close()


async def test_a_full_disk_is_not_the_networks_fault(telegram: TelegramEmulator, client: Client) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    raw = await telegram.person(1001).sends_document(b"%PDF", "acta.pdf")
    with pytest.raises(OSError, match="No space"):
        await client.download(await client.get_file(raw["document"]["file_id"]), Full(), 10)


async def test_a_server_of_ones_own_hands_files_over_in_its_folder(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "secret").write_bytes(b"x")
    async with TelegramEmulator(TOKEN, local=kept) as telegram:
        client = Client(TOKEN, telegram.url, kept)
        await client.open()
        assert (await client.get_me()).most == 2000 << 20
        raw = await telegram.person(1001).sends_document(b"%PDF", "acta.pdf")
        file_id = raw["document"]["file_id"]
        assert await fetched(client, file_id) == b"%PDF"
        assert await refused(client, file_id, most=3) == "too_big"
        for path, reason in ((str(tmp_path / "secret"), "broken"), ("../secret", "broken"), ("nothing", "expired")):
            with pytest.raises(NotFetched, match=reason):
                await client.download(Remote(path, 1), io.BytesIO(), 10)
        await client.close()
