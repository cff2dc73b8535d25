"""One phone of the page, used as a person uses it: by what is seen, never by what is behind."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=20_000)  # milliseconds; a machine that does much else at once is slow, not wrong


class Phone:
    """The phone of a slot. Whatever is said, its answer is waited for: one message, one answer."""

    def __init__(self, page: Page, slot: str) -> None:
        self.page, self.slot = page, slot
        self.chat = page.locator(f'[data-chat="{slot}"]')
        self.log = self.chat.get_by_role("log")
        self.received = self.chat.locator(".message.received")
        self.own = self.chat.locator(".message.own")
        self.banner = self.chat.locator(".banner")
        self.words = self.chat.get_by_label("Mensaje", exact=True)
        self.send = self.chat.get_by_role("button", name="Enviar", exact=True)
        self.live = self.chat.locator(".message.live").get_by_role("button")
        expect(self.log).to_have_attribute("aria-busy", "false")

    def write(self, text: str) -> None:
        """Type and send, without waiting for an answer."""
        self.words.fill(text)
        self.words.press("Enter")

    def say(self, text: str, hears: str | re.Pattern[str]) -> Locator:
        """Type and send; the answer, which contains `hears`."""
        before = self.received.count()
        self.write(text)
        return self._answer(before, hears)

    def press(self, label: str | re.Pattern[str], hears: str | re.Pattern[str]) -> Locator:
        """Press a live button; the answer."""
        before = self.received.count()
        self.live.filter(has_text=label).first.click()
        return self._answer(before, hears)

    def attach_sample(self) -> None:
        """Put the drawn photo beside the message."""
        self.chat.get_by_role("button", name="Foto de ejemplo").click()
        expect(self.chat.get_by_role("button", name="Quitar foto de ejemplo.jpg")).to_be_visible()

    def attach(self, path: Path) -> None:
        """Choose a file as the clip button does."""
        with self.page.expect_file_chooser() as chooser:
            self.chat.get_by_role("button", name="Adjuntar", exact=True).click()
            self.chat.locator(".menu").get_by_role("button", name="Foto o archivo").click()
        chooser.value.set_files(path)
        expect(self.chat.get_by_role("button", name=f"Quitar {path.name}")).to_be_visible()

    def send_attached(self, hears: str) -> Locator:
        """Press the send button; the answer."""
        before = self.received.count()
        self.send.click()
        return self._answer(before, hears)

    def _answer(self, before: int, hears: str | re.Pattern[str]) -> Locator:
        expect(self.received).to_have_count(before + 1)
        answer = self.received.nth(before)
        expect(answer).to_contain_text(hears)
        return answer
