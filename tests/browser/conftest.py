"""Each module gets a demonstration of its own: a copy of one that was seeded once."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.demo import Demo
from tests.browser.phone import Phone


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that has been started once and stopped."""
    demo = Demo(tmp_path_factory.mktemp("seeded"))
    demo.start()
    assert "Traceback" not in demo.end(signal.SIGTERM)
    return demo.folder


@pytest.fixture(scope="module")
def demo(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration that runs; whatever a test does to it, it must not complain."""
    folder = tmp_path_factory.mktemp("demo") / "here"
    shutil.copytree(seeded, folder)
    demo = Demo(folder)
    demo.start()
    yield demo
    assert "Traceback" not in demo.end(signal.SIGTERM)


@pytest.fixture
def officer(page: Page, demo: Demo) -> Phone:
    """The officer's phone, on a page just opened."""
    page.goto(f"{demo.address}/demo")
    return Phone(page, "officer")


@pytest.fixture
def coordinator(officer: Phone) -> Phone:
    """The coordinator's phone on the same page."""
    return Phone(officer.page, "coordinator")


@pytest.fixture
def citizen(officer: Phone) -> Phone:
    """The citizen's phone on the same page."""
    return Phone(officer.page, "citizen")
