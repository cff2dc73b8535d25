"""What a platform told us and nobody here understands: kept for a while for who looks after the bot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Utc


class Stray(Base):
    """One such thing.

    digest   SHA-256 of the payload: the same one is kept once
    kind     what the platform calls it
    payload  as it came
    """

    __tablename__ = "strays"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(Utc, index=True)
