"""A call that breaks the rules of the Cloud API is answered with an error and noted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulators.conftest import RawGraph
from tests.emulators.test_whatsapp import ANA, buttons, rows
from tests.emulators.whatsapp import WhatsAppEmulator

Sent = tuple[Any, ...]  # type, content, perhaps other fields


def text(body: str) -> Sent:
    return "text", {"body": body}


def pressed(*labels: str, **more: Any) -> Sent:
    return "interactive", {**buttons(*labels), **more}


def reply(title: str = "Sí", key: str = "s") -> dict[str, Any]:
    return {"type": "reply", "reply": {"title": title, "id": key}}


def listed(*given: tuple[str, str], **more: Any) -> Sent:
    return "interactive", {**rows(*given), **more}


def sections(*sections: dict[str, Any], button: str = "Ver") -> Sent:
    return listed(action={"button": button, "sections": list(sections)})


def row(**more: Any) -> dict[str, Any]:
    return {"id": "r", "title": "Fila", **more}


def filled(name: str, *texts: str, language: str = "es", **more: Any) -> Sent:
    parameters = [{"type": "text", "text": text} for text in texts]
    parts = [{"type": "body", "parameters": parameters}] if texts else []
    return "template", {"name": name, "language": {"code": language}, "components": [*parts, *more.get("also", [])]}


def replied(payload: str, index: int | str = 0) -> dict[str, Any]:
    parameters = [{"type": "payload", "payload": payload}]
    return {"type": "button", "sub_type": "quick_reply", "index": index, "parameters": parameters}


def lots(length: int) -> str:
    return "ñ" * length


FINE: list[Sent] = [
    text(lots(4096)),
    pressed("x" * 20, "y", "z", body={"text": lots(1024)}, footer={"text": lots(60)}),
    pressed("x", header={"type": "text", "text": lots(60)}, action={"buttons": [reply(key="i" * 256)]}),
    listed(*[(f"{at:024}", lots(72)) for at in range(10)], body={"text": lots(1024)}),
    sections({"title": lots(24), "rows": [row(id="r" * 200)]}, {"title": "Otra", "rows": [row()]}, button=lots(20)),
    ("location", {"latitude": 1.2136, "longitude": -77.2811, "name": "Plaza"}),
    ("location", {"latitude": "1.2136", "longitude": "-77.2811"}),
    ("document", {"link": "https://example.org/acta.zip", "filename": "acta.zip"}),
    ("reaction", {"message_id": "wamid.A", "emoji": "👍"}),
    filled("uno", "Ana", also=[replied("/pendientes", "0")]),
    filled("llano"),
]
BROKEN: list[tuple[Sent, int, str]] = [
    (text(lots(4097)), 131009, "text has 4097 characters of 4096"),
    (text(" \n"), 131009, "text has 2 characters"),
    (pressed("Sí", body={"text": lots(1025)}), 131009, "body has 1025 characters of 1024"),
    (pressed("Sí", body={"text": ""}), 131009, "body has 0"),
    (pressed("Sí", footer={"text": lots(61)}), 131009, "footer has 61"),
    (pressed("Sí", header={"type": "text", "text": lots(61)}), 131009, "header has 61"),
    (pressed("Sí", header={"type": "image"}), 131009, "header.image is missing"),
    (pressed("Sí", header={"type": "image", "image": {"id": "5"}}), 131009, "no media '5'"),
    (pressed("a", "b", "c", "d"), 131009, "4 buttons"),
    (pressed(), 131009, "0 buttons"),
    (pressed(lots(21)), 131009, "button title has 21 characters of 20"),
    (pressed("Sí", "Sí"), 131009, "button title twice: 'Sí'"),
    (pressed(action={"buttons": [reply("Sí"), reply("No")]}), 131009, "button id twice: 's'"),
    (pressed(action={"buttons": [reply(key="i" * 257)]}), 131009, "button id has 257"),
    (listed(*[(str(at), "x") for at in range(11)]), 131009, "11 rows"),
    (listed((lots(25), "x")), 131009, "row title has 25 characters of 24"),
    (listed(("Fila", lots(73))), 131009, "row description has 73"),
    (listed(("Fila", "x"), ("Fila", "y")), 131009, "row id twice: 'r:Fila'"),
    (listed(("Fila", "x"), header={"type": "image", "image": {"link": "https://x.co"}}), 131009, "header of a list"),
    (sections({"rows": [row(id="r" * 201)]}), 131009, "row id has 201"),
    (sections({"rows": [row()]}, button=lots(21)), 131009, "list button has 21"),
    (sections({"title": lots(25), "rows": [row()]}), 131009, "section title has 25"),
    (sections({"rows": [row()]}, {"rows": [row(id="s")]}), 131009, "section title has 0"),
    (sections({"title": "a", "rows": []}, {"title": "b", "rows": [row()]}), 131009, "1 rows in 2 sections"),
    (("image", {"link": "https://x.co/a.jpg", "caption": lots(1025)}), 131009, "caption has 1025"),
    (("image", {"caption": "sin foto"}), 131009, "image needs an id or a link"),
    (("video", {"id": "77"}), 131009, "video: no media '77'"),
    (("document", {"link": "acta.pdf"}), 131009, "document.link is no address"),
    (("location", {"latitude": 91, "longitude": 0}), 131009, "not on Earth"),
    (("location", {"latitude": "norte", "longitude": 0}), 131009, "not on Earth"),
    (("reaction", {"message_id": "7", "emoji": "👍"}), 131009, "no wamid"),
    ((*text("x"), {"biz_opaque_callback_data": "x" * 513}), 131009, "biz_opaque_callback_data has 513"),
    ((*text("x"), {"to": ""}), 131009, "to and recipient are missing"),
    (("text", {"bdy": "x"}), 100, "text.body is missing; text.bdy is unknown"),
    (("text", {"body": 5}), 100, "text.body is of the wrong type"),
    (("text", {"body": "x", "preview_url": "sí"}), 100, "text.preview_url is of the wrong type"),
    ((*text("x"), {"reply_to": "y"}), 100, "reply_to is unknown"),
    ((*text("x"), {"messaging_product": "telegram"}), 100, "messaging_product is not one of"),
    ((*text("x"), {"text": "x"}), 100, "text is not an object"),
    (("poll", {"name": "x"}), 100, "type 'poll' is not known here"),
    (("interactive", {"type": "flow"}), 100, "interactive.type is not one of"),
    (pressed(action={"buttons": {}}), 100, "interactive.action.buttons is not a list"),
    (sections({"rows": [{"id": "x"}]}), 100, "rows[0].title is missing"),
    (filled("otro", "Ana"), 132001, "template name (otro) does not exist in es"),
    (filled("uno"), 132000, "body: number of localizable_params (0) does not match the expected (1)"),
    (filled("uno", "a", "b"), 132000, "(2) does not match the expected (1)"),
    (filled("uno", "a\nb"), 132018, "new-line"),
    (filled("uno", "a\tb"), 132018, "new-line"),
    (filled("uno", "a    b"), 132018, "consecutive spaces"),
    (filled("uno", " "), 132018, "cannot be empty"),
    (filled("uno", lots(1025)), 132005, "too long"),
    (filled("uno", "Ana", also=[replied("x", 1)]), 132018, "button 1"),
    (filled("uno", "Ana", also=[replied("x" * 129)]), 132018, "button 0"),
    (filled("uno", "Ana", also=[{"type": "button", "parameters": []}]), 131009, "without index"),
]  # fmt: skip


@pytest.fixture
async def ana(whatsapp: WhatsAppEmulator) -> Any:
    whatsapp.templates.add("uno", "es", "Hola, {{1}}. ¿Cómo va?", replies=["Ver"])
    whatsapp.templates.add("llano", "es", "Hay novedades.")
    person = whatsapp.person(ANA)
    await person.says("hola")
    return person


@pytest.mark.parametrize("sent", FINE, ids=lambda value: str(value)[:50])
async def test_what_is_allowed(whatsapp: WhatsAppEmulator, graph: RawGraph, ana: Any, sent: Sent) -> None:
    await graph.ok(ANA, *sent, biz_opaque_callback_data="x" * 512)
    assert len(ana.messages) == 1


@pytest.mark.parametrize(("sent", "code", "told"), BROKEN, ids=lambda value: str(value)[:50])
async def test_limits(whatsapp: WhatsAppEmulator, graph: RawGraph, ana: Any, sent: Any, code: int, told: str) -> None:
    kind, content, *more = sent
    whole = {"messaging_product": "whatsapp", "to": ANA, "type": kind, kind: content}
    _, body = await graph.post(whole | (more[0] if more else {}))
    assert (body["error"]["code"], told in body["error"]["error_data"]["details"]) == (code, True), body
    assert told in whatsapp.invalid.pop()
    assert not ana.messages


@pytest.mark.parametrize(
    ("mime", "size", "told"),
    [
        ("text/calendar", 1, "Received file of type 'text/calendar'"),
        ("application/zip", 1, "must be a file with one of the following types"),
        ("image/jpeg", (5 << 20) + 1, "weighs 5242881"),
        ("audio/ogg", (16 << 20) + 1, "weighs"),
        ("application/pdf", 0, "weighs 0"),
    ],
)
async def test_uploads_have_a_type_and_a_size(
    whatsapp: WhatsAppEmulator, graph: RawGraph, mime: str, size: int, told: str
) -> None:
    status, _ = await graph.upload(bytes(size), "x", mime)
    assert (status, told in whatsapp.invalid.pop()) == (400, True)


async def test_a_file_is_sent_as_what_it_is(whatsapp: WhatsAppEmulator, graph: RawGraph, ana: Any) -> None:
    paper = whatsapp.media.add(b"%PDF", "acta.pdf", "application/pdf")
    heavy = whatsapp.media.add(b"...", "foto.jpg", "image/jpeg", size=(5 << 20) + 1)
    for kind, stored in (("image", paper), ("image", heavy), ("audio", heavy)):
        assert (await graph.send(ANA, kind, {"id": stored.id}))[0] == 400
    assert [told.rpartition(": ")[2] for told in whatsapp.invalid] == [
        "image of type application/pdf", "image weighs 5242881 of 5242880 bytes", "audio of type image/jpeg",
    ]  # fmt: skip
    whatsapp.invalid.clear()
    await graph.ok(ANA, "document", {"id": heavy.id})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "Con Mayúscula"}, "name"),
        ({"language": "español"}, "language"),
        ({"category": "SERVICE"}, "category"),
        ({"components": []}, "BODY of 0"),
        ({"components": [{"type": "BODY", "text": lots(1025)}]}, "BODY of 1025"),
        ({"components": [{"type": "BODY", "text": "{{1}} va."}]}, "begins or ends with a parameter"),
        ({"components": [{"type": "BODY", "text": "Van {{1}} hoy."}]}, "must have a value for each"),
        ({"components": [{"type": "BODY", "text": "Van {{2}} hoy."}]}, "in order"),
        ({"components": [{"type": "BODY", "text": "x"}, {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": lots(26)}]}]}, "button text"),
        ({"components": [{"type": "BODY", "text": "x"}, {"type": "FOOTER", "text": lots(61)}]}, "too long"),
        ({"status": "APPROVED"}, "unknown fields ['status']"),
    ],
)  # fmt: skip
async def test_templates_have_rules_too(
    whatsapp: WhatsAppEmulator, graph: RawGraph, changed: dict[str, Any], told: str
) -> None:
    given = {"name": "x", "language": "es", "category": "UTILITY", "components": [{"type": "BODY", "text": "Va."}]}
    path = f"{whatsapp.account}/message_templates"
    status, _ = await graph.call("POST", path, json=given | changed)
    assert (status, told in whatsapp.invalid.pop()) == (400, True)
    assert (await graph.call("POST", path, json=given))[0] == 200
    assert "already" in (await graph.call("POST", path, json=given))[1]["error"]["error_data"]["details"]


async def test_a_template_that_was_there_once_is_refused_without_blame(
    whatsapp: WhatsAppEmulator, graph: RawGraph, ana: Any
) -> None:
    whatsapp.templates.decide("llano", "REJECTED")
    assert (await graph.send(ANA, *filled("llano")))[0] == 404
    whatsapp.templates.delete("llano")
    assert (await graph.send(ANA, *filled("llano")))[0] == 404
    whatsapp.templates.decide("uno", "DISABLED")
    assert (await graph.send(ANA, *filled("uno", "Ana")))[1]["error"]["code"] == 132016


async def test_calls_name_what_exists(whatsapp: WhatsAppEmulator, graph: RawGraph) -> None:
    answers = [
        await graph.call(
            "POST", "999/messages", json={"messaging_product": "whatsapp", "to": ANA, "text": {"body": "x"}}
        ),
        await graph.call("GET", "999/message_templates"),
        await graph.call("POST", f"{whatsapp.phone}/messages", data=b"[1", headers=graph.headers),
        await graph.call("POST", f"{whatsapp.phone}/media", json={"messaging_product": "whatsapp"}),
        await graph.call("GET", whatsapp.phone, params={"fields": "color"}),
        await graph.call("GET", f"{whatsapp.account}/message_templates", params={"fields": "name,color"}),
        await graph.post({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}),
    ]
    assert [status for status, _ in answers] == [400] * 7
    assert len(whatsapp.invalid) == 7
    async with graph.session.get(f"{whatsapp.root}/v19.0/{whatsapp.phone}", headers=graph.headers) as answer:
        assert (await answer.json())["error"]["code"] == 2635
    whatsapp.invalid.clear()
    assert (await graph.call("GET", "999"))[0] == 400  # a file may be gone: nobody's fault
