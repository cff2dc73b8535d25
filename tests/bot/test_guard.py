"""When something breaks, people hear that it will be tried again, and the log says where, but not what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.vault import NoSpace
from tests.bot.web import Phone, serving, settings_in


@pytest.fixture
def phone(tmp_path: Path) -> Any:
    with serving(settings_in(tmp_path)) as port:
        yield Phone(port)


def test_a_broken_turn_tells_nothing(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(inbound: Any, _rules: Any) -> Any:
        raise RuntimeError(f"cannot take {inbound.text}")

    with monkeypatch.context() as patched:
        patched.setattr("bot.channels.web.routes.turn", broken)
        status, answer = phone.say("mi secreto")
    assert status == 500
    assert answer == {"error": "Algo falló de nuestro lado. Su mensaje se enviará otra vez."}
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "secreto" not in caplog.text
    assert phone.say("hola")[0] == 200


def test_a_full_disk_is_said_and_tried_again(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise NoSpace("full")

    monkeypatch.setattr("models.vault.Vault.put", full)
    status, answer = phone.say(files=(("nota.txt", "text/plain", b"hola"),))
    assert (status, "espacio" in answer["error"]) == (503, True)
    assert phone.history() == []


def test_a_database_that_does_not_answer_is_not_well(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise OSError("gone")

    monkeypatch.setattr("models.installation.get", broken)
    assert phone.fetch("GET", "/healthz")[0] == 503
