"""The public space over a year of a plan, served once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from bot.clock import Clock
from models.database import Database
from models.vault import Vault
from tests.bot.web import serving, settings_in
from tests.support.published import NOW, Published, publish
from tests.support.world import open_world


@dataclass(slots=True)
class Site:
    """A running site, the database behind it and what was published there."""

    port: int
    database: Database
    published: Published

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers in lower case, body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return answer.status, found, body


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    world = open_world("sqlite", folder)
    settings = settings_in(folder, public_url="https://cuentas.example.org")
    vault = Vault(settings.evidence_dir)
    vault.prepare()
    with world.database.begin() as connection:
        published = publish(connection, vault, most=120)
    with serving(settings, clock=Clock(NOW - datetime.now(UTC))) as port:
        yield Site(port, world.database, published)
    world.close()
