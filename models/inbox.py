"""Which messages have been taken: the key that makes one message one turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, String, delete
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc
from models.prepared import Prepared


class Taken(Base):
    """A message that was taken. Its words are not kept here."""

    __tablename__ = "inbox"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    address: Mapped[str] = mapped_column(String(80), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Utc, index=True)


def take(connection: Connection, channel: str, address: str, message_id: str, now: datetime) -> bool:
    """Whether this is the first time the message comes."""
    message = {"channel": channel, "address": address, "message_id": message_id, "received_at": now}
    return _TAKE.first(connection, message) is not None


def forget(connection: Connection, before: datetime) -> int:
    """Drop the keys of messages so old that no platform sends them again; returns how many."""
    return connection.execute(delete(Taken).where(Taken.received_at < before)).rowcount


_TAKE = Prepared(
    {
        "sqlite": insert_sqlite(Taken).on_conflict_do_nothing().returning(Taken.message_id),
        "postgresql": insert_postgresql(Taken).on_conflict_do_nothing().returning(Taken.message_id),
    }
)
