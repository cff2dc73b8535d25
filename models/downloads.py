"""Files that were sent to us and are still on a platform: fetched until they are here, or for about a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Utc, partial_index


class Download(Base):
    """One file of one message of one person.

    unique    the platform's lasting number for the file; file_id: what fetches it
    message   the platform's number for the message; kind, name, mime and size (bytes, 0: unknown) as the message said
    state     queued, kept (it is in the vault), lost (it will not come: reason)
    attempts  how often it was begun; next_at: when it may be begun (again), while one is at it the end of its lease
    """

    __tablename__ = "downloads"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unique: Mapped[str] = mapped_column(String(80))
    file_id: Mapped[str] = mapped_column(String(250))
    message: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    recompressed: Mapped[bool]
    sent_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(20), default="")

    __table_args__ = (
        UniqueConstraint("channel", "address", "unique", "message"),
        partial_index("ix_downloads_queued", "channel", "next_at", where="state = 'queued'"),
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A download somebody is at; `attempts` tells this time from any other."""

    id: int
    address: str
    person_id: int
    unique: str
    file_id: str
    message: str
    kind: str
    name: str
    mime: str
    size: int
    recompressed: bool
    sent_at: datetime
    attempts: int


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Queue downloads; those that are known are left out."""
    connection.execute(_ADD[connection.dialect.name], list(rows))


def claim(connection: Connection, channel: str, most: int, now: datetime, until: datetime) -> list[Claimed]:
    """Take up to `most` that are due, in the order they came, for oneself `until` then."""
    rows = connection.execute(_CLAIM, {"on": channel, "most": most, "time": now, "until": until}).mappings()
    return sorted((Claimed(**row) for row in rows), key=lambda claimed: claimed.id)


def renew(connection: Connection, ids: Collection[int], until: datetime) -> None:
    """Keep what one is still at for oneself; or give it back, `until` now."""
    if ids:
        connection.execute(_RENEW, {"ids": list(ids), "until": until})


def put_off(connection: Connection, claimed: Claimed, until: datetime) -> None:
    """Begin it again then, unless somebody else is at it by now."""
    connection.execute(_PUT_OFF, {**_key(claimed), "until": until})


def settle(connection: Connection, claimed: Claimed, state: Literal["kept", "lost"], reason: str) -> bool:
    """Keep what became of it; False where somebody else did or is at it by now."""
    return connection.execute(_SETTLE, {**_key(claimed), "became": state, "why": reason}).rowcount == 1


def forget(connection: Connection, before: datetime) -> int:
    """Drop what came to its end with the messages sent `before`; returns how many."""
    return connection.execute(delete(Download).where(Download.state != "queued", Download.sent_at < before)).rowcount


def _key(claimed: Claimed) -> dict[str, int]:
    return {"download": claimed.id, "attempt": claimed.attempts}


_ADD = {
    "sqlite": insert_sqlite(Download).on_conflict_do_nothing(),
    "postgresql": insert_postgresql(Download).on_conflict_do_nothing(),
}
_NEXT = (
    select(Download.id)
    .where(Download.state == "queued", Download.channel == bindparam("on"), Download.next_at <= bindparam("time"))
    .order_by(Download.next_at, Download.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(Download)
    .where(Download.id.in_(_NEXT.scalar_subquery()))
    .values(attempts=Download.attempts + 1, next_at=bindparam("until"))
    .returning(
        Download.id, Download.address, Download.person_id, Download.unique, Download.file_id, Download.message,
        Download.kind, Download.name, Download.mime, Download.size, Download.recompressed, Download.sent_at,
        Download.attempts,
    )
)  # fmt: skip
_RENEW = (
    update(Download)
    .where(Download.id.in_(bindparam("ids", expanding=True)), Download.state == "queued")
    .values(next_at=bindparam("until"))
)
_MINE = update(Download).where(
    Download.id == bindparam("download"), Download.attempts == bindparam("attempt"), Download.state == "queued"
)
_PUT_OFF = _MINE.values(next_at=bindparam("until"))
_SETTLE = _MINE.values(state=bindparam("became"), reason=bindparam("why"))
