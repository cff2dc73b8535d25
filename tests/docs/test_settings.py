"""A setting is in bot/settings.py, in .env.example and in docs/settings.md, or nowhere."""

from __future__ import annotations

import re

from bot.settings import Settings
from tests.support.tree import ROOT

SETTINGS = {f"CHASQUI_{name.upper()}" for name in Settings.model_fields}
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def test_the_example_has_every_setting() -> None:
    assert set(re.findall(r"^(?:# ?)?(CHASQUI_[A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)) == SETTINGS


def test_the_documentation_has_every_setting() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert set(re.findall(r"\bCHASQUI_[A-Z0-9_]+\b", documented)) == SETTINGS


def test_the_example_can_be_used_as_it_is() -> None:
    Settings(_env_file=ROOT / ".env.example")
