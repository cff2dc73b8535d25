"""The WhatsApp channel: messages come by webhook, and go out by Meta's Cloud API."""

from __future__ import annotations

import hashlib

# How the database names it.
CHANNEL = "whatsapp"
# The longest number of a message that the database keeps as it is.
LONGEST_NUMBER = 80


def number(wamid: str) -> str:
    """What the database calls the message that WhatsApp calls so."""
    return wamid if len(wamid) <= LONGEST_NUMBER else hashlib.sha256(wamid.encode()).hexdigest()
