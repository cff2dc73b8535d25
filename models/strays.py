"""What a platform told us and nobody here understands: kept for a while for who looks after the bot."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, String, delete
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Utc
from models.prepared import Prepared

# Bytes of a payload; of a larger one only the beginning is kept.
LARGEST = 64_000
LONGEST_KIND = 60


class Stray(Base):
    """One such thing.

    digest   SHA-256 of the payload: the same one is kept once
    kind     what the platform calls it
    payload  as it came; {"cut": its first part as text} of one that is too large
    """

    __tablename__ = "strays"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(Utc, index=True)


def keep(connection: Connection, channel: str, kind: str, payload: dict[str, Any], now: datetime) -> None:
    """Keep what nobody understood; any JSON will do."""
    try:
        said = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
        if len(said) > LARGEST:
            payload = {"cut": said[:LARGEST].decode("utf-8", "ignore")}
    except orjson.JSONEncodeError as error:  # nested too deeply, halves of characters
        payload = {"cut": str(error)}
        said = orjson.dumps(payload)
    row = {
        "channel": channel, "digest": hashlib.sha256(said).hexdigest(), "kind": kind[:LONGEST_KIND],
        "payload": payload, "received_at": now,
    }  # fmt: skip
    _KEEP.run(connection, row)


def forget(connection: Connection, before: datetime) -> int:
    """Drop what came before then; returns how many."""
    return connection.execute(delete(Stray).where(Stray.received_at < before)).rowcount


_KEEP = Prepared(
    {
        "sqlite": insert_sqlite(Stray).on_conflict_do_nothing(),
        "postgresql": insert_postgresql(Stray).on_conflict_do_nothing(),
    }
)
