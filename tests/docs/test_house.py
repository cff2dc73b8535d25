"""The house rules that a tool can check: floors, sizes, pins, and what CI runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import ROOT, files

# Written so that this file does not name one itself.
PACKAGE_INDEX = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.|deb[.]debian|--(?:extra-)?index-[u]rl\b|--find-[l]inks\b"
)
READERS = {"docx", "holidays", "openpyxl", "pdfminer", "pdfplumber", "yaml"}


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in whole | parts}


def test_a_file_imports_only_from_floors_below() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("floor", "allowed"), [("conversation", set()), ("plans", READERS)])
def test_the_ground_floor_needs_only_python(floor: str, allowed: set[str]) -> None:
    needed = {name for path in files(ROOT / floor, "*.py") for name in imported(path)}
    assert needed - set(sys.stdlib_module_names) - {floor} <= allowed


def test_files_stay_small() -> None:
    sizes = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in files(pattern="*.py")}
    assert {path: lines for path, lines in sizes.items() if lines >= 300 and "migrations" not in path.parts} == {}


def test_no_file_names_a_package_index() -> None:
    naming = []
    for path in files():
        text = path.read_bytes().decode("utf-8", "ignore")
        naming += [(path.relative_to(ROOT), found.group()) for found in PACKAGE_INDEX.finditer(text)]
    assert not naming


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    wanted = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    assert wanted
    assert [line for line in wanted if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_tests_need_the_same_versions_as_running() -> None:
    run, test = (set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
                 for name in ("run.txt", "test.txt"))  # fmt: skip
    assert run <= test


def test_the_readme_tells_the_commands_that_ci_runs() -> None:
    commands = re.findall(r"^make \w+$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert "make test" in commands
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [command for command in [*commands, "make demo"] if command not in readme] == []
