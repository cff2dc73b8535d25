"""Delivery to the webhook: challenged, signed, in order or not, again until it is taken, and shaped as Meta's own."""

from __future__ import annotations

import base64
import copy
import itertools
import json
import re
from typing import Any

import pytest

from tests.emulators.conftest import Hook, RawGraph
from tests.emulators.test_whatsapp import ANA, LUIS, buttons, rows
from tests.emulators.whatsapp import GraphError, WhatsAppEmulator, faults
from tests.support.tree import ROOT

RECEIVED = json.loads((ROOT / "tests/data/meta_webhook_examples.json").read_text("utf-8"))
SENT = json.loads((ROOT / "tests/data/meta_send_examples.json").read_text("utf-8"))
# The kinds that Chasqui sends. The reply with a list is not among them: it lacks its type.
OURS = [
    "Send Audio Message by ID", "Send Document Message by ID", "Send Image Message by ID", "Send Video Message by ID",
    "Send List Message", "Send Location Message", "Send Reply Button", "Send Text Message",
    "Send Text Message with Preview URL", "Send Test Message", "Send typing indicator and read receipt",
    "Send Reply to Audio Message by ID", "Send Reply to Document Message by ID", "Send Reply to Image Message by ID",
    "Send Reply to Location Message", "Send Reply to Text Message", "Send Reply to Video Message by ID",
    "Send Reply with Reaction Message", "Send Image Message by URL", "Send Document Message by URL",
]  # fmt: skip


async def test_the_challenge_must_be_answered(whatsapp: WhatsAppEmulator, hook: Hook) -> None:
    whatsapp.verify = "otra"
    with pytest.raises(GraphError, match="Callback verification failed: 403 'no'"):
        await whatsapp.webhook(hook.url)
    whatsapp.verify = hook.word
    await whatsapp.webhook(hook.url)
    with pytest.raises(GraphError, match="404"):
        await whatsapp.webhook(hook.url + "/no")
    with pytest.raises(GraphError, match="no connection"):
        await whatsapp.webhook("http://127.0.0.1:1/whatsapp")


async def test_what_fails_comes_again_until_it_is_taken(whatsapp: WhatsAppEmulator, hook: Hook) -> None:
    hook.failing = 3
    ana = whatsapp.person(ANA)
    for text in ("uno", "dos"):
        await ana.says(text)
    await whatsapp.delivery.settled()
    assert [message["text"]["body"] for message in hook.all("messages")] == ["uno", "dos"]
    assert (hook.attempts, whatsapp.delivery.failures, whatsapp.delivery.pending) == (5, 3, 0)
    assert whatsapp.delivery.last_error == "500 Internal Server Error"


async def test_what_was_said_before_waits_for_the_webhook(whatsapp: WhatsAppEmulator, hook: Hook) -> None:
    url, whatsapp.delivery.url = whatsapp.delivery.url, ""
    await whatsapp.person(ANA).says("antes")
    assert whatsapp.delivery.pending == 1
    await whatsapp.stop()
    await whatsapp.start()
    await whatsapp.webhook(url)
    assert (await hook.has("messages", 1))[0]["text"]["body"] == "antes"


async def test_one_post_may_hold_messages_and_statuses(whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook) -> None:
    ana, luis = whatsapp.person(ANA), whatsapp.person(LUIS, "Luis")
    whatsapp.delivery.batch = 5
    await ana.says("uno")
    await luis.says("dos")
    await ana.says("tres")
    await graph.ok(ANA)
    await whatsapp.delivery.settled()
    [post] = hook.taken
    changes = [change["value"] for change in post["entry"][0]["changes"]]
    assert [[one["text"]["body"] for one in value.get("messages", [])] for value in changes] == [
        ["uno", "dos", "tres"], [],
    ]  # fmt: skip
    assert [one["wa_id"] for one in changes[0]["contacts"]] == [ANA, LUIS]
    assert [one["status"] for one in changes[1]["statuses"]] == ["sent", "delivered"]


async def test_events_come_twice_late_and_cut(whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook) -> None:
    ana, luis = whatsapp.person(ANA), whatsapp.person(LUIS)
    whatsapp.faults.plan(faults.duplicated(), "message", chat=LUIS)
    whatsapp.faults.plan(faults.held(0.1), "message", chat=ANA)
    for text in ("primero", "segundo"):
        await ana.says(text)
    await luis.says("tercero")
    await whatsapp.delivery.settled()
    said = [message["text"]["body"] for message in hook.all("messages")]
    assert (sorted(said), said[-1]) == (["primero", "segundo", "tercero", "tercero"], "primero")
    assert len({message["id"] for message in hook.all("messages")}) == 3
    whatsapp.faults.plan(faults.held(0.1), "status")  # the first is sent: delivered overtakes it
    whatsapp.faults.plan(faults.duplicated(), "status")
    await graph.ok(ANA)
    await whatsapp.delivery.settled()
    assert [one["status"] for one in hook.all("statuses")] == ["delivered", "delivered", "sent"]
    taken = len(hook.taken)
    whatsapp.faults.plan(faults.cut_download(0.5), "message")
    await ana.says("cortado")
    await whatsapp.delivery.settled()
    assert len(hook.taken) == taken + 1
    assert whatsapp.delivery.posts == taken + 2


async def test_earlier_versions_tell_the_conversation(hook: Hook, graph: RawGraph, whatsapp: WhatsAppEmulator) -> None:
    whatsapp.version = "v23.0"
    whatsapp.free = {"service"}
    await whatsapp.person(ANA).says("hola")
    await graph.ok(ANA)
    sent, delivered = await hook.has("statuses", 2)
    assert sent["conversation"]["origin"] == {"type": "service"}
    assert sent["conversation"]["id"] == delivered["conversation"]["id"]
    assert sent["pricing"]["type"] == "free_customer_service"
    assert sent["pricing"]["billable"] is False


