"""The public space in a real browser: by axe, narrow and wide, light and dark, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from bot.clock import Clock
from models.vault import Vault
from tests.bot.web import serving, settings_in
from tests.support.published import NOW, publish
from tests.support.world import open_world

pytestmark = pytest.mark.browser

NARROW, WIDE = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast"]
PAGES = (
    "/", "/subcomponente/1", "/actividad/4", "/actividad/6", "/dependencias", "/dependencia/prensa",
    "/municipios#varios", "/municipio/52019", "/eventos", "/evento/E0002", "/evento/E0006", "/evento/E0064",
    "/compromisos", "/avances", "/avance/{folio}", "/suscribirse", "/datos", "/verificar", "/accesibilidad",
    "/datos-personales", "/canales", "/no",
)  # fmt: skip
OVERFLOWING = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LARGEST = 60_000


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a site, and the folio of a report that is on it."""
    folder = tmp_path_factory.mktemp("site")
    world = open_world("sqlite", folder)
    settings = settings_in(folder)
    vault = Vault(settings.evidence_dir)
    vault.prepare()
    with world.database.begin() as connection:
        published = publish(connection, vault, most=60)
    with serving(settings, demo=True, clock=Clock(NOW - datetime.now(UTC))) as port:
        yield f"http://127.0.0.1:{port}", published.folio
    world.close()


@pytest.mark.parametrize(
    ("code", "colours", "sizes", "rules"),
    [("", "light", (NARROW, WIDE), ALL), ("", "dark", (NARROW,), CONTRAST), ("/en", "light", (WIDE,), ALL)],
)
def test_everybody_can_read_every_page(
    base: tuple[str, str], page: Page, code: str, colours: Literal["light", "dark"], sizes: tuple[ViewportSize, ...],
    rules: list[str],
) -> None:  # fmt: skip
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    wrong = []
    for path in PAGES:
        page.goto(base[0] + code + path.format(folio=base[1]))
        for size in sizes:
            page.set_viewport_size(size)
            found = Axe().run(page, options={"runOnly": rules}).response
            assert found["passes"]
            wrong += [(path, size["width"], one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
            if page.evaluate(OVERFLOWING):
                wrong.append((path, size["width"], "overflowing", ""))
    assert wrong == []


def test_it_works_without_scripts(base: tuple[str, str], browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport=NARROW, locale="es-CO") as context:
        page = context.new_page()
        page.goto(base[0])
        page.get_by_label("Nombre del municipio").fill("tumaco")
        page.get_by_role("button", name="Buscar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("San Andrés de Tumaco")
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", name="What did they promise here?")).to_be_visible()
        page.get_by_role("link", name="Municipalities").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The 64 municipalities")
        assert context.cookies() == []


def test_a_name_that_is_not_known_is_said(base: tuple[str, str], page: Page) -> None:
    page.goto(f"{base[0]}/municipio?nombre=Cali")
    expect(page.get_by_text("No encontramos ese municipio")).to_be_visible()
    expect(page.get_by_text("Hay varios con ese nombre")).to_be_hidden()


def test_by_keyboard_the_menu_can_be_skipped(base: tuple[str, str], page: Page) -> None:
    page.goto(base[0])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Saltar al contenido")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main a").first).to_be_focused()


def test_the_first_page_is_small_and_quiet(base: tuple[str, str], page: Page) -> None:
    answers: list[Response] = []
    complaints: list[str] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 – a built-in is no handler
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(base[0], wait_until="networkidle")
    assert sum(len(answer.body()) for answer in answers) < LARGEST
    assert complaints == []
    assert "default-src 'none'" in answers[0].headers["content-security-policy"]


def test_the_chat_is_one_touch_away(base: tuple[str, str], page: Page) -> None:
    page.goto(f"{base[0]}/municipio/52835")
    page.get_by_role("link", name="Chat en esta página").click()
    expect(page.get_by_role("log")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Tumaco")


def test_a_code_shows_where_it_leads(base: tuple[str, str], page: Page) -> None:
    page.goto(f"{base[0]}/suscribirse/municipality/52835")
    code = page.get_by_role("img", name="Código QR para abrir Telegram")
    box = code.bounding_box()
    assert box
    assert box["width"] > 200
    expect(page.get_by_text("https://t.me/chasqui_bot?start=s_municipality_52835")).to_be_visible()
