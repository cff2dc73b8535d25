"""Who was told what, when, over which channel, with what result. A unique key stands behind every message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    column,
    exists,
    not_,
    or_,
    select,
    table,
    update,
)  # fmt: skip
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc, partial_index
from models.prepared import Prepared

EXPIRED = "se venció sin salir"


class Delivery(Base):
    """One message to one address.

    dedupe_key   what the message is about and for whom: the same key is never sent twice
    buttons      [{"label", "tap"}]
    picture      {"drawing", "figures", "alt", "language"} or NULL; drawn when it is shown
    document     {"name", "mime", "sha256", "size", "caption", "language"} or NULL: a file that goes with it
    kind         answer, notice, nudge, summary, menu (commands to show; its text is empty)
    state        queued, sending (claimed by a process), sent, delivered, read, failed (for good), unknown (it may have
                 arrived, so it is not repeated), skipped (it will not be sent: `reason`)
    priority     answers (0) go before notices and nudges (1), those before announcements (2)
    expires_at   from when on it is not sent any more
    template     the approved text it was sent as, where the platform takes no other; "" for its own
    parts        of a message in several, so many have arrived and are not sent again
    claimed_by   the process that sends it; platform_id: what the platform calls it; reason: why it failed
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(240), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    buttons: Mapped[list[dict[str, str]]] = mapped_column(Json)
    picture: Mapped[dict[str, Any] | None] = mapped_column(Json)
    wants: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    priority: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
    claimed_by: Mapped[str] = mapped_column(String(40), default="")
    platform_id: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    delivered_at: Mapped[datetime | None] = mapped_column(Utc)
    read_at: Mapped[datetime | None] = mapped_column(Utc)
    template: Mapped[str] = mapped_column(String(60), default="", server_default="")
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)
    parts: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index("ix_deliveries_address", "channel", "address", "id"),
        Index("ix_deliveries_person", "person_id", "id"),
        partial_index("ix_deliveries_nudges", "person_id", "created_at", where="kind = 'nudge'"),
        partial_index("ix_deliveries_summaries", "person_id", "created_at", where="kind = 'summary'"),
        partial_index("ix_deliveries_lost", "created_at", where="state IN ('failed', 'unknown')"),
        partial_index("ix_deliveries_expiring", "expires_at", where="state = 'queued' AND expires_at IS NOT NULL"),
        partial_index("ix_deliveries_queued", "channel", "priority", "id", where="state = 'queued'"),
        partial_index("ix_deliveries_sending", "claimed_by", where="state = 'sending'"),
        partial_index("ix_deliveries_templates", "channel", "sent_at", where="template <> ''"),
        Index("ix_deliveries_platform", "channel", "address", "platform_id"),
    )


