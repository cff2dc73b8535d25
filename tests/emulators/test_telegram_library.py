"""The emulator as python-telegram-bot meets it: whatever the library sends and expects must fit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram as library
from telegram import ext as extensions

from tests.emulators.telegram import TelegramEmulator, faults

KEYS = {"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}


@pytest.fixture
async def ptb(telegram: TelegramEmulator) -> AsyncIterator[Any]:
    """A Bot of the library, over its own HTTP client."""
    base = {"base_url": f"{telegram.url}/bot", "base_file_url": f"{telegram.url}/file/bot"}
    async with library.Bot(telegram.token, **base) as bot:
        yield bot


async def test_every_method_is_understood(telegram: TelegramEmulator, ptb: Any, jpeg: bytes) -> None:
    ana = telegram.person(1001, "Ana")
    keys = library.InlineKeyboardMarkup.de_json(KEYS, ptb)
    assert ptb.username == "chasqui_bot"
    sent = await ptb.send_message(1001, "<b>Hola</b>", parse_mode="HTML", reply_markup=keys)
    assert (sent.text, sent.entities[0].type, sent.reply_markup) == ("Hola", "bold", keys)
    await ptb.edit_message_text("Adiós", 1001, sent.message_id, reply_markup=keys)
    await ptb.edit_message_reply_markup(1001, sent.message_id)
    assert (ana.messages[0].text, ana.messages[0].buttons) == ("Adiós", [])
    photo = await ptb.send_photo(1001, jpeg, caption="Foto", reply_parameters=library.ReplyParameters(sent.message_id))
    await ptb.send_document(1001, b"%PDF-", filename="acta.pdf")
    await ptb.send_media_group(
        1001, [library.InputMediaPhoto(jpeg, "uno"), library.InputMediaPhoto(photo.photo[-1].file_id, "dos")]
    )
    assert [message.text for message in ana.messages[1:]] == ["Foto", "", "uno", "dos"]
    await ptb.send_location(1001, 1.2136, -77.2811)
    await ptb.send_chat_action(1001, "upload_photo")
    assert ana.action == "upload_photo"
    await ptb.set_my_commands([("reportar", "Contar")], library.BotCommandScopeChat(1001), language_code="es")
    await ptb.delete_my_commands(library.BotCommandScopeChat(1001), language_code="es")
    await ptb.set_webhook("http://127.0.0.1:9/", secret_token="s", allowed_updates=["message"])
    assert (await ptb.get_webhook_info()).allowed_updates == ("message",)
    await ptb.delete_webhook(drop_pending_updates=True)
    assert not (await ptb.get_webhook_info()).url
    await ana.sends_document(jpeg, "IMG.jpg")
    [update] = await ptb.get_updates(timeout=1)
    assert await (await update.message.document.get_file()).download_as_bytearray() == jpeg
    assert not telegram.invalid


async def test_faults_are_the_errors_of_the_library(
    telegram: TelegramEmulator, ptb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    ana, error = telegram.person(1001), library.error
    for fault, expected in [
        (faults.too_many(3), error.RetryAfter), (faults.forbidden(), error.Forbidden),
        (faults.migrated(-100), error.ChatMigrated), (faults.server_error(), error.NetworkError),
        (faults.lost_answer(), error.NetworkError), (faults.slow(30), error.TimedOut),
    ]:  # fmt: skip
        telegram.faults.plan(fault, "sendMessage")
        with pytest.raises(expected):
            await ptb.send_message(1001, "Hola", read_timeout=0.2)
    assert len(ana.messages) == 2
    with pytest.raises(error.BadRequest, match="text is empty"):
        await ptb.send_message(1001, " ")
    assert "text is empty" in telegram.invalid.pop()


async def test_an_application_talks_by_polling(telegram: TelegramEmulator) -> None:
    async def ask(update: Any, context: Any) -> None:
        await update.message.reply_text(f"¿{update.message.text}?", reply_markup=KEYS)

    async def thank(update: Any, context: Any) -> None:
        await update.callback_query.answer("Anotado")
        await update.callback_query.edit_message_text(f"Gracias: {update.callback_query.data}")

    builder = extensions.ApplicationBuilder().token(telegram.token).base_url(f"{telegram.url}/bot")
    application = builder.base_file_url(f"{telegram.url}/file/bot").build()
    application.add_handler(extensions.MessageHandler(extensions.filters.TEXT, ask))
    application.add_handler(extensions.CallbackQueryHandler(thank))
    ana, luis = telegram.person(1001, "Ana"), telegram.person(1002, "Luis")
    async with application:
        await application.start()
        await application.updater.start_polling()
        for person in (ana, luis):
            await person.says("listo")
            await person.hears("¿listo")
        await asyncio.gather(ana.taps("Sí"), luis.taps("No"))
        assert [(await person.hears("Gracias")).text for person in (ana, luis)] == ["Gracias: y", "Gracias: n"]
        await application.updater.stop()
        await application.stop()
    assert ana.notices == ["Anotado"]
    assert not telegram.updates.pending
    assert not telegram.invalid
