"""Alembic's entry: the connection is handed in by `models.migrations.upgrade`."""

from alembic import context

from models.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
