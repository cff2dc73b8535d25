"""What an obligation asked for before it was changed: figures as of a day are worked out from it. Never changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Date, ForeignKey, Index, Insert, String, bindparam, insert, select, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc
from models.obligations import Obligation

Cause = Literal["import", "reading", "event", "topics", "waiver"]


class Change(Base):
    """What held `until` a moment: as in Obligation, `withdrawn` where it was not owed then. `cause`: what ended it.

    An obligation without changes has always been as it is.
    """

    __tablename__ = "obligation_changes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    until: Mapped[datetime] = mapped_column(Utc)
    target: Mapped[int]
    units: Mapped[int]
    due: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    withdrawn: Mapped[bool]
    cause: Mapped[str] = mapped_column(String(12))

    __table_args__ = (Index("ix_obligation_changes_obligation_id_until", "obligation_id", "until"),)


def note(connection: Connection, ids: Collection[int], now: datetime, cause: Cause) -> None:
    """Keep what these obligations are, before they are changed."""
    if ids:
        connection.execute(_NOTE, {"ids": list(ids), "now": now, "cause": cause})


def begin(connection: Connection, ids: Collection[int], now: datetime, cause: Cause) -> None:
    """These obligations were not owed before now."""
    if ids:
        connection.execute(_BEGIN, {"ids": list(ids), "now": now, "cause": cause})


def _kept(withdrawn: Any) -> Insert:
    rows: Any = select(
        Obligation.id, bindparam("now", type_=Utc), Obligation.target, Obligation.units, Obligation.due,
        Obligation.provisional, withdrawn, bindparam("cause", type_=String),
    ).where(Obligation.id.in_(bindparam("ids", expanding=True)))  # fmt: skip
    columns = ["obligation_id", "until", "target", "units", "due", "provisional", "withdrawn", "cause"]
    return insert(Change).from_select(columns, rows)


_NOTE = _kept(Obligation.withdrawn_at.is_not(None))
_BEGIN = _kept(true())
