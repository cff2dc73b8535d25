"""The emulator run alone, and its page in a real browser: somebody without an account talks with a bot."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.tree import ROOT


@contextmanager
def running() -> Iterator[str]:
    """`python -m tests.emulators.telegram` on a free port: the address of its page."""
    command = [sys.executable, "-u", "-m", "tests.emulators.telegram", "--port", "0", "--token", "7:t"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
        finally:
            process.terminate()
            process.wait(20)


def call(url: str, method: str, **params: Any) -> Any:
    """What the bot does."""
    body, headers = json.dumps(params).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/bot7:t/{method}", body, headers), timeout=20) as answer:
        return json.load(answer)["result"]


@pytest.mark.browser
def test_a_newcomer_chats(page: Page, tmp_path: Path, jpeg: bytes) -> None:
    with running() as url:
        offset = 0

        def heard() -> Any:
            nonlocal offset
            [update] = call(url, "getUpdates", offset=offset, timeout=20)
            offset = update.pop("update_id") + 1
            return next(iter(update.values()))

        page.set_viewport_size({"width": 360, "height": 640})
        page.goto(f"{url}/?id=5&name=<i>Rosa</i>&start=abc")
        page.get_by_role("button", name="Iniciar").click()
        message = heard()
        assert (message["text"], message["from"]["first_name"]) == ("/start abc", "<i>Rosa</i>")
        call(url, "setMyCommands", commands=[{"command": "reportar", "description": "Contar lo que se hizo"}])
        keys = {"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}
        sent = call(url, "sendMessage", chat_id=5, text="¿<b>Empezamos</b>?", reply_markup=keys)
        log = page.get_by_role("log")
        expect(log).to_contain_text("¿<b>Empezamos</b>?")
        log.get_by_role("button", name="Sí").click()
        query = heard()
        assert query["data"] == "y"
        call(url, "answerCallbackQuery", callback_query_id=query["id"], text="Anotado")
        expect(page.get_by_role("status")).to_have_text("Anotado")
        call(url, "editMessageText", chat_id=5, message_id=sent["message_id"], text="Empezamos ya")
        expect(log).to_contain_text("editado")
        expect(log.get_by_role("button")).to_have_count(0)
        page.get_by_role("button", name="/reportar").click()
        assert heard()["text"] == "/reportar"
        page.get_by_label("Mensaje", exact=True).fill("<script>alert(1)</script>")
        page.get_by_role("button", name="Enviar", exact=True).click()
        assert heard()["text"] == "<script>alert(1)</script>"
        (tmp_path / "acta.jpg").write_bytes(jpeg)
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Enviar una foto").click()
        chooser.value.set_files(tmp_path / "acta.jpg")
        assert heard()["photo"][-1]["width"] == 1000
        expect(log.get_by_role("img")).to_have_js_property("naturalWidth", 1000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
