"""The command line in an empty folder, over a fresh database of each kind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app

ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and nothing set in the environment."""
    for name in [name for name in os.environ if name.startswith("CHASQUI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(here: Path) -> Run:
    """Run a command; `answer` is typed when it asks."""

    def command(*words: str | Path, answer: str = "") -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=answer, prog_name="chasqui")

    return command


@pytest.fixture
def database(database_url: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of the settings: empty, of each kind in turn."""
    monkeypatch.setenv("CHASQUI_DATABASE_URL", database_url)
    return database_url


@pytest.fixture
def imported(database: str, run: Run) -> Run:
    """The command line after the plan of Nariño was imported."""
    assert run("plan", "import", ROOT / "plans" / "narino-2022.yaml", "--yes").exit_code == 0
    return run
