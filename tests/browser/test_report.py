"""The main job, on three phones: a report with its photos, the notice, the figures, the database, the disk."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.phone import Phone

pytestmark = pytest.mark.browser

LOADED = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo on the officer's device."""
    buffer = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(buffer, "JPEG")
    path = tmp_path / "acta de asistencia.jpg"
    path.write_bytes(buffer.getvalue())
    return path


def test_a_report_is_told_counted_and_kept(
    demo: Demo, officer: Phone, coordinator: Phone, citizen: Phone, photo: Path
) -> None:
    notices = coordinator.received.count()
    officer.say("/reportar", "¿Qué actividad")
    officer.press(re.compile(r"^4\..*mayo"), "Cuente")
    officer.say("Publicamos tres piezas sobre la ventanilla única.", "Envíe los soportes")
    officer.attach_sample()
    officer.send_attached("1 foto")
    officer.attach(photo)
    officer.send_attached("2 fotos")
    receipt = officer.press("No aparecen: enviar", "Recibido").inner_text()
    folio = re.search(r"A04-2022-05-\d{4}", receipt)
    assert folio, receipt
    assert "va en 2 de 2" in receipt

    expect(coordinator.received).to_have_count(notices + 1)  # by itself, on a page nobody loaded again
    expect(coordinator.received.last).to_contain_text("Ana Lucía Ortega")
    expect(coordinator.received.last).to_contain_text(folio[0])

    citizen.say("Hola", "Ley 1581")
    citizen.press(re.compile("^Acepto$"), "Gracias")
    figures = citizen.say("/estado 4", "mayo: 2 de 2")
    picture = figures.get_by_role("img")
    assert "Actividad 4" in str(picture.get_attribute("alt"))
    expect(picture).to_be_in_viewport()  # an answer longer than the screen is read from its beginning
    figures.page.wait_for_function(LOADED, arg=picture.element_handle())
    picture.click()
    expect(figures.page.get_by_role("dialog")).to_be_visible()
    figures.page.keyboard.press("Escape")
    expect(figures.page.get_by_role("dialog")).to_be_hidden()

    _on_disk(demo, folio[0], photo)


def _on_disk(demo: Demo, folio: str, photo: Path) -> None:
    """The report, its evidence by hash, and the audit entry."""
    ((report, state, quantity, minors),) = demo.rows(
        "SELECT id, state, quantity, minors FROM reports WHERE folio = ?", folio
    )
    assert (state, quantity, minors) == ("reported", 1, 0)
    evidence = demo.rows("SELECT ref, name, mime, size FROM evidence WHERE report_id = ? ORDER BY id", report)
    assert [row[1:3] for row in evidence] == [("foto de ejemplo.jpg", "image/jpeg"), (photo.name, "image/jpeg")]
    for sha256, _name, _mime, size in evidence:
        data = demo.kept(sha256)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (sha256, size)
    assert demo.kept(evidence[1][0]) == photo.read_bytes()
    ((detail,),) = demo.rows("SELECT detail FROM audit WHERE action = 'report.filed' AND subject = ?", folio)
    assert json.loads(detail)["sha256"] == [row[0] for row in evidence]


def test_an_old_button_answers_no_other_question(demo: Demo, officer: Phone) -> None:
    reports = demo.count("reports")
    old = officer.say("/reportar", "¿Qué actividad").get_by_role("button", name=re.compile(r"^15\..*Educación"))
    officer.press(re.compile(r"^3\..*mayo"), "Cuente")
    before = officer.received.count()
    old.click()
    expect(officer.received).to_have_count(before + 1)
    expect(officer.received.last).to_contain_text("Ese botón es de una pregunta anterior.")
    expect(officer.received.last).to_contain_text("Cuente")
    officer.say("/cancelar", re.compile("."))
    assert demo.count("reports") == reports


def test_a_hostile_file_is_refused_kindly(demo: Demo, officer: Phone, tmp_path: Path) -> None:
    drawing = tmp_path / "afiche.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "robado"</script></svg>')
    evidence = demo.count("evidence")
    officer.attach(drawing)
    expect(officer.send_attached("afiche.svg: Contiene algo que puede hacer daño")).to_contain_text("Envíe una foto")
    assert officer.page.title() == "Chasqui · demostración"
    assert demo.count("evidence") == evidence
