"""The project's own files, for the tests that read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "scheduler", "handlers", "documents", "models", "conversation", "plans")
# What setting up, running and the tools leave; the rest of the folder is what a clone brings.
_LEFT = re.compile(
    r"\.(git|venv|env|idea|vscode|DS_Store|hypothesis|\w+_cache)|var|build|dist|__pycache__|.+\.egg-info"
)


def files(folder: Path = ROOT, pattern: str = "*") -> Iterator[Path]:
    """Every file of the project below `folder` whose name matches `pattern`."""
    for path in sorted(folder.iterdir()):
        if _LEFT.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from files(path, pattern)
        elif path.match(pattern):
            yield path
