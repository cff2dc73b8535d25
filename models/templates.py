"""The texts a platform has approved for knocking after a long silence, as the account knows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class Template(Base):
    """One text in one language.

    status    as the platform says: APPROVED, PENDING, REJECTED, PAUSED, DISABLED
    category  what the platform prices it as: UTILITY, MARKETING, AUTHENTICATION
    """

    __tablename__ = "templates"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))
    checked_at: Mapped[datetime] = mapped_column(Utc)