# The tables as this file needs them; their own files stand above it.
_nudges = table(
    "nudges", column("delivery_id"), column("obligation_id"), column("person_id"), column("escalated", Boolean)
)  # fmt: skip
_leads = table("ownerships", column("obligation_id"), column("office_id"), column("part"))
_held = table("memberships", column("person_id"), column("office_id"), column("until"))
_reached = table("contacts", column("person_id"), column("channel"), column("address"), column("until"))
_owed = table("obligations", column("id"), column("reported"), column("target"), column("withdrawn_at"))
_theirs = exists().where(
    _leads.c.obligation_id == _nudges.c.obligation_id, _leads.c.part == "lead",
    _held.c.office_id == _leads.c.office_id, _held.c.person_id == _nudges.c.person_id, _held.c.until.is_(None),
)  # fmt: skip
# A nudge that no longer holds: something it asks for has been reported, or is not asked for (of them) any more.
MOOT = and_(
    Delivery.kind == "nudge",
    exists().where(
        _nudges.c.delivery_id == Delivery.id, _owed.c.id == _nudges.c.obligation_id,
        or_(
            _owed.c.reported >= _owed.c.target, _owed.c.withdrawn_at.is_not(None),
            and_(not_(_nudges.c.escalated), not_(_theirs)),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a channel shows it, already in its reader's language."""

    id: int
    text: str
    buttons: list[dict[str, str]]
    picture: dict[str, Any] | None
    wants: str
    created_at: datetime
    document: dict[str, Any] | None = None


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Queue messages; those whose key is known are left out."""
    _QUEUE.many(connection, [{"document": None, **row} for row in rows])


def queue(connection: Connection, rows: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """Queue messages; (id, person_id) of those whose key was not known."""
    added = _ADD[connection.dialect.name].returning(Delivery.id, Delivery.person_id)
    whole = [{"document": None, **row} for row in rows]
    return [(row.id, row.person_id) for row in connection.execute(added, whole)]


def put(connection: Connection, row: dict[str, Any]) -> None:
    """Queue a message, or bring the one of the same key up to date while it still waits."""
    connection.execute(_PUT[connection.dialect.name], row)


def tap_of(connection: Connection, channel: str, address: str, delivery_id: int, index: int) -> str:
    """What a button of a message to this address carries; "" where there is no such button."""
    here = (Delivery.id == delivery_id, Delivery.channel == channel, Delivery.address == address)
    buttons = connection.execute(select(Delivery.buttons).where(*here)).scalar_one_or_none() or []
    return buttons[index]["tap"] if index < len(buttons) else ""


def text_of(connection: Connection, channel: str, address: str, platform_id: str) -> str:
    """What the message said that the platform calls so; "" where it was none of ours."""
    here = (Delivery.channel == channel, Delivery.address == address, Delivery.platform_id == platform_id)
    return connection.execute(select(Delivery.text).where(*here).limit(1)).scalar_one_or_none() or ""


def latest(connection: Connection, channel: str, address: str, limit: int) -> list[Outgoing]:
    """The newest messages to an address, oldest first."""
    newest = _outgoing(channel, address).order_by(Delivery.id.desc()).limit(limit)
    return [Outgoing(*row) for row in reversed(connection.execute(newest).all())]


def pending(connection: Connection, channel: str, address: str, after: int) -> list[Outgoing]:
    """Messages newer than `after`, and any older one that was committed late and is still unconfirmed.

    At most the newest hundred, oldest first.
    """
    wanted = _outgoing(channel, address).where((Delivery.id > after) | (Delivery.state == "queued"))
    newest = connection.execute(wanted.order_by(Delivery.id.desc()).limit(100)).all()
    return [Outgoing(*row) for row in reversed(newest)]


def waiting(connection: Connection, channel: str) -> list[str]:
    """The addresses for which something is queued."""
    queued = select(Delivery.address).where(Delivery.channel == channel, Delivery.state == "queued")
    return list(connection.execute(queued.distinct().order_by(Delivery.address)).scalars())


def confirm(connection: Connection, channel: str, address: str, ids: Collection[int], now: datetime) -> None:
    """Mark messages to an address as delivered; ids of other addresses are ignored."""
    connection.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(list(ids)), Delivery.channel == channel, Delivery.address == address,
            Delivery.state == "queued",
        )
        .values(state="delivered", delivered_at=now)
    )  # fmt: skip


def picture_of(connection: Connection, channel: str, address: str, delivery_id: int) -> dict[str, Any] | None:
    """The picture of a message, for the address it was written to only."""
    return connection.execute(
        select(Delivery.picture).where(
            Delivery.id == delivery_id, Delivery.channel == channel, Delivery.address == address
        )
    ).scalar_one_or_none()


def document_of(connection: Connection, channel: str, address: str, delivery_id: int) -> dict[str, Any] | None:
    """The file that goes with a message, for whom it was written to, in whichever of their chats it was."""
    theirs = select(_reached.c.person_id).where(
        _reached.c.channel == channel, _reached.c.address == address, _reached.c.until.is_(None)
    )
    wanted = select(Delivery.document).where(Delivery.id == delivery_id, Delivery.person_id.in_(theirs))
    return connection.execute(wanted).scalar_one_or_none()


def expire(connection: Connection, now: datetime, most: int = 1000) -> list[int]:
    """Give up queued messages whose time is over, up to `most`; returns their ids."""
    return list(connection.execute(_EXPIRE, {"now": now, "most": most, "reason": EXPIRED}).scalars())


def _outgoing(channel: str, address: str) -> Any:
    return select(
        Delivery.id,
        Delivery.text,
        Delivery.buttons,
        Delivery.picture,
        Delivery.wants,
        Delivery.created_at,
        Delivery.document,
    ).where(
        Delivery.channel == channel,
        Delivery.address == address,
        Delivery.state != "skipped",
        not_(and_(Delivery.state == "queued", MOOT)),
    )


_OVER = (
    select(Delivery.id)
    .where(sql("state = 'queued' AND expires_at IS NOT NULL"), Delivery.expires_at <= bindparam("now"))
    .limit(bindparam("most"))
)
_EXPIRE = (
    update(Delivery)
    .where(Delivery.id.in_(_OVER), Delivery.state == "queued")
    .values(state="skipped", reason=bindparam("reason"))
    .returning(Delivery.id)
)
_SQLITE, _POSTGRESQL = insert_sqlite(Delivery), insert_postgresql(Delivery)
_ADD = {
    "sqlite": _SQLITE.on_conflict_do_nothing(index_elements=["dedupe_key"]),
    "postgresql": _POSTGRESQL.on_conflict_do_nothing(index_elements=["dedupe_key"]),
}
_QUEUE = Prepared(_ADD)
_CHANGING = ("text", "buttons", "picture", "wants", "document", "not_before")
_PUT = {
    "sqlite": _SQLITE.on_conflict_do_update(
        index_elements=["dedupe_key"],
        set_={name: _SQLITE.excluded[name] for name in _CHANGING},
        where=Delivery.state == "queued",
    ),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=["dedupe_key"],
        set_={name: _POSTGRESQL.excluded[name] for name in _CHANGING},
        where=Delivery.state == "queued",
    ),
}
