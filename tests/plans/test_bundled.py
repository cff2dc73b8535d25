"""The project's own .yaml: facts equal to the document, and files that are refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from plans.bundled import load, read_yaml
from plans.readings import resolve_offices
from plans.readings.words import fold
from plans.terms import Plan, PlanError
from tests.plans.conftest import ROOT

BUNDLED = ROOT / "plans" / "narino-2022.yaml"


def test_the_bundled_plan_holds_the_facts_of_the_document(narino: Plan, narino_read: Plan) -> None:
    read = resolve_offices(narino_read, narino.offices)
    for own, literal in zip(narino.activities, read.activities, strict=True):
        assert replace(own, title="") == replace(literal, title="")
    for name in ("slug", "entity", "title", "year", "source_name", "source_sha256"):
        assert getattr(narino, name) == getattr(read, name)
    assert fold(narino.component) == fold(read.component)
    assert narino.problems == tuple(problem for problem in read.problems if problem.field != "topics")


def test_the_bundled_plan_has_25_dependencies_and_a_committee(narino: Plan) -> None:
    assert sum(office.dependency for office in narino.offices) == 25
    assert [office.code for office in narino.offices if not office.dependency] == ["comite"]
    assert narino.topics == ("Avances del Plan de Desarrollo",)
    assert all(office.valid_from == date(2022, 1, 1) for office in narino.offices)
    names = [fold(name) for office in narino.offices for name in {fold(office.name), *map(fold, office.aliases)}]
    assert len(set(names)) == len(names), "an alias leads to one office only"
    assert all(len(activity.title) <= 60 for activity in narino.activities)


def test_load_takes_either_kind(narino: Plan, narino_read: Plan) -> None:
    assert load(BUNDLED) == narino
    assert load(ROOT / "tests" / "data" / "plan-narino-2022.txt") == narino_read


def refused(path: Path, content: str | bytes) -> str:
    path = path / "plan.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PlanError) as caught:
        read_yaml(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"nada\.yaml"):
        read_yaml(tmp_path / "nada.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#" * 2_000_001, "2 MB"),
        (b"a: \xff\xfe", "UTF-8"),
        ("a: [1, 2", "YAML"),
        ("a: 1\na: 2", "línea 1"),
        ("a: &x [1]\nb: [*x, *x]", "YAML"),
        ("[" * 5000, "YAML"),
        ("a: !!python/object/apply:os.system [ls]", "YAML"),
        ("a: 2022-13-45", "YAML"),
        ("a: !!timestamp x", "YAML"),
        ("? [a]\n: b", "YAML"),
        ("", "claves"),
        ("- 1", "claves"),
        ("a: 1", "year"),
    ],
)
def test_files_that_are_no_plan(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert said in refused(tmp_path, content)


Spoil = Callable[[dict[str, Any]], object]


def first(plan: dict[str, Any]) -> Any:
    return plan["subcomponents"][0]["activities"][0]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda plan: plan.update(anno=2022), "«anno»"),
        (lambda plan: plan.pop("entity"), "«entity»"),
        (lambda plan: plan.update(year="2022"), "«year»"),
        (lambda plan: plan.update(year=True), "«year»"),
        (lambda plan: plan.update(slug="../x"), "«slug»"),
        (lambda plan: plan.update(topics="Salud"), "«topics»"),
        (lambda plan: plan.update(holidays=["4 de enero"]), "«holidays»"),
        (lambda plan: plan["source"].update(sha256="x"), "source: la clave «sha256»"),
        (lambda plan: plan.update(subcomponents=[]), "actividades"),
        (lambda plan: first(plan).update(number=2), "distinto"),
        (lambda plan: first(plan).update(every="weekly"), "subcomponents 1, activities 1: la clave «every»"),
        (lambda plan: first(plan).update(quantity=0), "«quantity»"),
        (lambda plan: first(plan).update(start=date(2023, 1, 1)), "«start»"),
        (lambda plan: first(plan).update(end=date(9999, 1, 1)), "«end»"),
        (lambda plan: first(plan).update(steps=[3]), "steps"),
        (lambda plan: first(plan).update(steps=["a", {"title": "b", "due": date(2022, 3, 1)}]), "«steps»"),
        (lambda plan: first(plan).update(confidence=2), "«confidence»"),
        (lambda plan: first(plan).update(after=["12"]), "«after»"),
        (lambda plan: first(plan).update(plus_entity="si"), "«plus_entity»"),
        (lambda plan: first(plan)["alternatives"][1].update(changes={"number": 4}), "changes: no se conoce"),
        (lambda plan: first(plan)["alternatives"][1].update(changes={"per": "office", "quantity": "4"}), "«quantity»"),
        (lambda plan: plan["offices"][0].update(code="Despacho General"), "offices 1: la clave «code»"),
        (lambda plan: plan["offices"][0].update(code="paz"), "código"),
        (lambda plan: plan["offices"][0].update(valid_from="2022"), "«valid_from»"),
        (lambda plan: plan["problems"][0].pop("message"), "problems 1: falta la clave «message»"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, spoil: Spoil, said: str) -> None:
    plan = yaml.safe_load(BUNDLED.read_text(encoding="utf-8"))
    spoil(plan)
    assert said in refused(tmp_path, yaml.safe_dump(plan, allow_unicode=True))


def test_an_owner_outside_the_registry_is_a_problem(tmp_path: Path) -> None:
    plan = yaml.safe_load(BUNDLED.read_text(encoding="utf-8"))
    first(plan)["lead"] = "imprenta"
    path = tmp_path / "plan.yml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    read = load(path)
    assert read.activities[0].lead == "imprenta"
    assert ("responsible", "imprenta") in {(problem.field, problem.text) for problem in read.problems}
