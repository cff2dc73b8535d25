"""People and a bot over plain HTTP: what they do reaches each other as on the platform."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.emulators.bot_api import schema
from tests.emulators.conftest import RawBot, buttons, compact
from tests.emulators.telegram import TelegramEmulator


async def test_a_conversation(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001, "Ana <b>Lucía</b> & *Ortega*")
    await ana.says("/reportar ya")
    message = (await bot.heard())["message"]
    assert message["from"]["first_name"] == "Ana <b>Lucía</b> & *Ortega*"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 9}]
    sent = await bot.ok("sendMessage", chat_id=1001, text="¿Cuál?", reply_markup=buttons("Agenda", "Agenda 2"))
    asked = await ana.hears("Cuál")
    assert [button.label for button in asked.buttons] == ["Agenda", "Agenda 2"]
    query = await ana.taps("Agenda 2")
    tapped = (await bot.heard())["callback_query"]
    assert (tapped["data"], tapped["message"]["message_id"]) == ("d:Agenda 2", sent["message_id"])
    assert telegram.unanswered.keys() == {query}
    await bot.ok("answerCallbackQuery", callback_query_id=query, text="Anotado")
    assert ana.notices == ["Anotado"]
    await bot.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="Agenda 2 ✔")
    assert (await ana.hears("✔")).edited
    assert [(message.text, message.buttons) for message in ana.messages] == [("Agenda 2 ✔", [])]
    with pytest.raises(AssertionError, match="sees no button 'Agenda'"):
        await ana.taps("Agenda")
    assert not telegram.unanswered
    assert not telegram.invalid


async def test_waiting_in_vain_says_what_was_heard(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001, "Ana")
    await bot.ok("sendMessage", chat_id=1001, text="Buenas")
    with pytest.raises(AssertionError, match=r"Ana waited 0.01 s for 'folio' and heard \['Buenas'\]"):
        await ana.hears("folio", timeout=0.01)


async def test_hearing_does_not_wait_for_the_next_look(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    async with asyncio.TaskGroup() as tasks:
        heard = tasks.create_task(ana.hears("dos"))
        for text in ("uno", "dos", "tres"):
            await bot.ok("sendMessage", chat_id=1001, text=text)
    assert heard.result().text == "dos"
    assert (await ana.hears()).text == "tres"


async def test_polling_forgets_only_what_a_higher_offset_confirms(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    for text in "abc":
        await ana.says(text)
    first = await bot.updates()
    assert await bot.updates() == first
    assert await bot.updates(first[1]["update_id"]) == first[1:]
    assert len(await bot.ok("getUpdates", limit=1)) == 1
    assert (await bot.updates(-1))[0]["message"]["text"] == "c"
    assert len(telegram.updates.pending) == 1


async def test_a_long_poll_waits_for_news_and_yields_to_another(telegram: TelegramEmulator, bot: RawBot) -> None:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(bot.call("getUpdates", timeout=20))
        await telegram.updates.polled.wait()
        second = tasks.create_task(bot.call("getUpdates", timeout=20))
        assert (await first)[0] == 409
        await telegram.person(1001).says("hola")
    assert second.result()[1]["result"][0]["message"]["text"] == "hola"
    assert await bot.ok("getUpdates", offset=2000, timeout=0) == []


async def test_json_forms_and_multipart_say_the_same(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    params = {
        "chat_id": "1001",
        "text": "Elija",
        "disable_notification": "true",
        "reply_markup": compact(buttons("Sí")),
    }
    multipart = aiohttp.FormData()
    for name, value in params.items():
        multipart.add_field(name, value, content_type="text/plain; charset=utf-8")
    await bot.post("sendMessage", data=params)
    await bot.post("sendMessage", data=multipart)
    await bot.post("sendMessage", params=params)
    await bot.call("sendMessage", **params | {"chat_id": 1001, "disable_notification": True})
    assert [message.buttons for message in ana.messages] == [ana.messages[0].buttons] * 4
    assert ana.messages[0].buttons[0].label == "Sí"
    assert not telegram.invalid


async def test_files_go_up_and_down(telegram: TelegramEmulator, bot: RawBot, jpeg: bytes) -> None:
    ana = telegram.person(1001)
    form = aiohttp.FormData({"chat_id": "1001", "caption": "El acta"})
    form.add_field("photo", jpeg, filename="acta.jpg", content_type="image/jpeg")
    await bot.post("sendPhoto", data=form)
    media = [{"type": "document", "media": "attach://a"}, {"type": "document", "media": "attach://b", "caption": "dos"}]
    form = aiohttp.FormData({"chat_id": "1001", "media": compact(media)})
    form.add_field("a", b"%PDF-1", filename="uno.pdf", content_type="application/pdf")
    form.add_field("b", b"%PDF-2", filename="dos.pdf", content_type="application/pdf")
    await bot.post("sendMediaGroup", data=form)
    shown = ana.messages
    assert [message.text for message in shown] == ["El acta", "", "dos"]
    assert [ana.received(message)[:6] for message in shown[1:]] == [b"%PDF-1", b"%PDF-2"]
    assert shown[1].raw["media_group_id"] == shown[2].raw["media_group_id"]
    again = await bot.ok("sendPhoto", chat_id=1001, photo=shown[0].file_id)
    assert again["photo"][-1]["file_unique_id"] == shown[0].raw["photo"][-1]["file_unique_id"]
    assert (await bot.call("sendDocument", chat_id=1001, document="no-such-id"))[0] == 400
    assert not telegram.invalid


async def test_photos_lose_their_exif_and_documents_keep_every_byte(
    telegram: TelegramEmulator, bot: RawBot, jpeg: bytes
) -> None:
    ana = telegram.person(1001)
    await ana.sends_photo(jpeg, "En la plaza")
    sizes = (await bot.heard())["message"]["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(90, 63), (320, 224), (1000, 700)]
    assert len({size["file_unique_id"] for size in sizes}) == 3
    for size in sizes:
        assert len(await bot.download(size["file_id"])) == size["file_size"]
    assert b"Exif" in jpeg
    assert b"Exif" not in await bot.download(sizes[-1]["file_id"])
    await ana.sends_document(jpeg, "IMG 1.jpg")
    document = (await bot.heard())["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("IMG 1.jpg", len(jpeg))
    assert await bot.download(document["file_id"]) == jpeg


@pytest.fixture
async def everything(telegram: TelegramEmulator, bot: RawBot, jpeg: bytes) -> list[Any]:
    """The updates of all that people can do."""
    ana, luis = telegram.person(1001, "Ana", username="ana"), telegram.person(1002, "Luis")
    group = telegram.group(-50, "Comité")
    said = await ana.says("Mire https://x.co de @chasqui_bot 😀 /ya")
    await ana.edits(said, "Mire bien")
    await ana.sends_album([jpeg, ("acta.pdf", b"%PDF")], "Dos")
    await ana.sends_voice(b"OggS")
    await ana.sends_video(b"....", "Un video")
    await ana.shares_place(1.2136, -77.2811)
    await ana.shares_contact("+573001112233")
    await ana.shares_contact("+573001112233", "Rosa")
    await ana.forwards("Publicamos la agenda", channel="narino", post=12)
    await ana.forwards("Lo dijo alguien", photo=jpeg)
    await ana.replies_to(said, "Esto", photo=jpeg)
    await ana.starts("token-7")
    await ana.blocks()
    await ana.starts()
    await bot.ok("sendMessage", chat_id=1001, text="¿?", reply_markup=buttons("Sí"))
    await ana.taps("Sí")
    await luis.says("@chasqui_bot hola", to=group)
    await group.removes_bot(luis)
    await group.adds_bot(luis)
    await group.migrates(luis, -1_000_000_000_050)
    return await bot.updates()


async def test_all_that_people_do_is_an_update(everything: list[Any]) -> None:
    kinds = {next(name for name in update if name != "update_id") for update in everything}
    assert len(everything) == 22
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}


# Telegram publishes its types as a page only; who has them as data (schema.py says where) checks every field.
@pytest.mark.skipif(schema.load().types is None, reason="telegram-bot-api.json is not on this machine")
async def test_every_field_is_one_of_the_bot_api(everything: list[Any]) -> None:
    known = schema.load()
    assert [problem for update in everything for problem in known.value("Update", update)] == []


async def test_a_group_is_heard_only_when_the_bot_is_spoken_to(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana, group = telegram.person(1001), telegram.group(-1_000_000_000_001, "Comité")
    sent = await bot.ok("sendMessage", chat_id=group.id, text="Buenas")
    assert sent["message_id"] == 1  # a supergroup counts its own messages
    await ana.says("Nadie le habla al bot", to=group)
    await ana.says("¿Y el avance, @Chasqui_bot?", to=group)
    await ana.replies_to(await group.hears("Buenas"), "Gracias")
    await ana.says("/estado@chasqui_bot", to=group)
    heard = [update["message"]["text"] for update in await bot.updates()]
    assert heard == ["¿Y el avance, @Chasqui_bot?", "Gracias", "/estado@chasqui_bot"]
    everything = telegram.group(-51, "Sin privacidad", privacy=False)
    await ana.says("Hola a todos", to=everything)
    assert (await bot.updates())[-1]["message"]["chat"]["title"] == "Sin privacidad"


@pytest.mark.parametrize("change", ["blocked", "kicked", "unknown", "migrated"])
async def test_who_cannot_be_written_to(telegram: TelegramEmulator, bot: RawBot, change: str) -> None:
    ana, group = telegram.person(1001), telegram.group(-50, "Comité")
    wanted: dict[str, tuple[int, int, Any]] = {
        "blocked": (1001, 403, None), "kicked": (-50, 403, None), "unknown": (77, 400, None),
        "migrated": (-50, 400, {"migrate_to_chat_id": -1_000_000_000_050}),
    }  # fmt: skip
    if change == "blocked":
        await ana.blocks()
    elif change == "kicked":
        await group.removes_bot(ana)
    elif change == "migrated":
        await group.migrates(ana, -1_000_000_000_050)
    chat, status, parameters = wanted[change]
    answered, body = await bot.call("sendMessage", chat_id=chat, text="Hola")
    assert (answered, body.get("parameters")) == (status, parameters)
    assert not telegram.invalid


async def test_what_else_the_platform_refuses(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    said = await ana.says("hola")
    sent = await bot.ok("sendMessage", chat_id=1001, text="Hola", reply_parameters={"message_id": said["message_id"]})
    assert sent["reply_to_message"]["text"] == "hola"
    refused = {
        "message is not modified": await bot.call("editMessageText", chat_id=1001, message_id=2, text="Hola"),
        "message can't be edited": await bot.call("editMessageText", chat_id=1001, message_id=1, text="Hola"),
        "message to edit not found": await bot.call("editMessageReplyMarkup", chat_id=1001, message_id=9),
        "query is too old": await bot.call("answerCallbackQuery", callback_query_id="5"),
        "replied not found": await bot.call("sendMessage", chat_id=1001, text="x", reply_parameters={"message_id": 99}),
    }
    for told, (status, body) in refused.items():
        assert (status, told in body["description"]) == (400, True), body
    telegram.token = "7:other"
    async with bot.session.get(f"{telegram.url}/bot7:secret/getMe") as answer:
        assert answer.status == 401


async def test_marked_text_is_read_as_people_read_it(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    await bot.ok(
        "sendMessage",
        chat_id=1001,
        text="😀 <b>A &lt; B</b> <a href='https://x.co?a=1&amp;b=2'>aquí</a>",
        parse_mode="HTML",
    )
    shown = await ana.hears()
    assert shown.text == "😀 A < B aquí"
    assert shown.raw["entities"] == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "text_link", "url": "https://x.co?a=1&b=2", "offset": 9, "length": 4},
    ]
    await bot.ok("sendMessage", chat_id=1001, text="<b>tal cual</b> &amp; ya")
    assert (await ana.hears()).text == "<b>tal cual</b> &amp; ya"


async def test_menus_signs_and_keyboards(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    menu = [{"command": "reportar", "description": "Contar lo que se hizo"}]
    await bot.ok("setMyCommands", commands=menu, scope={"type": "chat", "chat_id": 1001}, language_code="es")
    assert telegram.commands == {("chat 1001", "es"): menu}
    await bot.ok("deleteMyCommands", scope={"type": "chat", "chat_id": 1001}, language_code="es")
    assert not telegram.commands
    await bot.ok("sendChatAction", chat_id=1001, action="typing")
    assert ana.action == "typing"
    await bot.ok("sendMessage", chat_id=1001, text="Elija", reply_markup={"keyboard": [["Sí", {"text": "No"}]]})
    assert ana.action == ""
    await ana.taps("No")
    assert (await bot.heard())["message"]["text"] == "No"
    await bot.ok("sendLocation", chat_id=1001, latitude=1.2, longitude=-77.2)
    assert ana.messages[-1].raw["location"] == {"latitude": 1.2, "longitude": -77.2}
    assert (await bot.ok("getMe"))["username"] == "chasqui_bot"
    assert telegram.counts["sendMessage"] == 1
