"""Hand-outs

Why: a format or a dossier takes a while to make, longer than somebody may wait for an answer, and the process may die
meanwhile: what was asked for stands in a queue. A message may bring a file.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING, READY = sa.text("state IN ('queued', 'making')"), sa.text("state = 'ready'")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("document", sa.Text(), nullable=True))
    op.create_table(
        "hand_outs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_outs_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_outs")),
    )
    op.create_index(op.f("ix_hand_outs_person_id"), "hand_outs", ["person_id"])
    op.create_index("ix_hand_outs_waiting", "hand_outs", ["next_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_hand_outs_ready", "hand_outs", ["expires_at"], sqlite_where=READY, postgresql_where=READY)
