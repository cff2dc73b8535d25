"""`chasqui simulate`: a written story is lived through as it was written; what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.commands.conftest import Run
from tests.support.tree import ROOT


def test_the_story_of_the_documentation(run: Run) -> None:
    told = run("simulate", "--from-file", ROOT / "docs" / "stories" / "mayo-2022.txt")
    assert told.exit_code == 0, told.output
    for line in (
        "2022-05-16 08:00 ana < 1 entregable por reportar: 1 vence en 15 días.",
        "2022-05-16 08:40 ana > [Ya casi]",
        "2022-05-31 09:30 ana < ¿Por qué no alcanza?",  # written on the 27th, while the server was down
        "El número de su avance (folio) es A04-2022-05-0001.",
        "2022-07-08 08:00 silvia < 1 entregable sin reportar: 1 venció hace 8 días.",
    ):
        assert line in told.output
    assert "2022-05-25" not in told.output  # the step that came while the server was down


def test_a_year_without_a_plan(run: Run) -> None:
    told = run("simulate", "--year", "1999")
    assert (told.exit_code, told.output.strip()) == (
        2,
        "No hay un plan de 1999 en este programa: pruebe con --year 2022.",
    )


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("", "no dice qué pasó"),
        ("hola", "línea 1: no se entiende «hola»"),
        ("persona ana: Ana, responsable", "lleva su dependencia"),
        ("persona ana: Ana, reina", "«reina» no es un papel"),
        ("2022-05-16 09:00 ana: hola", "nadie se llama «ana»"),
        ("persona ana: Ana, responsable, prensa\n2022-05-16 09:00 ana: [Volar]", "no ve un botón [Volar]"),
    ],
)
def test_a_story_that_cannot_be_told(run: Run, tmp_path: Path, story: str, said: str) -> None:
    path = tmp_path / "historia.txt"
    path.write_text(story, encoding="utf-8")
    told = run("simulate", "--from-file", path)
    assert told.exit_code == 2
    assert said in told.output
