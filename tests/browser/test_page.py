"""The pages themselves: narrow and wide, light and dark, by keyboard, small, and closed to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, ViewportSize, expect

from tests.browser.demo import Demo
from tests.browser.phone import Phone

pytestmark = pytest.mark.browser

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
LARGEST_PAGE = 150_000
NARROW, WIDE = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
IN_VIEW = "() => document.activeElement.closest('.phone')?.getBoundingClientRect().x === 0"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of on the page."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    return found


def measured(page: Page, what: str) -> list[str]:
    """A measure of the page, which finds nothing when all is well."""
    return list(page.evaluate(f"{MEASURES.strip().rstrip(';')}.{what}()"))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(("path", "slot"), [("/demo", "citizen"), ("/chat", "me")])
def test_a_page_reads_well_at_any_width(
    demo: Demo, page: Page, complaints: list[str], path: str, slot: str, colours: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    page.set_viewport_size(WIDE)
    page.goto(demo.address + path)
    phone = Phone(page, slot)
    phone.say("/estado", "Todo el plan")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert measured(page, "overflowing") == []
        assert measured(page, "faint") == []
    assert measured(page, "nameless") == []
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_role("heading", level=1).count() == 1
    assert complaints == []


def test_by_keyboard_alone(page: Page, officer: Phone) -> None:
    def move(key: str, there: Callable[[], bool]) -> None:
        for _ in range(40):
            page.keyboard.press(key)
            if there():
                return
        raise AssertionError(f"{key} does not lead there")

    move("Tab", lambda: officer.words.evaluate("box => box === document.activeElement"))
    before = officer.received.count()
    page.keyboard.type("/reportar")
    page.keyboard.press("Enter")
    expect(officer.received).to_have_count(before + 1)
    move("Shift+Tab", lambda: page.evaluate("document.activeElement.closest('.live .buttons') !== null"))
    move("Shift+Tab", lambda: "4. Difundir" in page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("Enter")
    expect(officer.received).to_have_count(before + 2)
    expect(officer.received.last).to_contain_text("Cuente")


def test_by_keyboard_on_a_narrow_page(demo: Demo, page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{demo.address}/demo")
    coordinator = Phone(page, "coordinator")
    page.get_by_role("tab", name="Responsable").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Coordinadora")).to_be_focused()
    expect(page.get_by_role("tab", name="Coordinadora")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")  # into the phone that is in view, past the others
    page.wait_for_function(IN_VIEW)
    expect(coordinator.log).to_be_focused()
    page.get_by_role("tab", name="Coordinadora").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Ciudadanía")).to_be_focused()
    expect(Phone(page, "citizen").words).to_be_in_viewport()
    expect(coordinator.words).not_to_be_in_viewport()


def test_the_demonstration_is_small_and_guarded(demo: Demo, page: Page) -> None:
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(f"{demo.address}/demo")
    Phone(page, "officer").attach_sample()
    policy = answers[0].headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page_itself = [each for each in answers if each.status == 200 and f"{demo.address}/chat/" not in each.url]
    sizes = {each.url: len(each.body()) for each in page_itself if each.url.startswith(demo.address)}
    assert sum(sizes.values()) < LARGEST_PAGE, sizes
