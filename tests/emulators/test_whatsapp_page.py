"""The emulator run alone, and its page in a real browser: somebody without an account talks with a bot."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.emulators.whatsapp import PHONE
from tests.support.tree import ROOT

ROSA = "573005556677"


@contextmanager
def bot() -> Iterator[tuple[str, queue.Queue[Any]]]:
    """A webhook: its address, and the messages it takes."""
    taken: queue.Queue[Any] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answers(parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            for message in body["entry"][0]["changes"][0]["value"].get("messages", []):
                taken.put(message)
            self.answers(b"")

        def answers(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/whatsapp", taken
        server.shutdown()


@contextmanager
def running(hook: str) -> Iterator[tuple[str, str]]:
    """`python -m tests.emulators.whatsapp` on a free port: the address of its page, and of the Graph API."""
    command = [sys.executable, "-u", "-m", "tests.emulators.whatsapp", "--port", "0", "--token", "t", "--hook", hook]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            page, api = process.stdout.readline(), process.stdout.readline()
            yield next(word for word in page.split() if word.startswith("http")), api.strip().partition("=")[2]
        finally:
            process.terminate()
            process.wait(20)


def send(api: str, kind: str, content: dict[str, Any]) -> None:
    """What the bot does."""
    body = json.dumps({"messaging_product": "whatsapp", "to": ROSA, "type": kind, kind: content}).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer t"}
    with urllib.request.urlopen(urllib.request.Request(f"{api}/{PHONE}/messages", body, headers), timeout=20) as answer:
        assert answer.status == 200


@pytest.mark.browser
def test_a_newcomer_chats(page: Page, tmp_path: Path, jpeg: bytes) -> None:
    with bot() as (hook, taken), running(hook) as (url, api):
        page.set_viewport_size({"width": 360, "height": 640})
        page.goto(f"{url}/?id={ROSA}&name=<i>Rosa</i>&start=Quiero saber")
        expect(page.get_by_label("Mensaje", exact=True)).to_have_value("Quiero saber")
        page.get_by_role("button", name="Enviar", exact=True).click()
        message = taken.get(timeout=20)
        assert (message["text"]["body"], message["from"]) == ("Quiero saber", ROSA)
        log = page.get_by_role("log")
        reply = {"type": "reply", "reply": {"id": "y", "title": "Sí"}}
        body = {"text": "¿<b>*Empezamos*</b> ya? \u2060*\u2060Sin marcas*"}
        send(api, "interactive", {"type": "button", "body": body, "action": {"buttons": [reply]}})
        expect(log).to_contain_text("¿<b>Empezamos</b> ya? \u2060*\u2060Sin marcas*")
        expect(log.locator("strong")).to_have_text("Empezamos")
        log.get_by_role("button", name="Sí").click()
        assert taken.get(timeout=20)["interactive"]["button_reply"] == {"id": "y", "title": "Sí"}
        rows = [{"id": f"r{at}", "title": f"Fila {at}", "description": "hasta marzo"} for at in range(10)]
        action = {"button": "Ver opciones", "sections": [{"rows": rows}]}
        send(api, "interactive", {"type": "list", "body": {"text": "Elija"}, "action": action})
        log.get_by_role("button", name="Ver opciones").click()
        page.get_by_role("dialog").get_by_role("button", name="Fila 7").click()
        assert taken.get(timeout=20)["interactive"]["list_reply"]["id"] == "r7"
        words = page.get_by_label("Mensaje", exact=True)
        page.context.set_offline(True)
        words.fill("¿Sigue ahí?")
        page.get_by_role("button", name="Enviar", exact=True).click()
        expect(words).to_have_value("¿Sigue ahí?")
        expect(page.locator("#state")).to_have_text("No se pudo enviar. Inténtelo otra vez.")
        page.context.set_offline(False)
        page.get_by_role("button", name="Enviar", exact=True).click()
        assert taken.get(timeout=20)["text"]["body"] == "¿Sigue ahí?"
        page.get_by_label("Mensaje", exact=True).fill("<script>alert(1)</script>")
        page.get_by_role("button", name="Enviar", exact=True).click()
        assert taken.get(timeout=20)["text"]["body"] == "<script>alert(1)</script>"
        (tmp_path / "acta.jpg").write_bytes(jpeg)
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Enviar una foto").click()
        chooser.value.set_files(tmp_path / "acta.jpg")
        assert taken.get(timeout=20)["image"]["mime_type"] == "image/jpeg"
        expect(log.get_by_role("img")).to_have_js_property("naturalWidth", 1000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_help_explains() -> None:
    command = [sys.executable, "-m", "tests.emulators.whatsapp", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    assert all(word in told for word in ("--hook", "--port", "--secret", "?start=texto"))
