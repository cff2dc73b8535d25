"""Delivery by webhook: with the secret, in order within a chat, chats side by side, again until it is taken."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import test_utils, web

from tests.emulators.conftest import RawBot
from tests.emulators.telegram import TelegramEmulator, faults


class Receiver:
    """The bot's side of a webhook: answers 500 to the first `failing`, waits for `gate` in the chats `stuck`."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.secrets: set[str | None] = set()
        self.failing, self.attempts, self.open, self.most_open = 0, 0, 0, 0
        self.stuck: set[int] = set()
        self.says: dict[str, Any] | None = None
        self.gate, self.news, self.asked = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.attempts += 1
        self.asked.set()
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        if update.get("message", {}).get("chat", {}).get("id") in self.stuck:
            await self.gate.wait()
        self.open -= 1
        if self.attempts <= self.failing:
            return web.Response(status=500)
        self.taken.append(update)
        self.news.set()
        return web.json_response(self.says) if self.says else web.Response()

    async def has(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                self.news.clear()
                await self.news.wait()

    def texts(self, chat: int) -> list[str]:
        messages = [update["message"] for update in self.taken]
        return [message["text"] for message in messages if message["chat"]["id"] == chat]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver, application = Receiver(), web.Application()
    application.router.add_post("/telegram", receiver.take)
    async with test_utils.TestServer(application) as server:
        receiver.url = str(server.make_url("/telegram"))
        yield receiver
        receiver.gate.set()


async def test_chats_side_by_side_each_in_order(telegram: TelegramEmulator, bot: RawBot, receiver: Receiver) -> None:
    people = [telegram.person(chat) for chat in range(1, 21)]
    await people[0].says("antes")  # what came before the webhook is delivered too
    receiver.stuck = {20}
    await bot.ok("setWebhook", url=receiver.url, secret_token="s3creto", max_connections=5)
    for number in range(10):
        for person in people:
            await person.says(str(number))
    await receiver.has(191)
    assert [receiver.texts(chat) for chat in (1, 19, 20)] == [["antes", *"0123456789"], [*"0123456789"], []]
    assert 1 < receiver.most_open <= 5
    assert receiver.secrets == {"s3creto"}
    assert (await bot.ok("getWebhookInfo"))["pending_update_count"] == 10
    assert (await bot.call("getUpdates"))[0] == 409
    receiver.gate.set()
    await receiver.has(201)
    assert receiver.texts(20) == [*"0123456789"]


async def test_what_fails_comes_again_until_it_is_taken(
    telegram: TelegramEmulator, bot: RawBot, receiver: Receiver
) -> None:
    telegram.retry_pause, receiver.failing = 0.001, 3
    await bot.ok("setWebhook", url=receiver.url)
    await telegram.person(1).says("uno")
    await telegram.person(1).says("dos")
    await receiver.has(2)
    assert receiver.texts(1) == ["uno", "dos"]
    info = await bot.ok("getWebhookInfo")
    assert (receiver.attempts, info["last_error_message"]) == (
        5,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    assert receiver.secrets == {None}


async def test_nothing_is_lost_between_webhook_and_polling(
    telegram: TelegramEmulator, bot: RawBot, receiver: Receiver
) -> None:
    receiver.stuck = {1}
    await bot.ok("setWebhook", url=receiver.url)
    await telegram.person(1).says("uno")
    await receiver.asked.wait()
    await bot.ok("deleteWebhook")
    assert [update["message"]["text"] for update in await bot.updates()] == ["uno"]
    await bot.ok("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


async def test_a_restart_goes_on_delivering(telegram: TelegramEmulator, bot: RawBot, receiver: Receiver) -> None:
    await bot.ok("setWebhook", url=receiver.url)
    await telegram.stop()
    await telegram.person(1).says("mientras tanto")
    await telegram.start()
    await receiver.has(1)
    assert receiver.texts(1) == ["mientras tanto"]


async def test_updates_come_twice_and_overtake_each_other(
    telegram: TelegramEmulator, bot: RawBot, receiver: Receiver
) -> None:
    telegram.faults.plan(faults.held(0.5), "update", chat=1)
    telegram.faults.plan(faults.duplicated(), "update", chat=2)
    await bot.ok("setWebhook", url=receiver.url)
    await telegram.person(1).says("primero")
    await telegram.person(1).says("segundo")
    await telegram.person(2).says("tercero")
    await receiver.has(4)
    assert [update["message"]["text"] for update in receiver.taken] == ["tercero", "tercero", "primero", "segundo"]
    assert sorted(Counter(update["update_id"] for update in receiver.taken).values()) == [1, 1, 2]


async def test_only_what_was_asked_for(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1)
    await bot.ok("getUpdates", allowed_updates=["message"])
    await ana.blocks()
    await ana.starts()
    telegram.updates.add(1, "message_reaction", {})
    assert [list(update)[1] for update in await bot.updates()] == ["message"]


async def test_the_answer_may_hold_a_call(telegram: TelegramEmulator, bot: RawBot, receiver: Receiver) -> None:
    ana = telegram.person(7, "Ana")
    await ana.says("hola")
    await bot.heard()
    await bot.ok("sendMessage", chat_id=7, text="¿Sí?", reply_markup={
        "inline_keyboard": [[{"text": "Sí", "callback_data": "si"}]]})  # fmt: skip
    await bot.ok("setWebhook", url=receiver.url)
    query = await ana.taps("Sí")
    receiver.says = {"method": "answerCallbackQuery", "callback_query_id": query}
    await receiver.has(1)
    async with asyncio.timeout(5):
        while telegram.unanswered:  # noqa: ASYNC110 – the emulator has no event for it
            await asyncio.sleep(0.01)
    receiver.says = {"method": "sendMessage", "chat_id": 7}
    await ana.says("adiós")
    await receiver.has(2)
    async with asyncio.timeout(5):
        while not telegram.invalid:  # noqa: ASYNC110 – nor for this
            await asyncio.sleep(0.01)
    assert "text" in telegram.invalid.pop()
