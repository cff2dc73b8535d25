"""Reviews

Why: a report counts officially once somebody else than its author has verified it; a return says what is to be put
right, of all of it or of one part, and what still counts meanwhile. Photos that look like another report's are found
by parts of their hash, and an author's reports that can be corrected, by indexes: reading them all would take longer
every year.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state IN ('reported', 'returned')")


def upgrade() -> None:
    op.add_column("reports", sa.Column("kept", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_reports_open", "reports", ["author_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )  # fmt: skip
    op.add_column("obligations", sa.Column("again", sa.Date(), nullable=True))
    op.add_column("evidence", sa.Column("twin_id", KEY, nullable=True))
    op.create_table(
        "looks",
        sa.Column("band", sa.String(length=5), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("band", "ref", name=op.f("pk_looks")),
    )
    for band in range(4):
        op.execute(
            f"INSERT INTO looks (band, ref) SELECT DISTINCT '{band}' || substr(dhash, {4 * band + 1}, 4), ref "  # noqa: S608
            "FROM evidence WHERE dhash <> '' AND dhash <> '0000000000000000'"
        )
    op.create_table(
        "reviews",
        sa.Column("id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("evidence_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("undoes_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_reviews_report_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_reviews_evidence_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["reviews.id"], name=op.f("fk_reviews_undoes_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_reviews_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_reviews_undoes_id")),
    )
    op.create_index(op.f("ix_reviews_report_id"), "reviews", ["report_id"])
    op.create_index(op.f("ix_reviews_by_id"), "reviews", ["by_id"])
