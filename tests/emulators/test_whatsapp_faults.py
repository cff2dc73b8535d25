"""Faults come where and when they are asked for, and limits hold."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import pytest

from tests.emulators.conftest import Hook, RawGraph
from tests.emulators.graph_api.faults import Fault, Faults
from tests.emulators.graph_api.limits import Limits
from tests.emulators.test_whatsapp import ANA, LUIS
from tests.emulators.whatsapp import GraphError, WhatsAppEmulator, faults


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (faults.too_many(), 400, 130429),
        (faults.pair_limited(), 400, 131056),
        (faults.window_closed(), 400, 131047),
        (faults.not_on_whatsapp(), 400, 131026),
        (faults.opted_out(), 400, 131050),
        (faults.template_missing(), 404, 132001),
        (faults.template_paused(), 400, 132015),
        (faults.bad_token(), 401, 190),
        (faults.server_error(), 500, 131000),
        (faults.server_error(503), 503, 2),
        (faults.refused(131048, "spam"), 400, 131048),
    ],
)
async def test_the_next_messages_are_refused(
    whatsapp: WhatsAppEmulator, graph: RawGraph, fault: Fault, status: int, code: int
) -> None:
    ana = whatsapp.person(ANA, user_id="CO.1")
    said = await ana.says("hola")
    await whatsapp.person(LUIS).says("hola")
    rule = whatsapp.faults.plan(fault, "messages", chat="CO.1" if code == 190 else ANA, times=2)
    await graph.post({"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]})
    await graph.ok(LUIS)
    to = {"recipient": "CO.1"} if code == 190 else {"to": ANA}
    for _ in range(2):
        answered, body = await graph.post({"messaging_product": "whatsapp", **to, "text": {"body": "Hola"}})
        assert (answered, body["error"]["code"], body["error"]["type"]) == (status, code, "OAuthException")
        assert body["error"]["message"].startswith(f"(#{code}) ")
        assert body["error"].keys() == {"message", "type", "code", "error_data", "fbtrace_id"}
    assert not ana.messages
    await graph.ok(ANA)
    assert (rule.hits, whatsapp.counts[str(code)], len(ana.messages)) == (2, 2, 1)


def test_a_seed_repeats_what_chance_did() -> None:
    def play(seed: int) -> list[bool]:
        plan = Faults()
        plan.plan(faults.server_error(), probability=0.3, seed=seed)
        return [bool(plan.next("messages").error) for _ in range(300)]

    assert play(1) == play(1) != play(2)
    assert 60 < sum(play(1)) < 120


async def test_a_lost_answer_was_carried_out_and_a_lost_call_was_not(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook
) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    for fault, seen in ((faults.lost_call(), 0), (faults.lost_answer(), 1)):
        whatsapp.faults.plan(fault, "messages")
        with pytest.raises(aiohttp.ClientError):
            await graph.send(ANA, biz_opaque_callback_data="7.0")
        assert len(ana.messages) == seen
    assert [call.status for call in whatsapp.calls] == [0, 0]
    assert [one["biz_opaque_callback_data"] for one in await hook.has("statuses", 2)] == ["7.0", "7.0"]


async def test_some_failures_are_told_later(whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook) -> None:
    ana = whatsapp.person(ANA, user_id="CO.1")
    whatsapp.late_window = True
    first = await graph.ok(ANA, biz_opaque_callback_data="1.0")
    await ana.says("hola")
    whatsapp.faults.plan(faults.failed(131050), "messages")
    second = await graph.ok(ANA)
    ana.blocks()
    third = await graph.ok(ANA)
    ana.unblocks()
    await graph.ok(ANA)
    whatsapp.status(ana.messages[0].id, "failed", GraphError(131053, "no se pudo"))
    statuses = [one for one in await hook.has("statuses", 6) if one["status"] == "failed"]
    assert [(one["id"], one["errors"][0]["code"]) for one in statuses] == [
        (first, 131047), (second, 131050), (third, 131026), (ana.messages[0].id, 131053),
    ]  # fmt: skip
    assert statuses[0]["biz_opaque_callback_data"] == "1.0"
    assert not {"pricing", "recipient_user_id"} & statuses[0].keys()
    assert "contacts" not in next(value for value in hook.values if "statuses" in value)
    assert len(ana.messages) == 1


async def test_a_slow_answer_comes_after_the_message(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    whatsapp.faults.plan(faults.slow(30), "messages")
    body = {"messaging_product": "whatsapp", "to": ANA, "text": {"body": "Hola"}}
    path = f"{whatsapp.phone}/messages"
    with pytest.raises(TimeoutError):
        await graph.call("POST", path, json=body, timeout=aiohttp.ClientTimeout(total=0.1))
    assert (await ana.hears()).text == "Hola"


async def test_downloads_break_slow_down_and_expire(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    data, ana = bytes(range(256)) * 400, whatsapp.person(ANA)
    media_id = (await ana.sends_document(data, "acta.pdf"))["document"]["id"]
    for fault in (faults.cut_download(0.4), faults.server_error(), faults.expired(), faults.slow(0.05)):
        whatsapp.faults.plan(fault, "download")
    with pytest.raises(aiohttp.ClientPayloadError):
        await graph.download(media_id)
    for status in ("500", "404"):
        with pytest.raises(aiohttp.ClientResponseError, match=status):
            await graph.download(media_id)
    assert await graph.download(media_id) == data
    _, told = await graph.call("GET", media_id)
    whatsapp.media.expire_links()
    async with graph.session.get(told["url"], headers=graph.headers) as answer:
        assert answer.status == 404
    now = 1000.0
    whatsapp.media.clock = lambda: now
    _, told = await graph.call("GET", media_id)
    for moment, wanted in ((1299.0, 200), (1300.0, 404)):
        now = moment
        async with graph.session.get(told["url"], headers=graph.headers) as answer:
            assert answer.status == wanted
    whatsapp.faults.plan(faults.expired(), "media")
    assert (await graph.call("GET", media_id))[0] == 404
    whatsapp.media.forget(media_id)
    assert (await graph.call("GET", media_id))[1]["error"]["code"] == 100


async def test_any_call_may_be_hit(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    templates = f"{whatsapp.account}/message_templates"
    whatsapp.faults.plan(faults.server_error(), times=5)
    answers = [
        await graph.upload(b"x", "x.txt", "text/plain"), await graph.call("GET", templates),
        await graph.call("GET", whatsapp.phone), await graph.call("DELETE", "7"),
        await graph.call("POST", f"{whatsapp.account}/subscribed_apps"),
    ]  # fmt: skip
    assert [status for status, _ in answers] == [500] * 5
    assert [call.method for call in whatsapp.calls] == ["upload", "templates", "phone", "media", "subscribe"]


async def test_a_restart_goes_on(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    whatsapp.faults.plan(faults.slow(30), "messages")
    waiting = asyncio.create_task(graph.send(ANA))
    await ana.hears("Hola")
    with pytest.raises(aiohttp.ClientError):
        await asyncio.gather(waiting, whatsapp.stop())
    await whatsapp.start()
    await graph.ok(ANA)
    assert len(ana.messages) == 2


async def test_limits_are_answered(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    now = 1000.0
    whatsapp.limits.clock = lambda: now
    whatsapp.limits.set(number=3, pair=(2, 6))
    for each in (ANA, LUIS):
        await whatsapp.person(each).says("hola")
    codes = [(await graph.send(to))[1].get("error", {}).get("code") for to in (ANA, ANA, LUIS, LUIS)]
    assert codes == [None, None, None, 130429]
    now = 1001.0
    assert [(await graph.send(to))[0] for to in (ANA, LUIS)] == [400, 200]
    assert whatsapp.counts["131056"] == 1


def test_a_pair_has_45_at_once_and_one_more_every_6_seconds() -> None:
    now = 0.0
    limits = Limits(clock=lambda: now)
    limits.set(number=None)

    def accepted(attempts: int) -> int:
        count = 0
        for _ in range(attempts):
            with suppress(GraphError):
                limits.check(ANA)
                count += 1
        return count

    assert accepted(60) == 45
    with pytest.raises(GraphError, match="131056"):
        limits.check(ANA)
    now = 5.9
    assert accepted(5) == 0
    now = 18.1
    assert accepted(5) == 3
    limits.check(LUIS)
