"""Citizens

Why: people hear of dialogue events they asked for, take part in them and see what came of it. An event is called by
one person and approved by another; what was announced is known, so that a crash repeats nothing; who wants one message
a day has what is for it kept until their hour.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HELD, UNTOLD = sa.text("until IS NULL"), sa.text("delivery_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("events") as events:
        for name, length in (("kind", 24), ("municipality", 5), ("place", 200), ("link", 300), ("transport", 300),
                             ("prior_report", 300), ("change_note", 500), ("checkin_code", 6)):  # fmt: skip
            events.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        events.add_column(sa.Column("state", sa.String(length=12), nullable=False, server_default="held"))
        for name in ("starts_at", "ends_at", "approved_at", "announced_at", "cancelled_at", "conclusions_at"):
            events.add_column(sa.Column(name, MOMENT, nullable=True))
        for name in ("lat", "lng"):
            events.add_column(sa.Column(name, sa.Double(), nullable=True))
        events.add_column(sa.Column("groups", sa.Text(), nullable=False, server_default="[]"))
        events.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        events.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        events.add_column(sa.Column("proposed_change", sa.Text(), nullable=True))
        events.add_column(sa.Column("conclusions", sa.Text(), nullable=False, server_default=""))
        for name in ("proposed_by", "approved_by"):
            events.add_column(sa.Column(name, KEY, nullable=True))
            events.create_foreign_key(op.f(f"fk_events_{name}"), "people", [name], ["id"])
    _subscriptions()
    _announcements()
    _participation()
    _promises()


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("pace", sa.String(length=8), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("consent_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_subscriptions_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    held = {"sqlite_where": HELD, "postgresql_where": HELD}
    op.create_index("ux_subscriptions_held", "subscriptions", ["person_id", "kind", "value"], unique=True, **held)
    op.create_index("ix_subscriptions_wanted", "subscriptions", ["kind", "value", "person_id"], **held)


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_announcements_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint(
            "event_id", "kind", "version", name=op.f("uq_announcements_event_id_kind_version")
        ),
    )  # fmt: skip
    op.create_table(
        "digest_lines",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("announcement_id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digest_lines_person_id")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_digest_lines_announcement_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "announcement_id", name=op.f("pk_digest_lines")),
    )  # fmt: skip
    op.create_index(
        "ix_digest_lines_untold", "digest_lines", ["person_id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )


def _participation() -> None:
    op.create_table(
        "attendances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attendances_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendances_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_attendances_event_id_person_id")),
    )
    op.create_index(op.f("ix_attendances_person_id"), "attendances", ["person_id"])
    op.create_index("ix_attendances_state", "attendances", ["event_id", "state"])
    op.create_table(
        "citizen_questions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("folio", sa.String(length=16), nullable=False),
        sa.Column("event_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", KEY, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_citizen_questions_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_citizen_questions_person_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_citizen_questions_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_questions")),
        sa.UniqueConstraint("folio", name=op.f("uq_citizen_questions_folio")),
    )
    for column in ("event_id", "person_id", "due"):
        op.create_index(op.f(f"ix_citizen_questions_{column}"), "citizen_questions", [column])
    op.create_table(
        "proposals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_proposals_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    for column in ("event_id", "person_id"):
        op.create_index(op.f(f"ix_proposals_{column}"), "proposals", [column])
    op.create_table(
        "surveys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("clear", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_surveys_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_surveys_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_surveys_event_id_person_id")),
    )
    op.create_index(op.f("ix_surveys_person_id"), "surveys", ["person_id"])


def _promises() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_commitments_event_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_commitments_office_id")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_commitments_obligation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_key")),
    )
    for column in ("event_id", "office_id", "obligation_id"):
        op.create_index(op.f(f"ix_commitments_{column}"), "commitments", [column])
    op.create_table(
        "requests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_requests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_person_id"), "requests", ["person_id"])
