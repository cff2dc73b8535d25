"""What counts for an office that supports

Why: where an office supports an activity that each office owes for itself (rows 6 and 15), its own obligation was kept
as supported only, and was missing in its figures.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE ownerships SET part = 'own' WHERE part = 'support' AND EXISTS (SELECT 1 FROM obligations "
        "WHERE obligations.id = ownerships.obligation_id AND obligations.office_id = ownerships.office_id)"
    )
