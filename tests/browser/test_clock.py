"""The demonstration's clock: moved on, what falls due meanwhile appears on the phones by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.demo import Demo
from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def test_the_next_business_day_brings_a_nudge(demo: Demo, page: Page, officer: Phone, coordinator: Phone) -> None:
    heard, noticed = officer.received.count(), coordinator.received.count()
    expect(page.locator(".clock")).to_contain_text("24 de mayo de 2022")
    page.get_by_role("button", name="Siguiente día hábil").click()
    expect(page.locator(".clock")).to_contain_text("25 de mayo de 2022")
    expect(officer.received).to_have_count(heard + 1)
    expect(officer.received.last).to_contain_text("vencen en 6 días")
    officer.press("Ya casi", "¿Cuál ya casi está?")
    officer.say("/cancelar", "cancelado")

    page.set_viewport_size(ViewportSize(width=360, height=740))
    month = page.get_by_role("button", name="Fin de mes")
    expect(month).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    month.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".clock")).to_contain_text("31 de mayo de 2022")
    expect(month).to_be_focused()
    expect(officer.received.last).to_contain_text("2 vencen hoy")
    assert coordinator.received.count() > noticed  # Monday's summary
    kept = demo.rows("SELECT count(DISTINCT dedupe_key), count(*) FROM deliveries WHERE kind = 'nudge'")
    assert kept[0][0] == kept[0][1]

    page.reload()
    expect(page.locator(".clock")).to_contain_text("31 de mayo de 2022")


def test_it_is_no_business_of_the_real_thing(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.address}/chat")
    assert page.get_by_role("button", name="Fin de mes").count() == 0
