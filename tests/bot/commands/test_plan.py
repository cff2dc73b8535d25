"""`chasqui plan read` and `import`."""

from __future__ import annotations

import json
from pathlib import Path

from bot.commands.opening import opened, plan_of
from tests.bot.commands.conftest import ROOT, Run

DOCUMENT = ROOT / "tests" / "data" / "plan-narino-2022.txt"
BUNDLED = ROOT / "plans" / "narino-2022.yaml"


def test_read_gives_machines_the_whole_plan_and_needs_no_database(run: Run, here: Path) -> None:
    done = run("plan", "read", DOCUMENT, "--json")
    assert done.exit_code == 0
    read = json.loads(done.stdout)
    assert set(read) == {"plan", "activities", "problems"}
    assert [activity["number"] for activity in read["activities"]] == list(range(1, 25))
    fourth = read["activities"][3]
    assert (fourth["quantity"], fourth["every"], fourth["per"], fourth["start"]) == (2, "month", "entity", "2022-02-01")
    assert list(here.iterdir()) == []


def test_read_shows_people_a_table_and_what_is_open(run: Run) -> None:
    done = run("plan", "read", DOCUMENT)
    assert done.exit_code == 0
    assert "24 actividades en 4 subcomponentes." in done.stdout
    assert "todo el plan: Falta la lista de dependencias" in done.stdout


def test_what_is_no_plan_is_one_sentence(run: Run, here: Path) -> None:
    (here / "roto.docx").write_bytes(b"PK\3\4 and nothing more")
    for file in ("roto.docx", "falta.txt"):
        done = run("plan", "import", file, "--yes")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
    assert not (here / "var").exists()


def test_import_asks_and_keeps_nothing_on_a_no(database: str, run: Run) -> None:
    assert run("plan", "import", BUNDLED, answer="n\n").exit_code == 2
    assert "Todavía no hay un plan" in run("plan", "readings").stderr
    unanswered = run("plan", "import", BUNDLED)
    assert (unanswered.exit_code, "--yes" in unanswered.stderr) == (2, True)
    assert run("plan", "import", BUNDLED, answer="sí\n").exit_code == 0
    assert run("plan", "readings").exit_code == 0


def test_importing_the_same_again_changes_nothing(imported: Run) -> None:
    again = imported("plan", "import", BUNDLED)
    assert again.exit_code == 0
    assert "ya está importado y no cambia" in again.stdout


def test_importing_another_version_shows_the_differences(imported: Run, here: Path) -> None:
    changed = BUNDLED.read_text("utf-8").replace("- Avances del Plan de Desarrollo", "- Vías\n  - Salud", 1)
    (here / "nuevo.yaml").write_text(changed, "utf-8")
    refused = imported("plan", "import", "nuevo.yaml", answer="no\n")
    assert "Agrega 22 entregables: A03-2022-02-VIAS" in refused.stdout
    assert "Retira 11 entregables: A03-2022-02-AVANCES-DEL-PLAN-DE" in refused.stdout
    with opened() as office, office.database.begin() as connection:
        assert plan_of(connection).plan.topics == ("Avances del Plan de Desarrollo",)
    assert imported("plan", "import", "nuevo.yaml", "--yes").exit_code == 0
    with opened() as office, office.database.begin() as connection:
        assert plan_of(connection).plan.topics == ("Vías", "Salud")


def test_a_database_that_is_not_there_is_one_sentence(run: Run) -> None:
    done = run("plan", "readings")
    assert done.exit_code == 2
    assert "plan import" in done.stderr
