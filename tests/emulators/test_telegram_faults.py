"""Faults come where and when they are asked for, and limits hold."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.emulators.bot_api.faults import Fault, Faults
from tests.emulators.bot_api.limits import Limits
from tests.emulators.conftest import RawBot
from tests.emulators.telegram import TelegramEmulator, faults

HELLO = {"chat_id": 1001, "text": "Hola"}


@pytest.mark.parametrize(
    ("fault", "status", "parameters"),
    [
        (faults.too_many(7), 429, {"retry_after": 7}),
        (faults.forbidden(), 403, None),
        (faults.migrated(-100), 400, {"migrate_to_chat_id": -100}),
        (faults.server_error(), 502, None),
    ],
)
async def test_the_next_calls_are_refused(
    telegram: TelegramEmulator, bot: RawBot, fault: Fault, status: int, parameters: dict[str, int] | None
) -> None:
    ana = telegram.person(1001)
    rule = telegram.faults.plan(fault, "sendMessage", chat=1001, times=2)
    assert (await bot.call("sendChatAction", chat_id=1001, action="typing"))[0] == 200
    for _ in range(2):
        answered, body = await bot.call("sendMessage", **HELLO)
        assert (answered, body["error_code"], body.get("parameters")) == (status, status, parameters)
    assert not ana.messages
    assert (await bot.call("sendMessage", **HELLO))[0] == 200
    assert (rule.hits, telegram.counts[str(status)], len(ana.messages)) == (2, 2, 1)


def test_a_seed_repeats_what_chance_did() -> None:
    def play(seed: int) -> list[bool]:
        plan = Faults()
        plan.plan(faults.server_error(), probability=0.3, seed=seed)
        return [bool(plan.next("sendmessage", 1).error) for _ in range(300)]

    assert play(1) == play(1) != play(2)
    assert 60 < sum(play(1)) < 120


async def test_a_lost_answer_was_carried_out_and_a_lost_call_was_not(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    for fault, seen in ((faults.lost_call(), 0), (faults.lost_answer(), 1)):
        telegram.faults.plan(fault, "sendMessage")
        with pytest.raises(aiohttp.ClientError):
            await bot.call("sendMessage", **HELLO)
        assert len(ana.messages) == seen
    assert [call.status for call in telegram.calls] == [0, 0]
    assert (await bot.call("sendMessage", **HELLO))[0] == 200


async def test_a_slow_answer_comes_after_the_message(telegram: TelegramEmulator, bot: RawBot) -> None:
    ana = telegram.person(1001)
    telegram.faults.plan(faults.slow(30), "sendMessage")
    with pytest.raises(TimeoutError):
        await bot.post("sendMessage", json=HELLO, timeout=aiohttp.ClientTimeout(total=0.1))
    assert (await ana.hears()).text == "Hola"


async def test_downloads_break_slow_down_and_expire(telegram: TelegramEmulator, bot: RawBot) -> None:
    data, ana = bytes(range(256)) * 400, telegram.person(1001)
    await ana.sends_document(data, "acta.pdf")
    file_id = (await bot.heard())["message"]["document"]["file_id"]
    telegram.faults.plan(faults.cut_download(0.4), "download")
    telegram.faults.plan(faults.server_error(), "download")
    telegram.faults.plan(faults.slow(0.05), "download")
    with pytest.raises(aiohttp.ClientPayloadError):
        await bot.download(file_id)
    with pytest.raises(aiohttp.ClientResponseError, match="502"):
        await bot.download(file_id)
    assert await bot.download(file_id) == data
    path = (await bot.ok("getFile", file_id=file_id))["file_path"]
    telegram.files.expire_links()
    async with bot.session.get(bot.link(path)) as answer:
        assert answer.status == 404
    telegram.files.link_lifetime = 0
    with pytest.raises(aiohttp.ClientResponseError, match="404"):
        await bot.download(file_id)
    telegram.files.forget(file_id)
    status, body = await bot.call("getFile", file_id=file_id)
    assert (status, "wrong file_id" in body["description"]) == (400, True)


async def test_a_big_file_needs_a_local_server(telegram: TelegramEmulator, bot: RawBot, tmp_path: Path) -> None:
    await telegram.person(1001).sends_document(b"%PDF", "../acta.pdf", size=25_000_000)
    document = (await bot.heard())["message"]["document"]
    assert document["file_size"] == 25_000_000
    status, body = await bot.call("getFile", file_id=document["file_id"])
    assert (status, body["description"]) == (400, "Bad Request: file is too big")
    telegram.files.local = tmp_path
    found = await bot.ok("getFile", file_id=document["file_id"])
    assert _contents(tmp_path) == {found["file_path"]: b"%PDF"}


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("forget", [False, True])
async def test_a_restart_keeps_or_forgets(telegram: TelegramEmulator, bot: RawBot, forget: bool) -> None:
    ana = telegram.person(1001)
    sent = await bot.ok("sendMessage", **HELLO)
    await ana.says("uno")
    waiting = asyncio.create_task(bot.call("getUpdates", offset=9999, timeout=30))
    await telegram.updates.polled.wait()
    with pytest.raises(aiohttp.ClientError):
        await asyncio.gather(waiting, telegram.stop())
    await ana.says("dos")
    await telegram.restart(forget=forget)
    assert [update["message"]["text"] for update in await bot.updates()] == ([] if forget else ["dos"])
    edited, _ = await bot.call("editMessageText", chat_id=1001, message_id=sent["message_id"], text="Otra")
    assert edited == (400 if forget else 200)
    assert ana.messages[0].text == ("Hola" if forget else "Otra")


async def test_limits_are_answered_429(telegram: TelegramEmulator, bot: RawBot) -> None:
    for chat in range(1, 41):
        telegram.person(chat)
    telegram.limits.clock = lambda: 1000.0
    telegram.limits.set("window", overall=30)
    answers = [await bot.call("sendMessage", chat_id=chat, text="Hola") for chat in (1, 1, *range(2, 41))]
    assert [status for status, _ in answers] == [200, 429, *[200] * 29, *[429] * 10]
    assert answers[-1][1]["parameters"] == {"retry_after": 1}
    assert (await bot.call("sendChatAction", chat_id=1, action="typing"))[0] == 200


@pytest.mark.parametrize(("model", "wanted"), [("window", 90), ("bucket", 119)])
def test_a_window_is_strict_and_a_bucket_forgives_the_start(model: str, wanted: int) -> None:
    now = 0.0
    limits = Limits(clock=lambda: now)
    limits.set(model, overall=30, per_chat=None)  # type: ignore[arg-type]
    accepted = 0
    for step in range(600):  # 200 attempts a second for 3 seconds
        now = step / 200
        accepted += limits.retry_after(step) == 0
    assert accepted == wanted


def test_a_halt_stops_everybody() -> None:
    now = 0.0
    limits = Limits(clock=lambda: now)
    limits.halt(5)
    assert (limits.retry_after(1), limits.retry_after(2)) == (5, 5)
    now = 5.0
    assert limits.retry_after(1) == 0
