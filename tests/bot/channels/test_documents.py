"""A file made for somebody reaches them on every channel, and nobody else."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.carrying import Later, Result, Sent
from bot.channels.telegram.carrier import Carrier as TelegramCarrier
from bot.channels.telegram.client import Client as TelegramClient
from bot.channels.telegram.render import MOST_BYTES
from bot.channels.telegram.render import calls as telegram_calls
from bot.channels.web.sessions import address_of
from bot.channels.whatsapp.carrier import Carrier as WhatsAppCarrier
from bot.channels.whatsapp.client import Client as WhatsAppClient
from bot.channels.whatsapp.render import calls as whatsapp_calls
from bot.handing import Handing
from models import deliveries, hand_outs, people
from models.database import Database
from models.outbox import Parcel
from models.vault import Vault
from tests.bot.channels.leaving import ROUTER, open_client
from tests.bot.web import Phone, serving, settings_in
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.whatsapp import WhatsAppEmulator
from tests.support.world import RULES

NOW = datetime(2022, 5, 16, 15, 0, tzinfo=UTC)
CONTENT = bytes(range(256)) * 40_000  # ten megabytes: it is read while it leaves
PHONE, USER = "573001000000", "CO.1001"


@pytest.fixture
def handing(tmp_path: Path) -> Handing:
    return Handing(Vault(tmp_path / "handouts"), "https://chasqui.example", RULES)


def document(handing: Handing, **changed: Any) -> dict[str, Any]:
    kept = handing.vault.put(io.BytesIO(CONTENT), 1 << 30)
    return {"name": "informe-2022.pdf", "mime": "application/pdf", "sha256": kept.sha256, "size": kept.size,
            "caption": "Informe de 2022", "language": "es", **changed}  # fmt: skip


def parcel(address: str, given: dict[str, Any], text: str = "Listo.", **more: Any) -> Parcel:
    return Parcel(7, 1, address, text, [], None, 0, document=given, **more)


async def turn(_later: Later | None, _arrived: int) -> None:
    return


def no_picture(_picture: object) -> bytes:
    raise AssertionError


async def moved(address: str, chat: int) -> None:
    raise AssertionError((address, chat))


async def carried(client: TelegramClient, handing: Handing, one: Parcel) -> Result:
    return await TelegramCarrier(client, no_picture, moved, handing=handing).carry(one, lambda: None, turn)


async def test_telegram_brings_the_file(telegram: TelegramEmulator, client: TelegramClient, handing: Handing) -> None:
    assert isinstance(await carried(client, handing, parcel("1001", document(handing))), Sent)
    (told,) = telegram.person(1001).messages
    assert (told.text, told.raw["document"]["file_name"]) == ("Listo.", "informe-2022.pdf")
    assert telegram.files.kept[told.file_id].data == CONTENT


async def test_a_long_text_goes_before_its_file(
    telegram: TelegramEmulator, client: TelegramClient, handing: Handing
) -> None:
    await carried(client, handing, parcel("1001", document(handing), "a" * 2000))
    first, second = telegram.person(1001).messages
    assert (first.text, second.text) == ("a" * 2000, "Informe de 2022")


async def test_a_file_whose_connection_fails_is_tried_again(handing: Handing) -> None:
    client = TelegramClient("7:nobody", "http://127.0.0.1:9")
    await client.open()
    assert await carried(client, handing, parcel("1001", document(handing))) == Later(1.0)
    await client.close()


@pytest.fixture
async def whatsapp() -> AsyncIterator[tuple[WhatsAppEmulator, WhatsAppClient]]:
    async with WhatsAppEmulator() as whatsapp, open_client(whatsapp.url) as client:
        yield whatsapp, client


async def test_whatsapp_brings_the_file(whatsapp: tuple[WhatsAppEmulator, WhatsAppClient], handing: Handing) -> None:
    emulator, client = whatsapp
    ana = emulator.person(PHONE, "Ana", USER)
    await ana.says("Hola")
    carrier = WhatsAppCarrier(client, ROUTER, no_picture, lambda: NOW, handing=handing)
    one = parcel(USER, document(handing), to=PHONE)
    assert isinstance(await carrier.carry(one, lambda: None, turn), Sent)
    told = ana.messages[-1]
    assert told.raw["document"]["filename"] == "informe-2022.pdf"
    assert told.raw["document"]["caption"] == "Listo."
    assert emulator.media.kept[told.media_id].data == CONTENT


def test_what_is_too_large_or_gone_is_told(handing: Handing) -> None:
    large = document(handing, size=MOST_BYTES + 1)
    (call,) = telegram_calls(parcel("1001", large), 1001, no_picture, handing)
    assert call.method == "sendMessage"
    assert "pesa 51 MB" in call.params["text"]
    assert "https://chasqui.example/chat/me/documents/7" in call.params["text"]
    gone = document(handing, sha256="0" * 64)
    (body,) = whatsapp_calls(parcel(USER, gone), {"to": PHONE}, no_picture, handing=handing)
    assert body.body["text"]["body"] == "Listo.\n\nEl archivo informe-2022.pdf ya no está. Pídalo otra vez."


def test_on_the_page_a_file_is_its_readers_only(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with serving(settings) as port:
        reader, stranger = Phone(port), Phone(port)
        handing = Handing(hand_outs.beside(Vault(settings.evidence_dir)), "", RULES)
        given = document(handing)
        database = Database(settings.database_url)
        with database.begin() as connection:
            who = people.who(connection, "web", address_of(reader.cookies["chasqui-me"].value), NOW, "es")
            people.who(connection, "web", address_of(stranger.cookies["chasqui-me"].value), NOW, "es")
            # It was written to another chat of theirs.
            row = {
                "dedupe_key": "d", "person_id": who.id, "channel": "web", "address": who.address, "kind": "notice",
                "text": "Listo.", "buttons": [], "picture": None, "wants": "", "created_at": NOW, "document": given,
            }  # fmt: skip
            elsewhere = {**row, "dedupe_key": "e", "channel": "telegram", "address": "1001"}
            deliveries.add(connection, [row, elsewhere])
        database.close()
        (message,) = reader.history()
        shown = message["document"]
        assert (shown["name"], shown["size"], shown["caption"]) == ("informe-2022.pdf", len(CONTENT), "Informe de 2022")
        for url in (shown["url"], f"/chat/me/documents/{message['id'] + 1}"):
            status, headers, body = reader.fetch("GET", url)
            assert (status, headers["content-type"], body) == (200, "application/pdf", CONTENT)
            assert headers["content-disposition"] == 'attachment; filename="informe-2022.pdf"'
            assert headers["cache-control"] == "no-store"
            assert stranger.fetch("GET", url)[0] == 404
        handing.vault.discard(given["sha256"])
        assert reader.fetch("GET", shown["url"])[0] == 404
