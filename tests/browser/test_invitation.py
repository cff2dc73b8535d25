"""Somebody new opens an invitation on another device, and the coordinator lets them in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.demo import Demo
from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def test_an_invitation_is_opened_and_confirmed(demo: Demo, browser: Browser, coordinator: Phone) -> None:
    printed = demo.command("invite", "--name", "Rosa Pérez", "--role", "responsable", "--office", "agricultura")
    link = re.search(r"http://\S+/chat\?start=\S+", printed)
    assert link, printed
    with browser.new_context(locale="es-CO", viewport={"width": 390, "height": 800}) as device:
        page = device.new_page()
        page.goto(link[0])
        rosa = Phone(page, "me")
        expect(rosa.received.last).to_contain_text("Ley 1581")
        assert page.url == f"{demo.address}/chat"  # the token is not left in the address
        rosa.press(re.compile("^Acepto$"), "¿Usted es Rosa Pérez (responsable de")
        notices = coordinator.received.count()
        rosa.press("Sí, soy yo", "Pedí a la coordinación")

        expect(coordinator.received).to_have_count(notices + 1)
        expect(coordinator.received.last).to_contain_text("Rosa Pérez pide entrar")
        coordinator.press("Admitir a Rosa", "Rosa Pérez ya puede entrar")

        expect(rosa.received.last).to_contain_text("Ya puede entrar, Rosa Pérez")
        page.reload()  # does not say the invitation again
        rosa = Phone(page, "me")
        said = rosa.received.count()
        rosa.say("/pendientes", "meta")
        assert rosa.received.count() == said + 1
        page.goto(link[0])
        expect(rosa.received.last).to_contain_text("Esa invitación ya no sirve")
    assert demo.rows("SELECT state FROM invitations WHERE name = 'Rosa Pérez'") == [("confirmed",)]
