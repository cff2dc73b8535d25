"""Every table, imported in one place, so that `Base.metadata` is whole for migrations and tests."""

from models import (
    audit,
    blockers,
    conversations,
    deliveries,
    downloads,
    events,
    evidence,
    inbox,
    installation,
    invitations,
    leaves,
    nudges,
    obligations,
    offices,
    people,
    plan,
    preferences,
    rates,
    reports,
    summary_times,
)
from models.base import Base

metadata = Base.metadata

__all__ = [
    "audit",
    "blockers",
    "conversations",
    "deliveries",
    "downloads",
    "events",
    "evidence",
    "inbox",
    "installation",
    "invitations",
    "leaves",
    "metadata",
    "nudges",
    "obligations",
    "offices",
    "people",
    "plan",
    "preferences",
    "rates",
    "reports",
    "summary_times",
]
