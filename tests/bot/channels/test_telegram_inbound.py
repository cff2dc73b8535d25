"""What people do on Telegram, and what it means here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.inbound import Back, Event, Left, Me, Message, Migrated, read
from conversation.messages import Attachment, Inbound

NOW = datetime(2022, 5, 2, 15, 0, 9, tzinfo=UTC)
SENT = NOW - timedelta(seconds=9)
ME = Me(7, "Chasqui_Bot", most=20 << 20)
ANA = {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "es-419"}
PRIVATE = {"id": 1001, "type": "private"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Prensa"}


def update(kind: str, **content: Any) -> dict[str, Any]:
    body = {"message_id": 42, "from": ANA, "chat": PRIVATE, "date": int(SENT.timestamp()), **content}
    return {"update_id": 900, kind: body}


def message(**content: Any) -> Message:
    found = read(update("message", **content), NOW, ME)
    assert isinstance(found, Message)
    return found


def heard(**content: Any) -> Inbound:
    return message(**content).inbound


def file(number: str = "A", **more: Any) -> dict[str, Any]:
    return {"file_id": f"id{number}", "file_unique_id": f"u{number}", "file_size": 1000, **more}


def fetched(kind: Any, mime: str, name: str = "", size: int = 1000) -> Attachment:
    return Attachment(kind, "telegram:uA", name, mime, size, details={"file_id": "idA", "message": 42})


def smaller(size: int = 1000) -> Attachment:
    """A photo that Telegram has recompressed."""
    sent = fetched("photo", "image/jpeg", size=size)
    return replace(sent, details={**(sent.details or {}), "recompressed": True})


def test_a_text() -> None:
    assert message(text="Hecho: *2* <b>notas</b>") == Message(
        Inbound("telegram", "1001", "900", SENT, NOW, "Hecho: *2* <b>notas</b>", language="es", number="42")
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/start AB_c-9", "/start AB_c-9"),
        ("/reportar@chasqui_bot 4", "/reportar 4"),
        ("/reportar@CHASQUI_BOT", "/reportar"),
        ("/reportar@chasqui_bot2", "/reportar@chasqui_bot2"),
        ("Publicado por @chasqui_bot", "Publicado por @chasqui_bot"),
        ("a\0b\ud83d", "ab"),
    ],
)
def test_commands_lose_the_name_of_the_bot_and_nothing_else_is_touched(typed: str, said: str) -> None:
    assert heard(text=typed).text == said


def test_a_clock_ahead_of_ours_does_not_write_in_the_future() -> None:
    assert heard(text="hola", date=int(NOW.timestamp()) + 60).sent_at == NOW


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("es-CO", "es"), ("pt-BR", "pt"), (None, "es"), ("x" * 30, "xxxxxxxx")]
)
def test_the_language_of_the_phone(code: str | None, language: str) -> None:
    assert heard(text="hola", **{"from": {**ANA, "language_code": code}}).language == language


def test_a_button() -> None:
    shown = {"message_id": 41, "chat": PRIVATE, "date": 1000, "text": "¿Cuál?"}
    found = read(update("callback_query", id="77", message=shown, data="report|duty|3|12"), NOW, ME)
    expected = Inbound("telegram", "1001", "900", NOW, NOW, tap="report|duty|3|12", language="es")
    assert found == Message(expected, "77")


def test_a_button_of_a_message_too_old_to_be_shown() -> None:
    found = read(
        update("callback_query", id="77", message={"message_id": 41, "chat": PRIVATE, "date": 0}, data="x"), NOW, ME
    )
    assert isinstance(found, Message)
    assert found.inbound.sent_at == NOW


@pytest.mark.parametrize("body", [{"inline_message_id": "5", "data": "x"}, {"message": {}, "data": "x"}, {"id": "1"}])
def test_a_button_that_is_in_no_chat(body: dict[str, Any]) -> None:
    assert read({"update_id": 900, "callback_query": {"id": "1", "from": ANA, **body}}, NOW, ME) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"photo": [file("S", width=90, height=60), file(width=800, height=600), file("M", width=320, height=240)]},
         smaller()),
        ({"document": file(file_name="../Acta 1.pdf", mime_type="application/pdf")},
         fetched("document", "application/pdf", "Acta 1.pdf")),
        ({"document": file(file_name="IMG_1.HEIC", mime_type="image/heic")},
         fetched("photo", "image/heic", "IMG_1.HEIC")),
        ({"document": file()}, fetched("document", "")),
        ({"voice": file(duration=3)}, fetched("voice", "audio/ogg")),
        ({"audio": file(mime_type="audio/mp4", file_name="entrevista.m4a")},
         fetched("audio", "audio/mp4", "entrevista.m4a")),
        ({"video": file(mime_type="video/quicktime")}, fetched("video", "video/quicktime")),
        ({"video_note": file()}, fetched("video", "video/mp4")),
        ({"animation": file(mime_type="video/mp4"), "document": file("B")}, fetched("video", "video/mp4")),
        ({"photo": [file(file_size=None, width=1, height=1)]}, smaller(0)),
        ({"photo": [file(width=1, height=1)], "live_photo": file("B")}, smaller()),
        ({"document": file(file_size=20 << 20)}, fetched("document", "", size=20 << 20)),
        ({"video": file(file_size=(20 << 20) + 1, file_name="acto.mp4")},
         Attachment("video", "", "acto.mp4", "video/mp4", (20 << 20) + 1, "too_large")),
        ({"location": {"latitude": 1.2136, "longitude": -77.2811}}, Attachment("place", "1.213600,-77.281100")),
        ({"location": {"latitude": 1, "longitude": -77}, "venue": {"title": "Plaza de Nariño / Pasto"}},
         Attachment("place", "1.000000,-77.000000", "Plaza de Nariño / Pasto")),
        *(({kind: {"phone_number": "+57300", "first_name": "Luz", "file_id": "x"}},
           Attachment("document", "", problem="no_file")) for kind in ("contact", "sticker", "poll", "story")),
    ],
)  # fmt: skip
def test_files_and_places(content: dict[str, Any], expected: Attachment) -> None:
    assert heard(**content) == Inbound(
        "telegram", "1001", "900", SENT, NOW, attachments=(expected,), language="es", number="42"
    )


def test_a_contact_leaves_no_trace() -> None:
    assert "+57300" not in repr(message(contact={"phone_number": "+57300", "first_name": "Luz"}))


def test_a_caption_and_an_album() -> None:
    found = heard(
        photo=[file(width=1, height=1)], caption="La agenda", media_group_id="555", reply_to_message={"message_id": 40}
    )
    assert (found.text, found.album, found.reply_to, len(found.attachments)) == ("La agenda", "555", "40", 1)


def test_an_address_behind_words_is_evidence() -> None:
    marks = [
        {"type": "text_link", "offset": 0, "length": 5, "url": "https://narino.gov.co/agenda"},
        {"type": "text_link", "offset": 6, "length": 2, "url": "tg://user?id=5"},
        {"type": "bold", "offset": 6, "length": 2},
    ]
    assert heard(text="Aquí está", entities=marks).attachments == (Attachment("link", "https://narino.gov.co/agenda"),)


def passed_on(**chat: Any) -> dict[str, Any]:
    return {"type": "channel", "chat": {"id": -1009, "type": "channel", **chat}, "message_id": 88, "date": 1}


def test_a_post_of_a_public_channel_is_a_link_and_its_words_are_nobodys_here() -> None:
    found = heard(forward_origin=passed_on(username="gobnarino"), text="/cancelar")
    assert (found.text, found.attachments) == ("", (Attachment("link", "https://t.me/gobnarino/88"),))


def test_its_photo_comes_along() -> None:
    photo = [file(width=1, height=1)]
    found = heard(forward_origin=passed_on(username="gobnarino"), caption="Hoy", photo=photo)
    assert (found.text, [item.kind for item in found.attachments]) == ("", ["link", "photo"])


@pytest.mark.parametrize("origin", [passed_on(), {"type": "hidden_user", "sender_user_name": "Luz", "date": 1}])
def test_what_has_no_public_address_is_taken_as_said(origin: dict[str, Any]) -> None:
    found = heard(forward_origin=origin, text="La agenda salió")
    assert (found.text, found.attachments) == ("La agenda salió", ())


def test_an_edited_message_is_a_message_of_its_own() -> None:
    changed = {"edit_date": int(SENT.timestamp()) + 5, "photo": [file(width=1, height=1)]}
    found = read(update("edited_message", caption="3", **changed), NOW, ME)
    at = SENT + timedelta(seconds=5)
    assert found == Message(
        Inbound("telegram", "1001", "900", at, NOW, "3", language="es", number="42", edited=True)
    )  # the photo was taken the first time


def test_nor_does_a_group_hear_of_an_edit() -> None:
    assert read(update("edited_message", text="/estado@chasqui_bot", chat=GROUP), NOW, ME) is None


def test_a_live_place_does_not_write_every_few_seconds() -> None:
    assert read(update("edited_message", location={"latitude": 1, "longitude": 2}), NOW, ME) is None


@pytest.mark.parametrize(
    ("status", "event"),
    [("kicked", Left("1001")), ("left", Left("1001")), ("member", Back("1001")), ("administrator", Back("1001"))],
)
def test_blocked_and_let_in_again(status: str, event: Event) -> None:
    assert read(update("my_chat_member", new_chat_member={"status": status}), NOW, ME) == event


@pytest.mark.parametrize(
    ("chat", "content"), [(-5, {"migrate_to_chat_id": -1005}), (-1005, {"migrate_from_chat_id": -5})]
)
def test_a_group_that_moves_says_so_on_both_sides(chat: int, content: dict[str, int]) -> None:
    where = {"id": chat, "type": "group"}
    assert read(update("message", chat=where, **content), NOW, ME) == Migrated("-5", "-1005")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"text": "/estado@chasqui_bot prensa"}, "/estado prensa"),
        ({"text": "@Chasqui_Bot ¿cómo va prensa?"}, "¿cómo va prensa?"),
        ({"text": "sí", "reply_to_message": {"message_id": 3, "from": {"id": 7}}}, "sí"),
        ({"caption": "@chasqui_bot esta", "photo": [file(width=1, height=1)]}, "esta"),
    ],
)
def test_in_groups_the_bot_answers_when_spoken_to(content: dict[str, Any], said: str) -> None:
    found = heard(chat=GROUP, **content)
    assert (found.text, found.address, found.private) == (said, "-100500", False)


@pytest.mark.parametrize(
    "content",
    [
        {"text": "/estado"},
        {"text": "/estado@otro_bot"},
        {"text": "hola a @chasqui_bot2"},
        {"text": "sí", "reply_to_message": {"message_id": 3, "from": {"id": 8}}},
        {"photo": [file(width=1, height=1)]},
        {"contact": {"phone_number": "+57300"}},
    ],
)
def test_and_hears_nothing_else(content: dict[str, Any]) -> None:
    assert read(update("message", chat=GROUP, **content), NOW, ME) is None


def test_a_button_in_a_group_is_not_private() -> None:
    shown = {"message_id": 41, "chat": GROUP, "date": 1000}
    found = read(update("callback_query", id="77", message=shown, data="/estado"), NOW, ME)
    assert isinstance(found, Message)
    assert not found.inbound.private


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1},
        {"update_id": 1, "poll_answer": {"poll_id": "5"}},
        {"update_id": 1, "channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "x"}},
        update("message", new_chat_members=[ANA]),
        update("message", pinned_message={"message_id": 4}),
        update("message", text="x", chat=None),
        update("message", text="x", date=10**20),
        update("message", photo=[{}]),
        {"message": {"text": "x"}},
    ],
)
def test_the_rest_is_left_out(raw: dict[str, Any]) -> None:
    assert read(raw, NOW, ME) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "text", "caption", "entities", "photo", "document", "location", "venue", "chat", "from", "date", "forward_origin",
    "reply_to_message", "media_group_id", "contact", "migrate_to_chat_id", "message", "data", "new_chat_member", "id",
)  # fmt: skip


@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
)
def test_no_update_stops_the_bot(kind: str, content: dict[str, Any]) -> None:
    read(update(kind, **content), NOW, ME)
