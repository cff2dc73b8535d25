"""What happened, in order, never changed: triggers in the database refuse updates and deletions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc
from models.prepared import Prepared


class Entry(Base):
    """Somebody did something to something. `actor_id` is NULL for the command line and the clock."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


def record(connection: Connection, at: datetime, actor: int | None, action: str, subject: str, **detail: Any) -> None:
    """Write down what was done, in the transaction that does it. No names, numbers or accounts go into `detail`."""
    entry = {"at": at, "actor_id": actor, "action": action, "subject": subject, "detail": detail}
    _RECORD.run(connection, entry)


def record_all(connection: Connection, at: datetime, actor: int | None, action: str, subjects: Iterable[str]) -> None:
    """The same was done to several at once: an entry for each."""
    rows: list[dict[str, Any]] = [
        {"at": at, "actor_id": actor, "action": action, "subject": subject, "detail": {}} for subject in subjects
    ]
    _RECORD.many(connection, rows)


_RECORD = Prepared(insert(Entry))
