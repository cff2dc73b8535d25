"""A conversation runs again on every message: it may not race, nor look at the clock or the world.

Nor may it catch what `ask` raises: that is how `ask` stops the run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.tree import ROOT, files

WORLD = set("aiohttp asyncio http httpx os random secrets socket subprocess threading time urllib uuid".split())
RACES = re.compile(r"(^|\.)(gather|wait|wait_for|as_completed|create_task|TaskGroup)$")
CLOCK = re.compile(r"(^|\.)(datetime|date)\.(now|today|utcnow)$|^time\.")


def faults(source: str) -> Iterator[tuple[int, str]]:
    """Line and reason of what a conversation may not do."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Try | ast.TryStar) and any(map(asks, node.body)):
            yield node.lineno, "try around ask"
        elif isinstance(node, ast.Call) and RACES.search(ast.unparse(node.func)):
            yield node.lineno, "several things at once"
        elif isinstance(node, ast.Call) and CLOCK.search(ast.unparse(node.func)):
            yield node.lineno, "the clock"
        elif isinstance(node, ast.Import | ast.ImportFrom) and modules(node) & WORLD:
            yield node.lineno, "the outside world"


def asks(statement: ast.stmt) -> bool:
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return any(isinstance(called, ast.Attribute) and called.attr == "ask" for called in calls)


def modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.split(".")[0] for name in names}


def test_conversations_keep_to_their_answers() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}": reason
        for path in files(ROOT / "handlers", "*.py")
        for line, reason in faults(path.read_text("utf-8"))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "async def f(talk):\n try:\n  if x:\n   await talk.ask('a', q)\n except E:\n  pass",
            "try around ask",
        ),
        ("await asyncio.gather(a, b)", "several things at once"),
        ("datetime.datetime.now(UTC)", "the clock"),
        ("date.today()", "the clock"),
        ("time.time()", "the clock"),
        ("from urllib.request import urlopen", "the outside world"),
    ],
)
def test_each_fault_is_found(source: str, reason: str) -> None:
    assert reason in [why for _line, why in faults(source)]


def test_what_a_conversation_does_is_allowed() -> None:
    source = "try:\n x = int(y)\nexcept ValueError:\n x = await talk.ask('a', q)\nnow = talk.now\n"
    assert list(faults(source)) == []
