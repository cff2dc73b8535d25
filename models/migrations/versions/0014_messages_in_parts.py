"""How much of a message in parts has arrived

Why: a process that is killed between two parts of a message leaves the rest of it to the next one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
