"""One server for all tests of a file that only look at it from outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.web import serving, settings_in


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with the three phones of the demonstration and an empty database."""
    with serving(settings_in(tmp_path_factory.mktemp("server"), max_file_mb=1), demo=True) as port:
        yield port
