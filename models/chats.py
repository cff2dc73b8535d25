"""Which of a person's chats is written to by ourselves: the one used last. What answers them goes where they asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import aliased

from models.deliveries import Delivery


def written_to(contact: Any) -> ColumnElement[bool]:
    """Whether a row's contact is the one: of those that are neither over, blocked nor muted."""
    another = aliased(contact)
    # Counted for each row: as EXISTS it may be answered by reading all contacts.
    later = select(func.count()).where(
        another.person_id == contact.person_id, another.id != contact.id, _open(another),
        _used(another) > _used(contact),
    )  # fmt: skip
    return and_(_open(contact), later.correlate(contact).scalar_subquery() == 0)


def _open(contact: Any) -> ColumnElement[bool]:
    # In one, so that the index on the addresses of all contacts that are not over is not read for it.
    return func.coalesce(contact.until, contact.blocked_at, contact.muted_at).is_(None)


def _used(contact: Any) -> ColumnElement[Any]:
    """What grows with each use: the newest answer there, then when the chat came. Not a join, which may read all."""
    here = (Delivery.channel == contact.channel, Delivery.address == contact.address, Delivery.kind == "answer")
    newest = select(Delivery.id).where(*here).order_by(Delivery.id.desc()).limit(1).correlate(contact).scalar_subquery()
    return tuple_(func.coalesce(newest, 0), contact.since, contact.id)
