"""Every table, imported in one place, so that `Base.metadata` is whole for migrations and tests."""

from models import (
    audit,
    conversations,
    deliveries,
    events,
    evidence,
    inbox,
    installation,
    invitations,
    obligations,
    offices,
    people,
    plan,
    rates,
    reports,
)
from models.base import Base

metadata = Base.metadata

__all__ = [
    "audit",
    "conversations",
    "deliveries",
    "events",
    "evidence",
    "inbox",
    "installation",
    "invitations",
    "metadata",
    "obligations",
    "offices",
    "people",
    "plan",
    "rates",
    "reports",
]
