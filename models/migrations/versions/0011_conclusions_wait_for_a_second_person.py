"""Conclusions wait for a second person

Why: what came of an event, with all that was promised there, is told to many; until somebody else approves it, it is
kept apart from what was approved.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("proposed_conclusions", sa.Text(), nullable=True))
