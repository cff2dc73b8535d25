"""What people do on WhatsApp, and what it means here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp import number
from bot.channels.whatsapp.inbound import (
    Event,
    Message,
    Stray,
    read,
)
from conversation.messages import Attachment, Inbound

EXAMPLES = json.loads((Path(__file__).resolve().parents[2] / "data" / "meta_webhook_examples.json").read_bytes())
US = "106540352242922"
NOW = datetime(2025, 6, 20, 15, 0, 9, tzinfo=UTC)
SENT = NOW - timedelta(seconds=9)
ANA, USER = "573001112233", "CO.13491208655302741918"
WAMID = "wamid.HBgMNTczMDAxMTEyMjMzFQIAEhgUM0E0QTY1OTlBRUUwMzgxMDE0NEYA"


def said(kind: str = "text", content: Any = None, **more: Any) -> dict[str, Any]:
    """A message of Ana's."""
    content = {"body": "hola"} if kind == "text" and content is None else content
    return {"from": ANA, "id": WAMID, "timestamp": str(int(SENT.timestamp())), "type": kind, kind: content, **more}


def posted(*messages: Any, field: str = "messages", phone_id: str = US, **value: Any) -> dict[str, Any]:
    """A payload with these messages."""
    about = {"display_phone_number": "15550783881", "phone_number_id": phone_id}
    whole = {"messaging_product": "whatsapp", "metadata": about, **({"messages": list(messages)} if messages else {})}
    change = {"field": field, "value": {**whole, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "419561257915477", "changes": [change]}]}


def events(*messages: Any, **value: Any) -> list[Event]:
    return read(posted(*messages, **value), NOW, US)


def heard(*messages: Any, **value: Any) -> Inbound:
    (found,) = events(*messages, **value)
    assert isinstance(found, Message)
    return found.inbound


def fetched(kind: Any, mime: str, name: str = "", **details: Any) -> Attachment:
    found = {"file_id": "1003", "message": number(WAMID), **details}
    return Attachment(kind, "whatsapp:1003", name, mime, details=found)


def test_a_text() -> None:
    inbound = Inbound("whatsapp", ANA, WAMID, SENT, NOW, "Hecho: *2*", language="es", number=WAMID)
    assert events(said(content={"body": "Hecho: *2*"})) == [Message(inbound, ANA, WAMID)]


HIDDEN = {"profile": {"username": "ana"}, "user_id": USER}
KNOWN = {**HIDDEN, "wa_id": ANA}


@pytest.mark.parametrize(
    ("message", "contacts", "names"),
    [
        ({}, [{"wa_id": ANA}], ("", ANA)),
        ({}, [KNOWN], (USER, ANA)),
        ({"from_user_id": USER}, [], (USER, ANA)),
        ({"from": None, "from_user_id": USER}, [HIDDEN], (USER, "")),
        ({"from": None}, [HIDDEN], (USER, "")),
        ({"from": USER}, [{"wa_id": USER}], (USER, "")),
        ({}, [{"wa_id": "573009998877", "user_id": "CO.9"}, KNOWN], (USER, ANA)),
        ({}, [{"wa_id": "573009998877", "user_id": "CO.9"}, {"wa_id": "5731", "user_id": "CO.8"}], ("", ANA)),
        ({"from_user_id": "CO." + "9" * 90}, [], ("", ANA)),
    ],
)
def test_who_it_is(message: dict[str, Any], contacts: list[Any], names: tuple[str, str]) -> None:
    (found,) = events(said(**message), contacts=contacts)
    assert isinstance(found, Message)
    assert (found.inbound.address, found.phone) == (names[0] or names[1], names[1])


def test_what_is_nobodys_is_kept_aside() -> None:
    message = said(**{"from": None})
    assert events(message) == [Stray("text", message)]


def test_a_clock_ahead_of_ours_does_not_write_in_the_future() -> None:
    assert heard(said(timestamp=str(int(NOW.timestamp()) + 60))).sent_at == NOW


def test_a_message_is_taken_for_eight_days() -> None:
    old = NOW - timedelta(days=8)
    assert heard(said(timestamp=str(int(old.timestamp()) + 1))).text == "hola"
    assert events(said(timestamp=str(int(old.timestamp()) - 1))) == []


