"""A photo from WhatsApp: fetched from where its message says it lies, or by asking where it is."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels import quick
from bot.channels.fetching import Fetcher
from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.inbound import Message, read
from conversation.messages import PENDING, Attachment
from models.vault import Vault
from tests.bot.channels.leaving import TOKEN, open_client
from tests.bot.channels.test_whatsapp_inbound import ANA, US, posted
from tests.emulators.whatsapp import Person, WhatsAppEmulator, faults
from tests.models.inspection_samples import encoded, picture

JPEG = encoded("jpeg", picture(64))
FILE = hashlib.sha256(JPEG).hexdigest()
FOR_EVER = {"probability": 1.0}


@pytest.fixture
async def whatsapp(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WhatsAppEmulator]:
    monkeypatch.setattr(quick, "TRIES", (0.0, 0.0, 0.0))
    async with WhatsAppEmulator(TOKEN) as one:
        yield one


@pytest.fixture
async def client(whatsapp: WhatsAppEmulator) -> AsyncIterator[Client]:
    async with open_client(whatsapp.url) as one:
        yield one


async def fetched(client: Client, raw: Any, folder: Path) -> Attachment:
    """The file of a message, as the turn takes it."""
    [event] = read(posted(raw), datetime.now(UTC), US)
    assert isinstance(event, Message)

    async def busy() -> None:
        pass

    inbound = await quick.fetched(Fetcher(client, Vault(folder), 1 << 20), event.inbound, busy)
    return inbound.attachments[0]


def ana(whatsapp: WhatsAppEmulator) -> Person:
    return whatsapp.person(ANA)


async def test_it_comes_from_where_its_message_says_it_lies(
    whatsapp: WhatsAppEmulator, client: Client, tmp_path: Path
) -> None:
    file = await fetched(client, await ana(whatsapp).sends_photo(JPEG), tmp_path)
    assert (file.ref, file.problem, whatsapp.counts["media"], whatsapp.counts["download"]) == (FILE, "", 0, 1)
    assert not {"url", "sha256"} & (file.details or {}).keys()


async def test_it_is_asked_for_where_its_message_leads_elsewhere(
    whatsapp: WhatsAppEmulator, client: Client, tmp_path: Path
) -> None:
    other = (await ana(whatsapp).sends_photo(encoded("jpeg", picture(80))))["image"]
    page = whatsapp.media.add(b"<html>", "a.html", "text/html")
    for told in (
        {"url": other["url"]},
        {"url": whatsapp.media.link(page.id, whatsapp.root)["url"]},
        {"url": "http://127.0.0.1:1/x"},
        {"url": f"{whatsapp.root}/nothing"},
        {"url": ""},
        {"sha256": "?"},
    ):
        raw = await ana(whatsapp).sends_photo(JPEG)
        whatsapp.counts.clear()
        file = await fetched(client, {**raw, "image": {**raw["image"], **told}}, tmp_path)
        assert (file.ref, whatsapp.counts["media"]) == (FILE, 1), told


@pytest.mark.parametrize("fault", [faults.cut_download(), faults.server_error(), faults.expired()])
async def test_it_is_asked_for_where_it_does_not_come(
    whatsapp: WhatsAppEmulator, client: Client, tmp_path: Path, fault: faults.Fault
) -> None:
    whatsapp.faults.plan(fault, "download")
    file = await fetched(client, await ana(whatsapp).sends_photo(JPEG), tmp_path)
    assert (file.ref, whatsapp.counts["media"]) == (FILE, 1)


async def test_a_message_of_before_leads_nowhere(whatsapp: WhatsAppEmulator, client: Client, tmp_path: Path) -> None:
    raw = await ana(whatsapp).sends_photo(JPEG)
    whatsapp.media.expire_links()  # it was said days ago, and is posted again
    assert (await fetched(client, raw, tmp_path)).ref == FILE


async def test_where_it_lay_is_not_kept(whatsapp: WhatsAppEmulator, client: Client, tmp_path: Path) -> None:
    whatsapp.faults.plan(faults.server_error(), "download", **FOR_EVER)
    file = await fetched(client, await ana(whatsapp).sends_photo(JPEG), tmp_path)
    assert file.problem == PENDING
    assert not {"url", "sha256"} & (file.details or {}).keys()
