"""What is not kept: people who never consented, and files that nothing refers to."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Text, delete, exists, select, tuple_, type_coerce

from models.conversations import Conversation
from models.deliveries import Delivery
from models.evidence import Evidence
from models.inbox import Taken
from models.people import Consent, Contact, Membership, Person

# One transaction stays short, however many there are: turns wait for it.
BATCH = 200
SHA256 = re.compile(r"[0-9a-f]{64}")


def forget_visitors(connection: Connection, before: datetime) -> int:
    """Drop all there is of visitors older than `before` who never consented; returns how many, at most BATCH."""
    never = ~exists().where(Consent.person_id == Person.id), ~exists().where(Membership.person_id == Person.id)
    wanted = select(Person.id).where(Person.status == "visitor", Person.created_at < before, *never).limit(BATCH)
    ids = list(connection.execute(wanted).scalars())
    if ids:
        reached = select(Contact.channel, Contact.address).where(Contact.person_id.in_(ids))
        connection.execute(delete(Taken).where(tuple_(Taken.channel, Taken.address).in_(reached)))
        for kept in (Delivery, Conversation, Contact):
            connection.execute(delete(kept).where(kept.person_id.in_(ids)))
        connection.execute(delete(Person).where(Person.id.in_(ids)))
    return len(ids)


def referred(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Those of the files that are evidence, or part of a conversation that is not over.

    Conversations are read first: a file that becomes evidence meanwhile is then seen in one place or both.
    """
    said = select(*(type_coerce(kept, Text) for kept in (Conversation.answers, Conversation.draft, Conversation.stash)))
    found: set[str] = set()
    for row in connection.execute(said.where(Conversation.status != "ended")):
        found.update(*(SHA256.findall(kept or "") for kept in row))
    asked = list(hashes)
    found &= set(asked)
    for start in range(0, len(asked), BATCH):
        evidence = select(Evidence.ref).where(Evidence.ref.in_(asked[start : start + BATCH]))
        found.update(connection.execute(evidence).scalars())
    return found
