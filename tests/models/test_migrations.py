"""The migrations make exactly the tables the code expects, and the audit log refuses changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from models import audit, migrations
from models.audit import Entry
from models.database import Database
from models.schema import metadata

NOW = datetime(2022, 5, 24, tzinfo=UTC)


def test_the_migrations_make_the_schema(database_url: str) -> None:
    database = Database(database_url)
    assert not migrations.is_current(database.engine)
    migrations.upgrade(database.engine)
    migrations.upgrade(database.engine)  # at every start
    assert migrations.is_current(database.engine)
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


@pytest.mark.parametrize("change", [update(Entry).values(action="x"), delete(Entry)])
def test_the_audit_log_refuses_changes(database_url: str, change) -> None:
    database = Database(database_url)
    migrations.upgrade(database.engine)
    with database.begin() as connection:
        audit.record(connection, NOW, None, "plan.imported", "narino-2022", activities=24)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.execute(change)
    database.close()
