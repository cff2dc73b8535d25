"""Files on their way

Why: a file that is slow to come no longer holds up its conversation; what is still to be fetched outlives a restart.
A changed message finds the answer it was, and each person is told once how to send a photo as it was taken. What a
photo looks like is worked out when nobody waits for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "downloads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unique", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=250), nullable=False),
        sa.Column("message", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("recompressed", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_downloads_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
        sa.UniqueConstraint(
            "channel", "address", "unique", "message", name=op.f("uq_downloads_channel_address_unique_message")
        ),
    )
    op.create_index(op.f("ix_downloads_person_id"), "downloads", ["person_id"])
    queued = sa.text("state = 'queued'")
    op.create_index(
        "ix_downloads_queued", "downloads", ["channel", "next_at"], sqlite_where=queued, postgresql_where=queued
    )
    op.add_column("conversations", sa.Column("said", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("people", sa.Column("advised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("menu", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("dhash", sa.String(length=16), nullable=True))
    unseen = sa.text("kind = 'photo' AND dhash IS NULL")
    op.create_index("ix_evidence_unseen", "evidence", ["id"], sqlite_where=unseen, postgresql_where=unseen)
