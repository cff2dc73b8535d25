"""What some tests need of the machine they run on. CHASQUI_SKIP_NOTHING=1 forbids to go without, as in CI."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacks(what: str) -> NoReturn:
    """Skip the test by name, or fail it where nothing may be skipped; `what` is missing, and how to get it."""
    if os.environ.get("CHASQUI_SKIP_NOTHING"):
        pytest.fail(what)
    pytest.skip(what)


def program(name: str, package: str) -> str:
    """The path of a program; `package` is where Debian has it."""
    return shutil.which(name) or lacks(f"{name} is not installed (Debian: apt-get install {package})")
