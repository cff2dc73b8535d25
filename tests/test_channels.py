"""Every transcript over every channel: real phones, real HTTP, the real application between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.phones import CHANNELS
from tests.support.stage import Stage
from tests.support.transcripts import play
from tests.support.world import open_world
from tests.test_transcripts import SCRIPTS


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_channel(script: Path, channel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A transcript says itself when the clock has something to do.
    for name in ("start", "stop"):
        monkeypatch.setattr(f"scheduler.ticks.Ticks.{name}", lambda _ticks: None)
    # Nobody talks for an hour in some seconds, as a transcript does.
    monkeypatch.setattr("bot.channels.whatsapp.pairs.EVERY", 0.0)
    world = open_world("sqlite", tmp_path)
    try:
        with Stage(world, CHANNELS[channel](), tmp_path) as stage:
            play(stage, script)
    finally:
        world.close()
