"""What a platform charges for: one row for each message it has priced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class Charge(Base):
    """One message of a delivery, as its platform priced it.

    message   the platform's number for the message; a delivery in parts has several
    category  what it was priced as: service, utility, marketing, authentication, referral_conversion
    billable  whether it costs anything
    """

    __tablename__ = "charges"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    message: Mapped[str] = mapped_column(String(120), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    category: Mapped[str] = mapped_column(String(30))
    billable: Mapped[bool]
    priced_at: Mapped[datetime] = mapped_column(Utc, index=True)
