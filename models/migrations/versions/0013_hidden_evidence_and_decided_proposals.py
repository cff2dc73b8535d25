"""Hidden evidence and decided proposals

Why: a photo of an attendance list, a document or a link may show personal data although no minors are seen; whoever
notices keeps just that piece from the public site, and who showed it again, and why, stays to be read. And a topic that
somebody proposed is accepted or not, for a reason that its proposer is told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "withholdings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("evidence_id", KEY, nullable=False),
        sa.Column("ref", sa.String(2000), nullable=False),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("why", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_withholdings"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_withholdings_evidence_id"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_withholdings_by_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name="fk_withholdings_ended_by"),
    )
    op.create_index("ix_withholdings_ref", "withholdings", ["ref"])
    holding = sa.text("ended_at IS NULL")
    op.create_index(
        "ux_withholdings_holding", "withholdings", ["ref"], unique=True, sqlite_where=holding, postgresql_where=holding
    )
    op.add_column("proposals", sa.Column("reason", sa.String(500), server_default="", nullable=False))
    op.add_column("proposals", sa.Column("decided_by", KEY, nullable=True))
    op.add_column("proposals", sa.Column("decided_at", moment, nullable=True))
