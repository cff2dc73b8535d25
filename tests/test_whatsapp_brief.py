"""A report over WhatsApp, where each message of ours costs money, takes at most five."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.phones import WhatsAppPhones
from tests.support.stage import Stage
from tests.support.world import open_world, photo

MOST = 5


@pytest.mark.parametrize("person", ["officer", "tic"])
def test_a_report_takes_five_messages(person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of an office that owes much, in December when everything is due."""
    for name in ("start", "stop"):
        monkeypatch.setattr(f"scheduler.ticks.Ticks.{name}", lambda _ticks: None)
    world = open_world("sqlite", tmp_path)
    world.now = datetime(2022, 12, 15, 14, 0, tzinfo=UTC)
    phones = WhatsAppPhones()
    try:
        with Stage(world, phones, tmp_path) as stage:
            stage.say(person, "/reportar")
            while "Cuente en" not in stage.last(person).text:
                stage.say(person, tap=stage.last(person).buttons[0]["tap"])
            stage.say(person, "Publicamos la agenda del trimestre.")
            stage.say(person, files=(photo(),))
            stage.say(person, "no")
            assert "(folio)" in stage.last(person).text
            sent = [one for one in phones.whatsapp.sent.values() if one.person is phones.known(person)]
            assert len(sent) <= MOST
    finally:
        world.close()
