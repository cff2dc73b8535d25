"""What every test may ask for: a fresh database of each kind, a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, Request

from models.database import Database
from models.schema import metadata
from tests.support.chromium import find_chromium, launched
from tests.support.databases import drop_postgres, fresh_postgres, sqlite_url
from tests.support.machine import lacks

# Machines differ in speed, so no example fails for being slow; a failure prints how to repeat it.
hypothesis.settings.register_profile("chasqui", deadline=None, print_blob=True)
hypothesis.settings.load_profile("chasqui")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a new, empty database; the test runs once with each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    url = fresh_postgres()
    yield url
    drop_postgres(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A new database of each kind, with the tables of today and nothing in them."""
    database = Database(database_url)
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, for tests that are plain functions (its driver cannot share an event loop)."""
    path = find_chromium()
    if path is None:
        lacks("Chromium is not installed (Debian: apt-get install chromium)")
    with launched(path) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page in a clean profile; the test fails if a script broke or asked another machine."""
    wrong: list[str] = []

    def note_stranger(asked: Request) -> None:
        if not asked.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            wrong.append(f"asked {asked.url}")

    with browser.new_context(locale="es-CO", timezone_id="America/Bogota") as context:
        context.on("request", note_stranger)
        context.on("weberror", lambda error: wrong.append(f"script error: {error.error}"))
        yield context.new_page()
    assert not wrong
