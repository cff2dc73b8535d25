"""Acts and closes

Why: figures are answered as they were known on a day, so what an obligation asked for before it changed is kept; what
coordinators do to the plan (waive, hand over, approve topics, remark) is kept with who, when and why, also where it is
taken back; results are frozen at a cut-off, and nothing changes them afterwards; Internal Control keeps its samples and
ratings beside the others'. Who invited somebody does not let them in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
HOLDS, CLOSED = sa.text("ended_at IS NULL"), sa.text("reopened_at IS NULL")


def upgrade() -> None:
    op.add_column("reviews", sa.Column("kept", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE reviews SET kept = (SELECT kept FROM reports WHERE reports.id = reviews.report_id) "
        "WHERE outcome = 'returned'"
    )
    op.add_column("invitations", sa.Column("invited_by", KEY, nullable=True))
    _table(
        "obligation_changes", _owned("obligation_id", "obligations"), sa.Column("until", UTC, nullable=False),
        sa.Column("target", sa.Integer(), nullable=False), sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False), sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False), _text("cause", 12),
    )  # fmt: skip
    op.create_index("ix_obligation_changes_obligation_id_until", "obligation_changes", ["obligation_id", "until"])
    _table(
        "waivers", _owned("obligation_id", "obligations"), _text("reason", 500), _text("act", 200), *_done(),
        _owned("ended_by", "people", nullable=True), sa.Column("ended_at", UTC, nullable=True), _text("why", 500),
    )  # fmt: skip
    op.create_index(
        "ux_waivers_holding", "waivers", ["obligation_id"], unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS
    )
    _table(
        "handovers", _owned("obligation_id", "obligations"), _owned("office_id", "offices"), _text("reason", 500),
        *_done(),
    )  # fmt: skip
    op.create_index(op.f("ix_handovers_obligation_id"), "handovers", ["obligation_id"])
    _table(
        "topics", _owned("plan_id", "plans"), _text("period", 40), sa.Column("topics", sa.Text(), nullable=False),
        _text("reason", 500), *_done(),
    )  # fmt: skip
    op.create_index(op.f("ix_topics_plan_id"), "topics", ["plan_id"])
    _table(
        "remarks", _text("kind", 8), _owned("obligation_id", "obligations"),
        _owned("report_id", "reports", nullable=True), _text("text", 1000), *_done(),
        sa.Column("ended_at", UTC, nullable=True),
    )  # fmt: skip
    op.create_index(op.f("ix_remarks_obligation_id"), "remarks", ["obligation_id"])
    _table(
        "ratings", _owned("report_id", "reports"), _text("rating", 8), _text("note", 1000), *_done(),
    )  # fmt: skip
    op.create_index(op.f("ix_ratings_report_id"), "ratings", ["report_id"])
    _table(
        "samples", _owned("plan_id", "plans"), _text("kind", 12), _text("seed", 40),
        sa.Column("size", sa.Integer(), nullable=False), sa.Column("day", sa.Date(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False), sa.Column("items", sa.Text(), nullable=False), *_done(),
        sa.UniqueConstraint(
            "plan_id", "kind", "seed", "size", "day", name=op.f("uq_samples_plan_id_kind_seed_size_day")
        ),
    )  # fmt: skip
    _table(
        "closes", _owned("plan_id", "plans"), _text("key", 24), sa.Column("first", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("received_until", UTC, nullable=False), *_done(),
        sa.Column("entry", KEY, nullable=False), _text("reason", 500),
        _owned("asked_by", "people", nullable=True), sa.Column("asked_at", UTC, nullable=True),
        _owned("reopened_by", "people", nullable=True), sa.Column("reopened_at", UTC, nullable=True),
    )  # fmt: skip
    op.create_index(
        "ux_closes_standing", "closes", ["plan_id", "key"], unique=True, sqlite_where=CLOSED, postgresql_where=CLOSED
    )
    op.create_table(
        "closed",
        sa.Column("close_id", KEY, nullable=False), sa.Column("obligation_id", KEY, nullable=False),
        sa.Column("target", sa.Integer(), nullable=False), sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False), sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False), sa.Column("provisional", sa.Boolean(), nullable=False),
        _text("state", 8),
        sa.PrimaryKeyConstraint("close_id", "obligation_id", name=op.f("pk_closed")),
        sa.ForeignKeyConstraint(["close_id"], ["closes.id"], name=op.f("fk_closed_close_id")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_closed_obligation_id")),
    )  # fmt: skip
    for table in ("closed", "ratings", "samples", "obligation_changes"):
        _never_changes(table)


def _table(name: str, *columns: sa.Column[object] | sa.UniqueConstraint) -> None:
    """A table numbered by `id`; the keys of other tables are named after it."""
    parts: list[sa.Column[object] | sa.Constraint] = [sa.Column("id", KEY, nullable=False), *columns]
    for column in columns:
        if isinstance(column, sa.Column) and "of" in column.info:
            label = op.f(f"fk_{name}_{column.name}")
            parts.append(sa.ForeignKeyConstraint([column.name], [f"{column.info['of']}.id"], name=label))
    op.create_table(name, *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))


def _owned(name: str, table: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, KEY, nullable=nullable, info={"of": table})


def _text(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _done() -> tuple[sa.Column[object], sa.Column[object]]:
    """By whom and when."""
    return _owned("by_id", "people"), sa.Column("at", UTC, nullable=False)


def _never_changes(table: str) -> None:
    """Triggers that refuse to change or delete a row."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
