"""Several consents given at once, as the person read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, update

from models.people import Consent, Person, Who


def agree(connection: Connection, who: Who, given: Sequence[tuple[str, str]], now: datetime) -> None:
    """Keep consents as (version, wording); from the first on something personal may be kept. Two statements at most."""
    rows = [
        {"person_id": who.id, "version": version, "wording": wording, "channel": who.channel, "given_at": now}
        for version, wording in given
    ]
    connection.execute(insert(Consent), rows)
    if not who.consented:
        visitor = update(Person).where(Person.id == who.id, Person.status == "visitor")
        connection.execute(visitor.values(status="citizen"))
