"""`chasqui doctor` and `chasqui verify`."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.commands.opening import opened
from models.vault import Vault
from tests.bot.commands.conftest import Run
from tests.support.transcripts import play
from tests.support.world import open_world, person


def line(printed: str, what: str) -> str:
    """The line of a check."""
    return next(line for line in printed.splitlines() if what in line)


def test_doctor_says_what_is_missing_and_makes_nothing(run: Run, here: Path) -> None:
    done = run("doctor")
    assert done.exit_code == 1
    assert "✗" in line(done.stdout, "Base de datos")
    assert "plan import" in line(done.stdout, "Base de datos")
    assert "✓" in line(done.stdout, "Carpeta de evidencias")
    assert "–" in line(done.stdout, "Dirección pública")
    assert list(here.iterdir()) == []


def test_doctor_is_content_when_the_essential_is_there(imported: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "✗" in line(imported("doctor").stdout, "Alguien coordina")
    with opened() as office, office.database.begin() as connection:
        person(connection, "marta", "Marta Rosero", "coordinator", None)
    monkeypatch.setenv("CHASQUI_PUBLIC_URL", "https://chasqui.example")
    done = imported("doctor")
    assert done.exit_code == 0, done.stdout
    assert "✗" not in done.stdout
    assert "✓" in line(done.stdout, "https://chasqui.example")


def test_doctor_names_what_is_wrong(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("CHASQUI_PORT", str(taken.getsockname()[1]))
        assert "No está libre" in run("doctor").stdout
    (here / "archivo").touch()
    monkeypatch.setenv("CHASQUI_EVIDENCE_DIR", "archivo/evidencias")
    assert "✗" in line(run("doctor").stdout, "Carpeta de evidencias")
    monkeypatch.setenv("CHASQUI_DATABASE_URL", "postgresql://nadie:clave@127.0.0.1:9/nada")
    assert "No se puede usar la base de datos" in run("doctor").stdout
    monkeypatch.setenv("CHASQUI_PORT", "muchos")
    done = run("doctor")
    assert (done.exit_code, "CHASQUI_PORT" in line(done.stdout, "Configuración")) == (1, True)


def test_verify_finds_what_is_missing_or_altered(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = open_world("sqlite", here)
    play(world, Path(__file__).resolve().parents[2] / "transcripts" / "report.txt")
    world.database.close()
    monkeypatch.setenv("CHASQUI_DATABASE_URL", f"sqlite:///{here / 'chasqui.db'}")
    missing = run("verify")
    assert missing.exit_code == 1
    assert missing.stdout.startswith("FALTA  A04-2022-")
    # The world's photos are named by the hash of their names.
    kept = Vault(here / "var" / "evidence").put([b"pieza.jpg"], 100)
    assert run("verify").stdout == "Archivos revisados: 1. Todos están como se recibieron.\n"
    path = Vault(here / "var" / "evidence").path(kept.sha256)
    path.chmod(0o640)
    path.write_bytes(b"otra.jpg!")
    altered = run("verify")
    assert (altered.exit_code, altered.stdout.startswith("ALTERADO  A04-2022-")) == (1, True)
