"""Reports: what an officer says was done. Versions are added, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Conflict, Json, Key, Utc, partial_index
from models.prepared import Prepared

# States in which a report counts: reported provisionally, verified officially. The others: superseded (by a newer
# version), withdrawn (by its author), returned (by a reviewer; see `kept`).
LIVING = ("reported", "verified")


class Report(Base):
    """One version of a report. `folio` names the report through all its versions.

    item      the step or municipality it stands for, where each report must name another one
    done_on   the day the officer says it was done; sent_at and received_at are kept apart from it
    minors    whether the officer says that minors can be seen in the photos; NULL where there are none
    kept      of a returned one, how much of its quantity counts all the same: only a part of it was returned
    """

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    folio: Mapped[str] = mapped_column(String(70))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[int]
    item: Mapped[str] = mapped_column(String(80))
    account: Mapped[str]
    done_on: Mapped[date] = mapped_column(Date)
    place: Mapped[dict[str, Any] | None] = mapped_column(Json)
    minors: Mapped[bool | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(12))
    sent_at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    kept: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        UniqueConstraint("plan_id", "folio", "version"),
        Index("ix_reports_author_id_id", "author_id", "id"),
        Index("ix_reports_obligation_id", "obligation_id"),
        Index("ix_reports_received", "plan_id", "received_at"),
        partial_index("ix_reports_waiting", "plan_id", "received_at", where="state = 'reported'"),
        partial_index("ix_reports_open", "author_id", "id", where="state IN ('reported', 'returned')"),
        partial_index(
            "ux_reports_item",
            "obligation_id",
            "item",
            where="item <> '' AND state IN ('reported', 'verified')",
            unique=True,
        ),
    )


REPORTED = (
    Report.id, Report.plan_id, Report.obligation_id, Report.folio, Report.version, Report.state, Report.quantity,
    Report.item, Report.account, Report.done_on, Report.place,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """What a version of a report says, to its author and its reviewer; as in REPORTED."""

    id: int
    plan_id: int
    obligation_id: int
    folio: str
    version: int
    state: str
    quantity: int
    item: str
    account: str
    done_on: date
    place: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Version(Reported):
    """A report as its author sees it. `kept`: as in Report."""

    minors: bool | None
    kept: int = 0

    @property
    def counted(self) -> int:
        """How much of it counts now."""
        return self.kept if self.state == "returned" else self.quantity


def add(connection: Connection, **values: Any) -> int:
    """Insert a version and return its id. Conflict (through the unique keys) where the item is taken."""
    return int(_ADD.first(connection, values).id)


def latest_of(connection: Connection, author_id: int) -> Version | None:
    """The author's newest report that still counts."""
    wanted = versions().where(Report.author_id == author_id, Report.state.in_(LIVING))
    row = connection.execute(wanted.order_by(Report.id.desc()).limit(1)).one_or_none()
    return Version(*row) if row else None


def settle(connection: Connection, old: Version, state: str) -> None:
    """Move a version to another state; Conflict where it has been reviewed or replaced since it was read."""
    seen = update(Report).where(Report.id == old.id, Report.state == old.state)
    if connection.execute(seen.values(state=state, kept=0)).rowcount == 0:
        raise Conflict(f"report {old.id} is no longer {old.state}")


def versions() -> Select[*tuple[Any, ...]]:
    """The columns of a Version."""
    return select(*REPORTED, Report.minors, Report.kept)


_ADD = Prepared(insert(Report).returning(Report.id))
