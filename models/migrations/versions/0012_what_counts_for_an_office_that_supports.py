"""What counts for an office that supports, and decisions that are kept before what is owed follows them

Why: where an office supports an activity that each office owes for itself (rows 6 and 15), its own obligation was kept
as supported only, and was missing in its figures. What is decided on the plan is carried out behind the turn: until
then it waits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWN = (
    "UPDATE ownerships SET part = 'own' WHERE part = 'support' AND EXISTS (SELECT 1 FROM obligations "
    "WHERE obligations.id = ownerships.obligation_id AND obligations.office_id = ownerships.office_id)"
)
WAITING = sa.text("applied_at IS NULL")


def upgrade() -> None:
    op.execute(OWN)
    for noun in ("decisions", "topics"):
        op.add_column(noun, sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(f"ix_{noun}_waiting", noun, ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.execute("UPDATE decisions SET applied_at = decided_at")
    op.execute("UPDATE topics SET applied_at = at")
