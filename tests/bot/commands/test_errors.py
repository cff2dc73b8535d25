"""Every expected error is one sentence on stderr and exit code 2; help is in Spanish and quick."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.commands.refusals import sentence
from models.vault import NoSpace
from tests.bot.commands.conftest import ROOT, Run

SLOW = {"PIL", "alembic", "docx", "openpyxl", "pdfplumber", "pydantic", "sqlalchemy", "starlette", "typst", "uvicorn"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x"), "No queda espacio en el disco"),
        (NoSpace("x"), "No queda espacio en el disco"),
        (OperationalError("", {}, sqlite3.OperationalError("database or disk is full")), "No queda espacio"),
        (OperationalError("", {}, sqlite3.OperationalError("attempt to write a readonly database")), "solo lectura"),
        (OperationalError("", {}, sqlite3.OperationalError("unable to open database file")), "CHASQUI_DATABASE_URL"),
        (PermissionError(errno.EACCES, "x", "var"), "No hay permiso para escribir en «var»"),
        (OSError(errno.EROFS, "x", "var"), "No hay permiso para escribir en «var»"),
        (OSError(errno.EADDRINUSE, "x"), "PORT=8001"),
        (FileExistsError(errno.EEXIST, "x", "var/demo"), "No se puede usar «var/demo»"),
    ],
)
def test_expected_errors_say_what_to_do(error: Exception, said: str) -> None:
    assert said in str(sentence(error))


def test_what_nobody_expected_keeps_its_traceback() -> None:
    assert sentence(KeyError("x")) is None


def test_wrong_usage_is_one_sentence(run: Run) -> None:
    for words, said in (
        (("nada",), "No existe esa orden"),
        (("demo", "--nada"), "No existe la opción --nada"),
        (("demo", "--port", "x"), "El valor de --port no sirve"),
        (("plan", "read"), "Falta ARCHIVO"),
        (("people", "leave"), "Falta ID"),
        (("serve", "ya"), "La orden no está bien escrita"),
    ):
        done = run(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_wrong_settings_are_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASQUI_PORT", "muchos")
    done = run("serve")
    assert done.exit_code == 2
    assert done.stderr.startswith("CHASQUI_PORT debe ser")


def test_help_is_spanish(run: Run) -> None:
    shown = run("--help").stdout
    assert "Uso:" in shown
    assert "Muestra esta ayuda." in shown
    for english in ("Usage", "Options", "Commands", "Show this"):
        assert english not in shown


def test_nothing_slow_is_loaded_before_a_command_needs_it() -> None:
    code = "import bot.__main__, sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert SLOW & set(done.stdout.split()) == set()


def test_a_folder_that_cannot_be_made_is_one_sentence(run: Run, here: Path) -> None:
    (here / "var").touch()
    for words in (("demo", "--port", "18731"), ("serve",)):
        done = run(*words)
        assert done.exit_code == 2
        assert done.stderr.startswith("No se puede usar «var")
        assert len(done.stderr.splitlines()) == 1
