"""No signal, a lost answer, a server that dies: nothing is lost and nothing is said twice."""

from __future__ import annotations

import re
import signal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.demo import Demo
from tests.browser.phone import Phone

pytestmark = pytest.mark.browser

POSTS = "**/chat/officer/messages"


def told(demo: Demo, account: str) -> int:
    """Reports that tell this."""
    return demo.count(f"reports WHERE account = '{account}'")


def answers(demo: Demo) -> tuple[int, int]:
    """Messages taken, and messages sent to the officer's phone and all others."""
    return demo.count("inbox"), demo.count("deliveries")


def up_to_the_last_question(phone: Phone, activity: str) -> str:
    """A report that only needs its yes; what it tells, which no other report does."""
    account = f"Cuenta {uuid4().hex}"
    phone.say("/reportar", "¿Qué actividad")
    phone.press(re.compile(activity), "Cuente")
    phone.say(account, "Envíe los soportes")
    phone.say("https://sitio.narino.gov.co/boletin", "¿Lo envío?")
    return account


def test_a_message_waits_for_the_signal_even_through_a_reload(demo: Demo, page: Page, officer: Phone) -> None:
    account = up_to_the_last_question(officer, r"^4\..*mayo")
    before = answers(demo)
    page.context.set_offline(True)
    officer.write("sí")
    expect(officer.banner).to_have_text("Sin conexión; se enviará cuando vuelva.")
    expect(officer.own.last).to_contain_text("Por enviar")

    page.route(POSTS, lambda route: route.abort())  # a signal too weak for anything but the page
    page.context.set_offline(False)
    page.reload()
    again = Phone(page, "officer")
    expect(again.own.last).to_contain_text("Por enviar")
    expect(again.banner).to_be_visible()
    assert answers(demo) == before

    received = again.received.count()
    page.unroute(POSTS)
    expect(again.own.last).to_contain_text("Recibido")
    expect(again.received).to_have_count(received + 1)
    expect(again.received.last).to_contain_text("(folio) es A04-2022-05-")
    expect(again.banner).to_be_hidden()
    assert told(demo, account) == 1
    assert answers(demo) == (before[0] + 1, before[1] + 2)  # the receipt and the coordinator's notice


def test_an_answer_lost_on_the_way_is_not_a_second_message(demo: Demo, page: Page, officer: Phone) -> None:
    before = answers(demo)
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.route(POSTS, lose_once)
    officer.say("/pendientes", "pendientes")
    expect(officer.own.last).to_contain_text("Recibido")
    assert lost == ['{"ok":true}']
    assert answers(demo) == (before[0] + 1, before[1] + 1)


def test_a_killed_server_is_found_again(demo: Demo, officer: Phone, coordinator: Phone) -> None:
    account = up_to_the_last_question(officer, r"^1\..*trimestre 2")
    notices = coordinator.received.count()
    before = answers(demo)
    demo.end(signal.SIGKILL)
    officer.write("sí")
    expect(officer.banner).to_be_visible()
    demo.start()
    expect(officer.received.last).to_contain_text("(folio) es A01-2022-")
    expect(officer.banner).to_be_hidden()
    expect(coordinator.received).to_have_count(notices + 1)
    expect(coordinator.received.last).to_contain_text(account)
    assert told(demo, account) == 1
    assert answers(demo) == (before[0] + 1, before[1] + 2)
    officer.say("/pendientes", "pendientes")  # the conversation goes on, over the stream that was opened again
    ((sent,),) = demo.rows(
        "SELECT count(*) FROM deliveries JOIN people ON people.id = person_id WHERE name = 'Ana Lucía Ortega'"
    )
    assert officer.received.count() == sent
