"""The system's Chromium for tests: found on the PATH, never downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Tests stay on this machine: no proxy guessing, no look-ups of its maker's hosts, no updates.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
         "--disable-quic", "--disable-gpu", "--no-proxy-server")  # fmt: skip


def find_chromium() -> str | None:
    """Path of the first Chromium on the PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A headless Chromium, closed at the end."""
    # Chromium's sandbox refuses to start for root.
    sandbox = os.geteuid() != 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=sandbox)
        yield browser
        browser.close()
