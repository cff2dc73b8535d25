"""Settings: what is understood, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import MEANT, Misconfigured, Settings, load


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without .env, and no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CHASQUI_{name.upper()}", raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///var/chasqui.db"
    assert settings.address == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///var/a.db", "sqlite:///var/a.db"),
        ("sqlite+aiosqlite:////data/a.db", "sqlite:////data/a.db"),
        ("postgres://u:p@host/a", "postgresql+psycopg://u:p@host/a"),
        ("postgresql://u:p@host:5432/a", "postgresql+psycopg://u:p@host:5432/a"),
        ("postgresql+asyncpg:///a?host=/run", "postgresql+psycopg:///a?host=/run"),
    ],
)
def test_a_database_is_named_in_several_ways(given: str, used: str) -> None:
    assert Settings(database_url=given).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:secret@host/a"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://u:secret@host:port/a"),
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "chasqui.example.org"),
        ("PUBLIC_URL", "https://example.org/chasqui"),
        ("TIMEZONE", "America/Atlantis"),
        ("LOG_LEVEL", "LOUD"),
        ("MAX_FILE_MB", "0"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CHASQUI_{name}", value)
    with pytest.raises(Misconfigured) as caught:
        load()
    said = str(caught.value)
    assert said.startswith(f"CHASQUI_{name} debe ser {MEANT[name.lower()]}")
    assert "\n" not in said
    assert "secret" not in said


def test_a_damaged_file_is_said_in_one_sentence(elsewhere: Path) -> None:
    (elsewhere / ".env").write_bytes(b"CHASQUI_HOST=\xff\xfe")
    with pytest.raises(Misconfigured, match=r"\.env"):
        load()


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("CHASQUI_PORT=8001\nCHASQUI_HOST=0.0.0.0\nOTHER=1\n")
    monkeypatch.setenv("CHASQUI_PORT", "8002")
    monkeypatch.setenv("CHASQUI_LOG_LEVEL", "debug")
    settings = load()
    assert (settings.address, settings.log_level) == ("http://localhost:8002", "DEBUG")


def test_every_setting_has_its_sentence() -> None:
    assert set(MEANT) == set(Settings.model_fields)


def test_the_public_address_wins() -> None:
    assert Settings(public_url="https://Chasqui.example.org/").address == "https://chasqui.example.org"