def test_a_long_number_has_a_short_one() -> None:
    inbound = heard(said(id="wamid." + "A" * 100, context={"id": "wamid." + "B" * 100}))
    assert inbound.message_id == inbound.number == number("wamid." + "A" * 100)
    assert (inbound.reply_to, len(inbound.number)) == (number("wamid." + "B" * 100), 64)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("image", {"id": "1003", "mime_type": "image/jpeg", "sha256": "SfIn"},
         fetched("photo", "image/jpeg", recompressed=True)),
        ("image", {"id": "1003"}, fetched("photo", "image/jpeg", recompressed=True)),
        ("image", {"id": "1003", "url": "https://files.example/?mid=1003", "sha256": "SfIn"},
         fetched("photo", "image/jpeg", url="https://files.example/?mid=1003", sha256="49f227", recompressed=True)),
        ("image", {"id": "1003", "url": "https://files.example/?mid=1003", "sha256": "ñ"},
         fetched("photo", "image/jpeg", recompressed=True)),
        ("document", {"id": "1003", "mime_type": "application/pdf", "filename": "../Acta 1.pdf"},
         fetched("document", "application/pdf", "Acta 1.pdf")),
        ("document", {"id": "1003", "mime_type": "image/heic", "filename": "IMG_1.HEIC"},
         fetched("photo", "image/heic", "IMG_1.HEIC")),
        ("audio", {"id": "1003", "mime_type": "audio/ogg; codecs=opus", "voice": True}, fetched("voice", "audio/ogg")),
        ("audio", {"id": "1003", "mime_type": "audio/mp4", "voice": False}, fetched("audio", "audio/mp4")),
        ("video", {"id": "1003", "mime_type": "video/mp4"}, fetched("video", "video/mp4")),
        ("image", {"mime_type": "image/jpeg"}, Attachment("photo", "", mime="image/jpeg", problem="cut_off")),
        ("location", {"latitude": 1.2136, "longitude": -77.2811}, Attachment("place", "1.213600,-77.281100")),
        ("location", {"latitude": 1, "longitude": -77, "name": "Plaza de Nariño / Pasto", "address": "Calle 19"},
         Attachment("place", "1.000000,-77.000000", "Plaza de Nariño / Pasto")),
        ("sticker", {"id": "1003", "mime_type": "image/webp"}, Attachment("document", "", problem="no_file")),
        ("order", {"catalog_id": "5", "text": ""}, Attachment("document", "", problem="no_file")),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}},
         Attachment("document", "", problem="no_file")),
    ],
)  # fmt: skip
def test_files_and_places(kind: str, content: dict[str, Any], expected: Attachment) -> None:
    assert heard(said(kind, content)) == Inbound(
        "whatsapp", ANA, WAMID, SENT, NOW, attachments=(expected,), language="es", number=WAMID
    )


def test_a_contact_leaves_no_trace() -> None:
    found = events(said("contacts", [{"name": {"formatted_name": "Luz"}, "phones": [{"phone": "+57311"}]}]))
    assert "Luz" not in repr(found)
    assert [item.problem for item in found[0].inbound.attachments] == ["no_file"]  # type: ignore[union-attr]


def test_a_caption_and_a_reply() -> None:
    inbound = heard(said("image", {"id": "1003", "caption": "La agenda"}, context={"id": "wamid.B", "forwarded": True}))
    assert (inbound.text, inbound.reply_to, len(inbound.attachments)) == ("La agenda", "wamid.B", 1)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("interactive", {"type": "button_reply", "button_reply": {"id": "report|duty|3|12", "title": "La 12"}}),
        ("interactive",
         {"type": "list_reply", "list_reply": {"id": "report|duty|3|12", "title": "La 12", "description": "mayo"}}),
        ("button", {"payload": "report|duty|3|12", "text": "La 12"}),
    ],
)  # fmt: skip
def test_buttons(kind: str, content: dict[str, Any]) -> None:
    inbound = heard(said(kind, content, context={"id": "wamid.B", "from": "15550783881"}))
    assert (inbound.tap, inbound.text, inbound.attachments) == ("report|duty|3|12", "La 12", ())


def test_no_zero_byte_and_no_half_character_gets_in() -> None:
    assert heard(said(content={"body": "a\0b\ud83d"})).text == "ab"


def test_a_changed_message_is_a_message_of_its_own() -> None:
    new = {"type": "text", "text": {"body": "3"}, "context": {"id": "wamid.B"}}
    inbound = heard(said("edit", {"original_message_id": "wamid.A", "message": new}))
    assert (inbound.message_id, inbound.number, inbound.text, inbound.edited) == (WAMID, "wamid.A", "3", True)


@pytest.mark.parametrize(
    "message",
    [
        said("reaction", {"message_id": "wamid.B", "emoji": "👍"}),
        said("revoke", {"original_message_id": "wamid.B"}),
        said("request_welcome"),
        said(group_id="Y2FwaV9ncm91cDo"),
        said(content={"body": ""}),
    ],
)
def test_what_needs_no_answer(message: dict[str, Any]) -> None:
    assert events(message) == []


@pytest.mark.parametrize("kind", ["poll_creation", "", None])
def test_a_kind_of_message_nobody_knows_is_answered_and_kept(kind: Any) -> None:
    message = {**said(), "type": kind}
    found, stray = events(message)
    assert isinstance(found, Message)
    assert found.inbound.attachments[0].problem == "no_file"
    assert stray == Stray(kind or "message", message)
