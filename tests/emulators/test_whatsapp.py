"""People and a bot over plain HTTP: what they do reaches each other as on the platform."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.emulators.conftest import Hook, RawGraph
from tests.emulators.whatsapp import WhatsAppEmulator

ANA, LUIS, ID = "573001112233", "573004445566", "CO.1502576394655843"


def buttons(*labels: str) -> dict[str, Any]:
    """A message with buttons, with a picture above where one is given."""
    replies = [{"type": "reply", "reply": {"id": f"d:{label}", "title": label}} for label in labels]
    return {"type": "button", "body": {"text": "¿Cuál?"}, "action": {"buttons": replies}}


def rows(*rows: tuple[str, str]) -> dict[str, Any]:
    """A message with a list of (title, description)."""
    given = [{"id": f"r:{title}", "title": title, "description": told} for title, told in rows]
    action = {"button": "Ver opciones", "sections": [{"title": "Todas", "rows": given}]}
    return {"type": "list", "body": {"text": "Elija"}, "footer": {"text": "una"}, "action": action}


async def test_a_conversation(whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook) -> None:
    ana = whatsapp.person(ANA, "Ana <b>Lucía</b>", ID)
    said = await ana.says("Quiero reportar")
    [message] = await hook.has("messages", 1)
    assert message == said
    assert (message["from"], message["from_user_id"], message["text"]["body"]) == (ANA, ID, "Quiero reportar")
    assert hook.values[0]["contacts"] == [{"profile": {"name": "Ana <b>Lucía</b>"}, "wa_id": ANA, "user_id": ID}]
    wamid = await graph.ok(ANA, "interactive", buttons("Agenda", "Agenda 2"), biz_opaque_callback_data="7.0")
    asked = await ana.hears("Cuál")
    assert [(one.label, one.id) for one in asked.options] == [("Agenda", "d:Agenda"), ("Agenda 2", "d:Agenda 2")]
    assert asked.id == wamid
    await ana.taps("Agenda 2")
    tapped = (await hook.has("messages", 2))[1]
    assert tapped["interactive"] == {"type": "button_reply", "button_reply": {"id": "d:Agenda 2", "title": "Agenda 2"}}
    assert tapped["context"]["id"] == wamid
    statuses = await hook.has("statuses", 2)
    assert [(one["status"], one["id"], one["biz_opaque_callback_data"]) for one in statuses] == [
        ("sent", wamid, "7.0"), ("delivered", wamid, "7.0"),
    ]  # fmt: skip
    assert (statuses[0]["recipient_id"], statuses[0]["recipient_user_id"]) == (ANA, ID)
    assert statuses[0]["pricing"] == {
        "billable": True, "pricing_model": "PMP", "category": "service", "type": "regular",
    }  # fmt: skip
    await ana.reads()
    assert (await hook.has("statuses", 3))[2]["status"] == "read"


async def test_rows_are_found_by_label_description_and_what_they_were_shortened_from(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook
) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    described = ("Publicar la agenda de a…", "2 de 4, hasta el 31 de marzo")
    await graph.ok(ANA, "interactive", rows(described, ("Publicar", "nada")))
    assert (await ana.hears()).text == "Elija\nuna"
    for label, wanted in {
        "Publicar": "Publicar", "2 de 4": described[0], "Publicar la": described[0],
        "Publicar la agenda de actividades": described[0],
    }.items():  # fmt: skip
        assert (await ana.taps(label))["interactive"]["list_reply"]["title"] == wanted
    assert (await ana.taps("2 de"))["interactive"]["list_reply"]["description"] == described[1]
    with pytest.raises(AssertionError, match="sees no button 'Agenda' but"):
        await ana.taps("Agenda")


async def test_waiting_in_vain_says_what_was_heard(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    await graph.ok(ANA)
    with pytest.raises(AssertionError, match=r"Ana waited 0.01 s for 'folio' and heard \['Hola'\]"):
        await ana.hears("folio", timeout=0.01)


async def test_hearing_does_not_wait_for_the_next_look(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    async with asyncio.TaskGroup() as tasks:
        heard = tasks.create_task(ana.hears("dos"))
        for text in ("uno", "dos", "tres"):
            await graph.ok(ANA, content={"body": text})
    assert heard.result().text == "dos"
    assert (await ana.hears()).text == "tres"


async def test_files_go_up_and_down(whatsapp: WhatsAppEmulator, graph: RawGraph, jpeg: bytes) -> None:
    ana = whatsapp.person(ANA)
    await ana.says("hola")
    picture = (await graph.upload(jpeg, "acta.jpg", "image/jpeg"))[1]["id"]
    paper = (await graph.upload(b"%PDF-1", "acta.pdf", "application/pdf"))[1]["id"]
    await graph.ok(ANA, "image", {"id": picture, "caption": "El acta"})
    await graph.ok(ANA, "document", {"id": paper, "filename": "acta.pdf", "caption": "Va"})
    await graph.ok(ANA, "interactive", {**buttons("Sí"), "header": {"type": "image", "image": {"id": picture}}})
    assert [message.text for message in ana.messages] == ["El acta", "Va", "¿Cuál?"]
    assert [ana.received(message) for message in ana.messages] == [jpeg, b"%PDF-1", jpeg]
    assert await graph.call("DELETE", picture) == (200, {"success": True})
    status, body = await graph.call("GET", picture)
    assert (status, body["error"]["code"], body["error"]["error_subcode"]) == (400, 100, 33)


async def test_photos_lose_their_exif_and_documents_keep_every_byte(
    whatsapp: WhatsAppEmulator, graph: RawGraph, jpeg: bytes
) -> None:
    ana = whatsapp.person(ANA)
    photo = (await ana.sends_photo(jpeg, "En la plaza"))["image"]
    assert (photo["caption"], photo["mime_type"]) == ("En la plaza", "image/jpeg")
    assert b"Exif" in jpeg
    assert b"Exif" not in await graph.download(photo["id"])
    paper = (await ana.sends_document(jpeg, "IMG 1.jpg", size=25_000_000))["document"]
    assert paper["filename"] == "IMG 1.jpg"
    assert await graph.download(paper["id"]) == jpeg
    _, told = await graph.call("GET", paper["id"])
    assert (told["file_size"], told["mime_type"], len(told["sha256"])) == (25_000_000, "image/jpeg", 64)
    async with graph.session.get(told["url"]) as answer:
        assert answer.status == 401


async def test_who_hides_the_phone_is_known_by_user_id(whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook) -> None:
    ana = whatsapp.person(ANA, "Ana", ID, hides_phone=True)
    message = await ana.says("hola")
    await hook.has("messages", 1)
    assert "from" not in message
    assert hook.values[0]["contacts"] == [{"profile": {"name": "Ana", "username": "@ana"}, "user_id": ID}]
    whole = {"messaging_product": "whatsapp", "recipient": ID, "text": {"body": "Hola"}}
    status, body = await graph.post(whole)
    assert (status, body["contacts"]) == (200, [{"input": ID, "user_id": ID}])
    [sent, _] = await hook.has("statuses", 2)
    assert "recipient_id" not in sent
    assert sent["recipient_user_id"] == ID
    assert (await graph.send("+57 300 111 2233"))[1]["contacts"] == [{"input": "+57 300 111 2233", "wa_id": ANA}]
    assert len(ana.messages) == 2


async def test_a_number_changes_and_with_it_the_user_id(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook
) -> None:
    ana, luis = whatsapp.person(ANA, "Ana", ID), whatsapp.person(LUIS, "Luis")
    await luis.says("hola")
    await luis.changes_number("573009998877")
    await ana.changes_number("573007776655", "CO.2")
    _, plain, both = await hook.has("messages", 3)
    assert (plain["from"], plain["system"]["wa_id"], plain["system"]["type"]) == (
        LUIS, "573009998877", "user_changed_number",
    )  # fmt: skip
    assert both["system"] == {
        "body": f"User Ana changed from {ID} to CO.2", "wa_id": "573007776655", "user_id": "CO.2",
        "type": "user_changed_user_id",
    }  # fmt: skip
    [update] = await hook.has("user_id_update", 1)
    assert update["user_id"] == {"previous": ID, "current": "CO.2"}
    await graph.ok("573009998877")
    assert len(luis.messages) == 1
    await graph.ok(LUIS)  # nobody's now
    [failed] = [one for one in await hook.has("statuses", 3) if one["status"] == "failed"]
    assert (failed["recipient_id"], failed["errors"][0]["code"]) == (LUIS, 131026)


async def test_the_bot_reads_and_types(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    said = await ana.says("hola")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}
    assert await graph.post({**read, "typing_indicator": {"type": "text"}}) == (200, {"success": True})
    typing = [ana.typing]
    await graph.ok(ANA)
    assert [*typing, ana.typing] == [True, False]
    assert whatsapp.counts["read"] == 1


async def test_templates_are_handed_in_decided_on_and_sent(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook
) -> None:
    ana, account = whatsapp.person(ANA), f"{whatsapp.account}/message_templates"
    body = {"type": "BODY", "text": "Hola, {{1}}. Le faltan {{2}}.", "example": {"body_text": [["Ana", "2 fotos"]]}}
    given = {"name": "recordatorio", "language": "es", "category": "UTILITY", "components": [
        body, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ver"}]}]}  # fmt: skip
    status, made = await graph.call("POST", account, json=given)
    assert (status, made["status"]) == (200, "PENDING")
    values = [{"type": "text", "text": text} for text in ("Ana", "2 fotos")]
    sent = {"name": "recordatorio", "language": {"code": "es"}, "components": [
        {"type": "body", "parameters": values},
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [
            {"type": "payload", "payload": "/pendientes"}]}]}  # fmt: skip
    assert (await graph.send(ANA, "template", sent))[1]["error"]["code"] == 132001
    whatsapp.templates.decide("recordatorio", "APPROVED")
    await graph.ok(ANA, "template", sent)
    assert (await ana.hears("faltan")).text == "Hola, Ana. Le faltan 2 fotos."
    assert (await ana.taps("Ver"))["button"] == {"payload": "/pendientes", "text": "Ver"}
    assert (await hook.has("statuses", 1))[0]["pricing"]["category"] == "utility"
    assert [value["event"] for value in hook.values if "event" in value] == ["APPROVED"]
    whatsapp.templates.decide("recordatorio", "PAUSED")
    assert (await graph.send(ANA, "template", sent))[1]["error"]["code"] == 132015
    whatsapp.templates.recategorise("recordatorio", "MARKETING")
    _, listed = await graph.call("GET", account, params={"fields": "name,category,status,rejected_reason"})
    assert listed["data"] == [
        {"name": "recordatorio", "category": "MARKETING", "status": "PAUSED", "rejected_reason": "NONE",
         "id": made["id"]}
    ]  # fmt: skip
    assert (await graph.call("DELETE", account, params={"name": "recordatorio"}))[0] == 200
    assert (await graph.call("GET", account))[1] == {"data": []}


async def test_templates_are_listed_page_by_page(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    for number in range(5):
        whatsapp.templates.add(f"aviso_{number}", "es", "Hay novedades.")
    seen, url = list[str](), f"{whatsapp.url}/{whatsapp.account}/message_templates?limit=2&fields=name"
    while url:
        async with graph.session.get(url, headers=graph.headers) as answer:
            page = await answer.json()
        seen += [one["name"] for one in page["data"]]
        url = page["paging"].get("next", "")
    assert seen == [f"aviso_{number}" for number in range(5)]


async def test_the_number_tells_its_tier_and_the_account_subscribes(
    whatsapp: WhatsAppEmulator, graph: RawGraph, hook: Hook
) -> None:
    limit = "whatsapp_business_manager_messaging_limit"
    whatsapp.info[limit] = "TIER_2K"
    asked = {"fields": f"display_phone_number,quality_rating,messaging_limit_tier,{limit}"}
    _, told = await graph.call("GET", whatsapp.phone, params=asked)
    assert (told["messaging_limit_tier"], told[limit], told["id"]) == ("TIER_250", "TIER_2K", whatsapp.phone)
    path = f"{whatsapp.account}/subscribed_apps"
    assert await graph.call("POST", path) == (200, {"success": True})
    wrong = {"override_callback_uri": hook.url, "verify_token": "otra"}
    assert (await graph.call("POST", path, json=wrong))[1]["error"]["code"] == 2200
    assert (await graph.call("POST", path, json={**wrong, "verify_token": whatsapp.verify}))[0] == 200


async def test_a_token_is_needed_and_the_window_is_kept(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    ana = whatsapp.person(ANA)
    assert (await graph.send(ANA))[1]["error"]["code"] == 131047
    await ana.says("hola")
    await graph.ok(ANA)
    ana.silent_for(24)
    assert (await graph.send(ANA))[1]["error"]["code"] == 131047
    ana.silent_for(23.9)
    await graph.ok(ANA)
    assert (whatsapp.counts["131047"], whatsapp.invalid) == (2, [])
    whatsapp.token = "EAAother"
    status, body = await graph.send(ANA)
    assert (status, body["error"]["code"], body["error"]["type"]) == (401, 190, "OAuthException")


async def test_whoever_breaks_the_rules_fails_at_the_end() -> None:
    with pytest.raises(AssertionError, match="text is missing"):
        async with WhatsAppEmulator() as whatsapp, aiohttp.ClientSession() as session:
            await RawGraph(whatsapp, session).post({"messaging_product": "whatsapp", "to": ANA})
