"""What is installed is all that a checkout has: code and data files, in a wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.tree import PACKAGES, ROOT, files

INSTALLED = (*PACKAGES, "locales")


def test_a_wheel_has_every_file_of_the_packages(tmp_path: Path) -> None:
    source = tmp_path / "source"
    wanted = {path.relative_to(ROOT) for package in INSTALLED for path in files(ROOT / package)}
    outside = {Path("pyproject.toml"), Path("README.md"), Path("LICENSE"), Path("requirements/run.in")}
    for path in wanted | outside:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run([*pip, "--wheel-dir", tmp_path, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("chasqui-*.whl"))) as wheel:
        installed = {Path(name) for name in wheel.namelist()}
    assert wanted - installed == set()
