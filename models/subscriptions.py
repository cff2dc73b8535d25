"""What a citizen wants to hear of: a municipality, a subregion, a topic, a kind of event, an office, or everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    String,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models import people
from models.base import Base, Key, Utc, partial_index
from models.deliveries import Delivery
from models.digests import DigestLine
from models.people import Consent, Person, Who
from models.prepared import Prepared, among


class Subscription(Base):
    """One wish of one person.

    kind   all, municipality (`value`: DANE code), subregion, topic, event_kind, office (`value`: its code); the last
           three may be wanted in one place only: "salud@52835"
    pace   now, or daily: all of a day in one message
    until  ends it
    """

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(80))
    pace: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime | None] = mapped_column(Utc)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id"))

    __table_args__ = (
        partial_index("ux_subscriptions_held", "person_id", "kind", "value", where="until IS NULL", unique=True),
        partial_index("ix_subscriptions_wanted", "kind", "value", "person_id", where="until IS NULL"),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription somebody holds."""

    id: int
    kind: str
    value: str
    pace: str


def of(connection: Connection, person_id: int) -> list[Held]:
    """What a person is subscribed to, in the order they asked for it."""
    return [Held(*row) for row in _OF.rows(connection, {"person": person_id})]


def agreed(connection: Connection, person_id: int, version: str) -> int | None:
    """The number of the consent to this wording that a person gave and did not withdraw."""
    row = _AGREED.first(connection, {"person": person_id, "version": version})
    return row.id if row else None


def agree(connection: Connection, who: Who, given: Sequence[tuple[str, str]], now: datetime) -> int:
    """Keep consents as (version, wording); the number of the last, which is that to be subscribed."""
    if not who.consented:
        *first, last = given
        for version, wording in first:
            people.consent(connection, who, version, wording, now)
        given = [last]
    [(version, wording)] = given
    agreed = {"person_id": who.id, "version": version, "wording": wording, "channel": who.channel, "given_at": now}
    return int(connection.execute(insert(Consent).values(agreed).returning(Consent.id)).scalar_one())


def hold(
    connection: Connection, person_id: int, wanted: Iterable[tuple[str, str]], pace: str, consent_id: int, now: datetime
) -> None:
    """Subscribe somebody to (kind, value) pairs; those already held take the new pace."""
    rows = [
        {"person_id": person_id, "kind": kind, "value": value, "pace": pace, "since": now, "consent_id": consent_id}
        for kind, value in wanted
    ]
    connection.execute(_HOLD[connection.dialect.name], rows)


def set_pace(connection: Connection, person_id: int, ids: Collection[int], pace: str) -> None:
    """Change how somebody hears of some of what they are subscribed to."""
    connection.execute(_THEIRS.values(pace=pace), {"person": person_id, "ids": list(ids)})


def end(connection: Connection, person_id: int, ids: Collection[int], now: datetime) -> None:
    """Subscribe somebody to some things no more."""
    connection.execute(_THEIRS.values(until=now), {"person": person_id, "ids": list(ids)})


def end_all(connection: Connection, person_id: int, now: datetime) -> int:
    """Subscribe somebody to nothing any more: what is on its way does not go out either. Returns how many ended."""
    held = update(Subscription).where(Subscription.person_id == person_id, Subscription.until.is_(None))
    ended = connection.execute(held.values(until=now)).rowcount
    connection.execute(delete(DigestLine).where(DigestLine.person_id == person_id, DigestLine.delivery_id.is_(None)))
    queued = update(Delivery).where(Delivery.person_id == person_id, Delivery.state == "queued", Delivery.priority == 2)
    connection.execute(queued.values(state="skipped", reason="pidió no recibir avisos"))
    return ended


def matching(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a row's Person is subscribed to one of the parameter `wanted`: ["all:", "municipality:52227", …]."""
    pair = Subscription.kind + ":" + Subscription.value
    held = (Subscription.person_id == Person.id, Subscription.until.is_(None))
    return exists().where(*held, among(pair, "wanted", String), *where)


_OF = Prepared(
    select(Subscription.id, Subscription.kind, Subscription.value, Subscription.pace)
    .where(Subscription.person_id == bindparam("person"), Subscription.until.is_(None))
    .order_by(Subscription.id)
)
_AGREED = Prepared(
    select(Consent.id)
    .where(
        Consent.person_id == bindparam("person"), Consent.version == bindparam("version"),
        Consent.withdrawn_at.is_(None),
    )
    .order_by(Consent.id.desc())
    .limit(1)
)  # fmt: skip
_HELD: Any = {"index_elements": ["person_id", "kind", "value"], "index_where": text("until IS NULL")}
_HOLD: dict[str, Any] = {
    name: adding.on_conflict_do_update(**_HELD, set_={"pace": adding.excluded.pace})
    for name, adding in (
        ("sqlite", insert_sqlite(Subscription)),
        ("postgresql", insert_postgresql(Subscription)),
    )
}
_THEIRS = update(Subscription).where(
    Subscription.person_id == bindparam("person"), Subscription.until.is_(None),
    Subscription.id.in_(bindparam("ids", expanding=True)),
)  # fmt: skip
# How many people are subscribed to one of the parameter `wanted`.
HOW_MANY = (
    select(func.count(func.distinct(Subscription.person_id)))
    .where(Subscription.until.is_(None), among(Subscription.kind + ":" + Subscription.value, "wanted", String))
    .scalar_subquery()
)
