"""What falls due is told

Why: the clock writes to people before it is late. What was told to whom, what was not and why is kept; so are a
person's hour, their leave with a substitute, what they answered, and the later day that was accepted for an
obligation. Deliveries may expire.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("reported < target AND withdrawn_at IS NULL")
PLANNED = sa.text("state = 'planned'")
TOLD = sa.text("delivery_id IS NOT NULL")
NUDGES = sa.text("kind = 'nudge'")
EXPIRING = sa.text("state = 'queued' AND expires_at IS NOT NULL")
PASSED_ON = sa.text("leave_id IS NOT NULL")
UNDECIDED = sa.text("outcome = ''")


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "leaves",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("substitute_id", KEY, nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leaves_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["people.id"], name=op.f("fk_leaves_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index(op.f("ix_leaves_person_id"), "leaves", ["person_id"])
    op.create_index(op.f("ix_leaves_ends"), "leaves", ["ends"])
    op.create_table(
        "blockers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("office_id", KEY, nullable=True),
        sa.Column("blocker_id", KEY, nullable=True),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("reply", sa.String(length=8), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_blockers_obligation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_blockers_person_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_blockers_office_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["people.id"], name=op.f("fk_blockers_blocker_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_blockers_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blockers")),
    )
    op.create_index("ix_blockers_answered", "blockers", ["obligation_id", "person_id"])
    op.create_index("ix_blockers_open", "blockers", ["at"], sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)
    op.create_table(
        "nudges",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("warn", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("delivery_id", KEY, nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_nudges_obligation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_nudges_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
        sa.UniqueConstraint(
            "obligation_id", "person_id", "warn", "step", name=op.f("uq_nudges_obligation_id_person_id_warn_step")
        ),
    )
    op.create_index("ix_nudges_planned", "nudges", ["person_id"], sqlite_where=PLANNED, postgresql_where=PLANNED)
    op.create_index("ix_nudges_told", "nudges", ["delivery_id"], sqlite_where=TOLD, postgresql_where=TOLD)

    with op.batch_alter_table("memberships") as memberships:
        memberships.add_column(sa.Column("leave_id", KEY, nullable=True))
        memberships.create_foreign_key(op.f("fk_memberships_leave_id"), "leaves", ["leave_id"], ["id"])
    op.create_index("ix_memberships_held", "memberships", ["office_id", "role"])
    op.create_index(
        "ux_memberships_passed_on", "memberships", ["leave_id", "office_id"], unique=True, sqlite_where=PASSED_ON,
        postgresql_where=PASSED_ON,
    )  # fmt: skip

    op.add_column("deliveries", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_deliveries_person_id", "deliveries")
    op.create_index("ix_deliveries_person", "deliveries", ["person_id", "id"])
    op.create_index(
        "ix_deliveries_nudges", "deliveries", ["person_id", "created_at"], sqlite_where=NUDGES, postgresql_where=NUDGES
    )
    op.create_index(
        "ix_deliveries_expiring", "deliveries", ["expires_at"], sqlite_where=EXPIRING, postgresql_where=EXPIRING
    )
    op.add_column("obligations", sa.Column("agreed", sa.Date(), nullable=True))
    op.create_index(
        "ix_obligations_ladder", "obligations", ["plan_id", "warn", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
