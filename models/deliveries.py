"""Who was told what, when, over which channel, with what result. A unique key stands behind every message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc


class Delivery(Base):
    """One message to one address. `state`: queued until the channel, or the reader's page, confirms it.

    dedupe_key  what the message is about and for whom: the same key is never sent twice
    buttons     [{"label", "tap"}]
    picture     {"drawing", "figures", "alt"} or NULL; drawn when it is shown
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(240), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    buttons: Mapped[list[dict[str, str]]] = mapped_column(Json)
    picture: Mapped[dict[str, Any] | None] = mapped_column(Json)
    wants: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    delivered_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        Index("ix_deliveries_address", "channel", "address", "id"),
        Index(
            "ix_deliveries_queued",
            "channel",
            "address",
            sqlite_where=sql("state = 'queued'"),
            postgresql_where=sql("state = 'queued'"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a channel shows it, already in its reader's language."""

    id: int
    text: str
    buttons: list[dict[str, str]]
    picture: dict[str, Any] | None
    wants: str
    created_at: datetime


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Queue messages; those whose key is known are left out."""
    connection.execute(_ADD[connection.dialect.name], list(rows))


def latest(connection: Connection, channel: str, address: str, limit: int) -> list[Outgoing]:
    """The newest messages to an address, oldest first."""
    newest = _outgoing(channel, address).order_by(Delivery.id.desc()).limit(limit)
    return [Outgoing(*row) for row in reversed(connection.execute(newest).all())]


def pending(connection: Connection, channel: str, address: str, after: int) -> list[Outgoing]:
    """Messages newer than `after`, and any older one that was committed late and is still unconfirmed.

    At most the newest hundred, oldest first.
    """
    wanted = _outgoing(channel, address).where((Delivery.id > after) | (Delivery.state == "queued"))
    newest = connection.execute(wanted.order_by(Delivery.id.desc()).limit(100)).all()
    return [Outgoing(*row) for row in reversed(newest)]


def confirm(connection: Connection, channel: str, address: str, ids: Collection[int], now: datetime) -> None:
    """Mark messages to an address as delivered; ids of other addresses are ignored."""
    connection.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(list(ids)), Delivery.channel == channel, Delivery.address == address,
            Delivery.state == "queued",
        )
        .values(state="delivered", delivered_at=now)
    )  # fmt: skip


def picture_of(connection: Connection, channel: str, address: str, delivery_id: int) -> dict[str, Any] | None:
    """The picture of a message, for the address it was written to only."""
    return connection.execute(
        select(Delivery.picture).where(
            Delivery.id == delivery_id, Delivery.channel == channel, Delivery.address == address
        )
    ).scalar_one_or_none()


def _outgoing(channel: str, address: str) -> Any:
    return select(
        Delivery.id, Delivery.text, Delivery.buttons, Delivery.picture, Delivery.wants, Delivery.created_at
    ).where(Delivery.channel == channel, Delivery.address == address)


_ADD = {
    "sqlite": insert_sqlite(Delivery).on_conflict_do_nothing(index_elements=["dedupe_key"]),
    "postgresql": insert_postgresql(Delivery).on_conflict_do_nothing(index_elements=["dedupe_key"]),
}
