"""A channel with a window

Why: WhatsApp lets us answer for a day only; after that an approved text may knock, and each message has its price. It
calls people by a number of its own beside the phone's. One person may have several channels, and may want none of what
they did not ask for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PHONE = sa.text("phone <> ''")
TEMPLATES = sa.text("template <> ''")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("phone", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("contacts", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_contacts_phone", "contacts", ["channel", "phone"], sqlite_where=PHONE, postgresql_where=PHONE
    )  # fmt: skip
    op.add_column("deliveries", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("template", sa.String(length=60), nullable=False, server_default=""))
    op.create_index(
        "ix_deliveries_templates", "deliveries", ["channel", "sent_at"], sqlite_where=TEMPLATES,
        postgresql_where=TEMPLATES,
    )  # fmt: skip
    with op.batch_alter_table("downloads") as downloads:
        downloads.alter_column("message", existing_type=sa.String(length=20), type_=sa.String(length=80))
    op.create_table(
        "charges",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("priced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "message", name=op.f("pk_charges")),
    )
    op.create_index(op.f("ix_charges_delivery_id"), "charges", ["delivery_id"])
    op.create_index(op.f("ix_charges_priced_at"), "charges", ["priced_at"])
    op.create_table(
        "templates",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_templates")),
    )
    op.create_table(
        "strays",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "digest", name=op.f("pk_strays")),
    )
    op.create_index(op.f("ix_strays_received_at"), "strays", ["received_at"])
    op.create_table(
        "link_codes",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_link_codes_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_link_codes")),
    )
    op.create_index(op.f("ix_link_codes_code_hash"), "link_codes", ["code_hash"])
