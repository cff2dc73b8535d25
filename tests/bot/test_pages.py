"""The pages, their cookies and headers, and the files they are made of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.guard import HEADERS
from tests.bot.web import Phone, serving, settings_in


def test_the_demonstration_has_three_phones(port: int) -> None:
    browser = Phone(port, "citizen")
    status, headers, _ = browser.fetch("GET", "/")
    assert (status, headers["location"]) == (307, "/demo")
    page = browser.fetch("GET", "/demo")[2].decode()
    assert re.findall(r'data-chat="(\w+)"', page) == ["officer", "coordinator", "citizen"]
    assert set(browser.cookies) == {"chasqui-officer", "chasqui-coordinator", "chasqui-citizen"}


def test_the_real_thing_has_one(tmp_path: Path) -> None:
    with serving(settings_in(tmp_path, public_url="https://chasqui.example.org")) as port:
        phone = Phone(port)
        assert phone.fetch("GET", "/")[1]["location"] == "/chat"
        assert phone.fetch("GET", "/demo")[0] == 404
        assert phone.fetch("GET", "/chat/officer/history")[0] == 404
        assert phone.cookies["chasqui-me"]["secure"]
        assert phone.say("hola", headers={"Origin": "https://chasqui.example.org"})[0] == 200


def test_a_browser_keeps_its_phone(port: int) -> None:
    phone = Phone(port)
    token = phone.cookies["chasqui-me"].value
    phone.fetch("GET", "/chat")
    kept = phone.cookies["chasqui-me"]
    assert kept.value == token
    assert kept["httponly"]
    assert kept["samesite"] == "lax"
    assert kept["path"] == "/chat"
    assert Phone(port).cookies["chasqui-me"].value != token


@pytest.mark.parametrize("path", ["/demo", "/chat", "/healthz", "/static/css/base.css", "/nowhere", "/chat/me/history"])
def test_every_answer_is_guarded(port: int, path: str) -> None:
    headers = Phone(port).fetch("GET", path)[1]
    assert {name: headers.get(name.lower()) for name in HEADERS} == dict(HEADERS)
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "server" not in headers


def test_static_files_are_kept_for_ever_under_their_version(port: int) -> None:
    phone = Phone(port)
    page = phone.fetch("GET", "/chat")[2].decode()
    linked = re.findall(r'(?:href|src)="(/static/[^"#]+\?v=[^"#]+)', page)
    assert linked
    for address in set(linked):
        status, headers, _ = phone.fetch("GET", address)
        assert (status, headers["cache-control"]) == (200, "public, max-age=31536000, immutable"), address


@pytest.mark.parametrize("path", ["/static/../pages.py", "/static/%2e%2e/pages.py", "/static//etc/passwd"])
def test_no_other_file_can_be_fetched(port: int, path: str) -> None:
    assert Phone(port).fetch("GET", path)[0] == 404


def test_the_server_says_whether_it_is_well(port: int) -> None:
    status, _, body = Phone(port).fetch("GET", "/healthz")
    assert (status, json.loads(body)) == (200, {"ok": True})


def test_what_is_not_there_is_said_in_words(port: int) -> None:
    phone = Phone(port)
    assert json.loads(phone.fetch("GET", "/nowhere")[2]) == {"error": "Esa página no existe."}
    assert phone.fetch("GET", "/chat/me/messages")[0] == 405
