"""Summaries

Why: coordinators choose when they read what moved. The minute looks for the last summary of each reader, and a summary
for reports by the day they came, for those nobody has reviewed and for messages that were lost: by indexes, or it would
take longer every year.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUMMARIES = sa.text("kind = 'summary'")
LOST = sa.text("state IN ('failed', 'unknown')")
WAITING = sa.text("state = 'reported'")


def upgrade() -> None:
    op.create_table(
        "summary_times",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_summary_times_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_summary_times")),
    )
    op.create_index(
        "ix_deliveries_summaries", "deliveries", ["person_id", "created_at"], sqlite_where=SUMMARIES,
        postgresql_where=SUMMARIES,
    )  # fmt: skip
    op.create_index("ix_deliveries_lost", "deliveries", ["created_at"], sqlite_where=LOST, postgresql_where=LOST)
    op.create_index("ix_reports_received", "reports", ["plan_id", "received_at"])
    op.create_index(
        "ix_reports_waiting", "reports", ["plan_id", "received_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
