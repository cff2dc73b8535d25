"""Templates: what is in the file, how a message fills one, and which may be sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.whatsapp.render import WORD_JOINER
from bot.channels.whatsapp.templates import choose, components, kind_of, one_line, standings, template_call
from models import migrations, templates
from models.database import Database
from models.outbox import Parcel
from plans.terms import PlanError
from plans.whatsapp_templates import KINDS, LONGEST_VALUE, TEMPLATES, load
from tests.emulators.graph_api import rules, shapes
from tests.emulators.graph_api.templates import Templates
from tests.support.tree import ROOT

NOW = datetime(2022, 5, 24, tzinfo=UTC)
ANA = {"to": "573001112233"}
OURS = {(one.name, one.language): one for one in load()}
NUDGE = OURS["chasqui_recordatorio", "es"]


def parcel(kind: str = "nudge", text: str = "Falta 1 entregable.", priority: int = 1) -> Parcel:
    return Parcel(7, 1, "573001112233", text, [], None, priority, kind)


def there(status: str = "APPROVED", **changed: object) -> dict[str, object]:
    """The template for nudges as the account lists it."""
    return {
        "name": NUDGE.name, "language": "es", "status": status, "category": "UTILITY", "rejected_reason": "NONE",
        "components": components(NUDGE), **changed,
    }  # fmt: skip


def test_every_kind_of_message_has_its_template_in_every_language() -> None:
    for kind in KINDS:
        assert {one.language for one in OURS.values() if kind in one.kinds} == {"es", "en"}
    assert {one.category for one in OURS.values() if "announcement" not in one.kinds} == {"UTILITY"}
    assert all("BAJA" in one.footer for one in OURS.values() if one.language == "es")


@pytest.mark.parametrize("wording", OURS.values(), ids=lambda one: f"{one.name}-{one.language}")
def test_the_platform_takes_them_and_what_fills_them(wording) -> None:
    platform = Templates(lambda event: None, lambda: 0, instant=True)
    asked = {"name": wording.name, "language": wording.language, "category": wording.category}
    platform.create({**asked, "components": components(wording)})
    body = template_call(parcel(text="palabra\n\n" * 500), ANA, wording).body
    assert (shapes.problems(body), rules.broken(body, None)) == ([], [])  # type: ignore[arg-type]
    assert "palabra · palabra" in platform.shown("wamid.1", body).text


def test_a_message_knocks_in_the_shape_of_the_example() -> None:
    assert template_call(parcel(), ANA, NUDGE).body == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "573001112233", "type": "template",
        "biz_opaque_callback_data": "7.0",
        "template": {
            "name": "chasqui_recordatorio",
            "language": {"code": "es"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Falta 1 entregable."}]},
                {"type": "button", "sub_type": "quick_reply", "index": "0",
                 "parameters": [{"type": "payload", "payload": "/pendientes"}]},
            ],
        },
    }  # fmt: skip
    examples = json.loads((ROOT / "tests" / "data" / "meta_send_examples.json").read_text("utf-8"))
    example = examples["Send Message Template Interactive"]["template"]
    made = template_call(parcel(), ANA, NUDGE).body["template"]
    assert made.keys() == example.keys()
    for ours, theirs in zip(made["components"], example["components"][1:], strict=False):
        assert (ours["type"], ours.keys()) == (theirs["type"], theirs.keys())
        assert ours["parameters"][0].keys() == theirs["parameters"][0].keys()


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("nudge", "/pendientes"), ("summary", "/resumen"), ("notice", "#7"), ("answer", "#7")],
)
def test_the_button_brings_what_the_message_is_about(kind: str, payload: str) -> None:
    button = template_call(parcel(kind), ANA, NUDGE).body["template"]["components"][1]
    assert button["parameters"][0]["payload"] == payload


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Una línea.", "Una línea."),
        (
            "2 por reportar:\n\n4. Difundir\tel   espacio\r\nFaltan 2",
            "2 por reportar: · 4. Difundir el espacio · Faltan 2",
        ),
        ("*Ana* dijo sí", f"{WORD_JOINER}*{WORD_JOINER}Ana* dijo sí"),
        ("palabra " * 100, "palabra " * 36 + "palabra…"),
    ],
    ids="one several signs long".split(),
)
def test_a_value_is_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
    assert len(one_line(text)) <= LONGEST_VALUE


def test_an_announcement_is_what_goes_to_everybody() -> None:
    found = [kind_of(parcel(kind, "", priority)) for kind, priority in (("notice", 2), ("notice", 1), ("nudge", 1))]
    assert found == ["announcement", "notice", "nudge"]


def test_the_readers_language_goes_first_and_spanish_next() -> None:
    both = {("chasqui_novedad", "es"), ("chasqui_novedad", "en"), ("chasqui_resumen", "es")}
    wordings = tuple(OURS.values())
    assert choose(wordings, "answer", "en", both) == OURS["chasqui_novedad", "en"]
    assert choose(wordings, "summary", "en", both) == OURS["chasqui_resumen", "es"]
    assert choose(wordings, "notice", "en", {("chasqui_novedad", "es")}) == OURS["chasqui_novedad", "es"]
    assert choose(wordings, "nudge", "es", both) is None
    assert choose(wordings, "summary", "es", {("chasqui_resumen", "en")}) is None


@pytest.mark.parametrize(
    ("listed", "status", "fine"),
    [
        ([], "MISSING", False),
        ([there()], "APPROVED", True),
        ([there("PENDING")], "PENDING", False),
        ([there(language="es_MX")], "MISSING", False),
        ([there(category="MARKETING")], "APPROVED", False),
        ([there(components=[{"type": "BODY", "text": "Hay algo: {{1}} y {{2}}."}])], "MISMATCH", False),
        ([there(components=components(NUDGE)[:2])], "MISMATCH", False),
        ([there(components=[{"type": "HEADER", "format": "IMAGE"}, *components(NUDGE)])], "MISMATCH", False),
        ([there(components=[*components(NUDGE)[:1], *components(NUDGE)[2:]])], "APPROVED", False),
    ],
    ids="missing fine pending language category values no_button header no_footer".split(),
)
def test_how_a_template_stands(listed: list[dict[str, object]], status: str, fine: bool) -> None:
    [found] = standings([NUDGE], listed)
    assert (found.status, found.fine) == (status, fine)


def test_what_may_be_sent_is_kept(database_url: str) -> None:
    database = Database(database_url)
    migrations.upgrade(database.engine)
    with database.begin() as connection:
        templates.keep(connection, [("a", "es", "APPROVED", "UTILITY"), ("b", "es", "PENDING", "UTILITY")], NOW)
        assert templates.usable(connection) == {("a", "es"): "UTILITY"}
        templates.keep(connection, [("a", "es", "PAUSED", "UTILITY"), ("b", "es", "APPROVED", "MARKETING")], NOW)
        assert templates.usable(connection) == {("b", "es"): "MARKETING"}
        templates.mark(connection, "a", "es", "APPROVED", NOW)
        templates.mark(connection, "b", "es", "", NOW, category="UTILITY")
        templates.mark(connection, "c", "es", "APPROVED", NOW)  # none of ours
        assert templates.usable(connection) == {("a", "es"): "UTILITY", ("b", "es"): "UTILITY"}
        templates.keep(connection, [], NOW)
    database.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: chasqui_anuncio", "name: Chasqui", "«name» debe ser"),
        ("name: chasqui_anuncio", f"name: {'a' * 61}", "«name» debe ser"),
        ("name: chasqui_anuncio", "name: chasqui_resumen", "«chasqui_resumen» está dos veces en el idioma «es»"),
        ("kinds: [summary]", "kinds: [nudge]", "«nudge» está dos veces en el idioma «es»"),
        ("kinds: [summary]", "kinds: [resumen]", "en «kinds» van una o varias de: nudge"),
        ("kinds: [summary]", "kinds: []", "en «kinds» van una o varias de: nudge"),
        ("category: MARKETING", "category: ANUNCIO", "«category» debe ser uno de: UTILITY, MARKETING"),
        ("language: es", "language: en", "le falta el texto en español"),
        ("language: es", "language: es_CO", "«language» debe ser"),
        ("{{1}}", "{{2}}", "debe tener {{1}} una sola vez"),
        ("{{1}}", "{{1}} {{1}}", "debe tener {{1}} una sola vez"),
        ("responsable de reportar avances.", "x" * 700, "«body» tiene"),
        ("button: Ver pendientes", "button: Ver todos mis pendientes ya", "«button» tiene 27 letras y caben 25"),
        ("button: Ver pendientes", "button: Ver {{2}}", "no pueden tener {{…}}"),
        ("footer: Escriba", f"footer: {'x' * 60} Escriba", "«footer» tiene"),
        ("    texts:", "    textos: 1\n    texts:", "no se conoce la clave «textos»"),
        ("templates:", "plantillas:", "no se conoce la clave «plantillas»"),
    ],
)
def test_what_the_platform_would_refuse_is_said_in_one_sentence(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "textos.yaml"
    path.write_text(TEMPLATES.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(PlanError, match=re.escape(said)) as refused:
        load(path)
    assert str(refused.value).startswith("textos.yaml")


@pytest.mark.parametrize("body", ["{{1}} es nuevo.", "Es nuevo: {{1}}"])
def test_a_value_stands_neither_first_nor_last(body: str, tmp_path: Path) -> None:
    path = tmp_path / "textos.yaml"
    text = "{language: es, body: '%s', example: Algo, footer: Pie, button: Ver}" % body  # noqa: UP031
    path.write_text(f"templates: [{{name: a, kinds: [nudge], category: UTILITY, texts: [{text}]}}]", "utf-8")
    with pytest.raises(PlanError, match="al comienzo ni al final"):
        load(path)