@pytest.mark.parametrize(("version", "told"), [("v23.0", False), ("v24.0", True)])
async def test_a_message_says_where_its_file_lies(
    hook: Hook, graph: RawGraph, whatsapp: WhatsAppEmulator, version: str, told: bool
) -> None:
    whatsapp.version = version
    await whatsapp.person(ANA).sends_document(b"Acta", "acta.txt")
    [message] = await hook.has("messages", 1)
    assert ("url" in message["document"]) == told
    if told:
        async with graph.session.get(message["document"]["url"], headers=graph.headers) as answer:
            assert await answer.read() == b"Acta"


def keys(value: Any) -> Any:
    """The nested names of an object; of a list those of its elements."""
    if isinstance(value, dict):
        return {name: keys(one) for name, one in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else type(value).__name__


# What is told since the examples were written.
NEWER = {".entry[].changes[].value.messages[].image.url"}


def strange(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Names and types of ours that theirs does not have."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            each
            for name, one in ours.items()
            for each in (strange(one, theirs[name], f"{where}.{name}") if name in theirs else [f"{where}.{name}"])
        ]
    if isinstance(ours, list) and isinstance(theirs, list):
        return [each for one in ours for each in strange(one, theirs[0], f"{where}[]")]
    return [] if ours == theirs else [f"{where}: {ours} instead of {theirs}"]


async def test_webhooks_have_the_shape_of_metas_examples(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook, jpeg: bytes
) -> None:
    ana = whatsapp.person(ANA, "Ana")
    whatsapp.templates.add("aviso", "es", "Hay novedades.", replies=["Ver"])
    await ana.says("hola")
    await graph.ok(ANA, "interactive", buttons("Sí"))
    await graph.ok(ANA, "interactive", rows(("Fila", "una")))
    await graph.ok(ANA, "template", {"name": "aviso", "language": {"code": "es"}})
    acts = {
        "Text Message": ana.says("hola"), "Reaction Message": ana.reacts(ana.messages[0]),
        "Image Message": ana.sends_photo(jpeg, "La plaza"),
        "Location Message": ana.sends_place(1.2136, -77.2811, "Plaza de Nariño", "Pasto"),
        "Contact Sharing Message": ana.sends_contact("+57 300 444 5566", "Luis Ortega"),
        "Unsupported Message": ana.sends_unsupported(), "Button Message": ana.taps("Ver"),
        "Interactive List Reply Message": ana.taps("Fila"), "Interactive Button Reply Message": ana.taps("Sí"),
        "System Message": ana.changes_number(LUIS),
    }  # fmt: skip
    for name, act in acts.items():
        await whatsapp.delivery.settled()
        hook.taken.clear()
        message = await act
        await whatsapp.delivery.settled()
        assert set(strange(keys(hook.taken[0]), keys(RECEIVED[name]))) <= NEWER, name
        [value], [theirs] = _values(hook.taken[0]), _values(RECEIVED[name])
        assert value.keys() == theirs.keys(), name
        assert message.keys() == theirs["messages"][0].keys(), name
        assert message["type"] == theirs["messages"][0]["type"]
        assert base64.b64decode(message["id"].removeprefix("wamid."))[:2] == b"\x1c\x18"


def _values(post: Any) -> list[Any]:
    return [change["value"] for entry in post["entry"] for change in entry["changes"]]


async def test_other_kinds_have_their_fields(whatsapp: WhatsAppEmulator, jpeg: bytes) -> None:
    ana = whatsapp.person(ANA)
    said = await ana.says("uno")
    answer = await ana.replies(said, "dos")
    assert answer["context"] == {"from": ANA, "id": said["id"]}
    voice = (await ana.sends_voice(b"OggS"))["audio"]
    assert (voice["voice"], voice["mime_type"]) == (True, "audio/ogg; codecs=opus")
    assert (await ana.sends_video(b"...", "Un video"))["video"]["caption"] == "Un video"
    assert (await ana.sends_sticker(b"RIFF"))["sticker"]["mime_type"] == "image/webp"
    assert "emoji" not in (await ana.reacts(said, ""))["reaction"]
    assert (await ana.sends_document(jpeg, "a.jpg", "ojo"))["document"].keys() == {
        "caption", "filename", "mime_type", "sha256", "id", "url",
    }  # fmt: skip


@pytest.mark.parametrize("name", OURS)
async def test_metas_own_requests_are_accepted(whatsapp: WhatsAppEmulator, graph: RawGraph, name: str) -> None:
    ana = whatsapp.person("573001112233")
    said = await ana.says("hola")
    whatsapp.templates.add("hello_world", "en_US", "Welcome and congratulations!!")
    mimes = {"audio": "audio/ogg", "document": "application/pdf", "image": "image/jpeg", "video": "video/mp4"}
    message = copy.deepcopy(SENT[name])
    kind = message.get("type", "")
    if "to" in message:
        message["to"] = ana.wa_id
    if "message_id" in message:
        message["message_id"] = said["id"]
    if "id" in message.get(kind, {}):
        message[kind]["id"] = whatsapp.media.add(b"...", "x", mimes[kind]).id
    if "link" in message.get(kind, {}):
        message[kind]["link"] = "https://example.org/acta.pdf"
    numbers = itertools.count()
    filled = re.sub(r"<[A-Z_0-9]+>", lambda _: f"x{next(numbers)}", json.dumps(message))
    status, body = await graph.post(json.loads(filled))
    assert status == 200, body
    assert len(ana.messages) == int("status" not in message)
