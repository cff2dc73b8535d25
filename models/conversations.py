"""Conversations between two messages: one row for each person and conversation, reused so that revisions only grow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, String, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from conversation.talk import State
from models.base import Base, Conflict, Json, Key, Utc
from models.prepared import Prepared


class Conversation(Base):
    """`status` is open (being talked), parked (waits to be taken up again) or ended."""

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(8))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    waiting_for: Mapped[str] = mapped_column(String(24))
    draft: Mapped[Any] = mapped_column(Json, nullable=True)
    stash: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    asked: Mapped[int]
    said: Mapped[dict[str, str]] = mapped_column(Json, server_default="{}")
    revision: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Utc, index=True)

    __table_args__ = (UniqueConstraint("person_id", "name"),)


@dataclass(slots=True)
class Kept:
    """A conversation as it was read; id 0 is not stored yet."""

    id: int
    name: str
    status: str
    revision: int
    state: State


def all_of(connection: Connection, person_id: int, now: datetime) -> dict[str, Kept]:
    """The person's conversations by name; those past their time count as ended."""
    rows = _ALL.rows(connection, {"person": person_id})
    return {
        row.name: Kept(
            row.id,
            row.name,
            row.status if row.expires_at > now else "ended",
            row.revision,
            State(row.answers, row.waiting_for, row.draft, row.stash, row.asked, row.said),
        )
        for row in rows
    }


def save(connection: Connection, person_id: int, kept: Kept, expires_at: datetime) -> None:
    """Store the conversation one revision further; Conflict where somebody else was faster."""
    state = kept.state
    values: dict[str, Any] = {
        "status": kept.status,
        "answers": state.answers,
        "waiting_for": state.waiting_for,
        "draft": state.draft,
        "stash": state.stash,
        "asked": state.asked,
        "said": state.said,
        "revision": kept.revision + 1,
        "expires_at": expires_at,
    }
    if not kept.id:
        _ADD.run(connection, {"person_id": person_id, "name": kept.name, **values})
        return
    if not _SAVE.run(connection, {"kept": kept.id, "seen": kept.revision, **values}):
        raise Conflict(f"conversation {kept.id} moved on")


def expire(connection: Connection, now: datetime) -> int:
    """Empty the drafts whose time is over; returns how many."""
    emptied: dict[str, Any] = {
        "status": "ended", "answers": {}, "draft": None, "stash": [], "waiting_for": "", "said": {},
    }  # fmt: skip
    gone = update(Conversation).where(Conversation.expires_at <= now, Conversation.status != "ended")
    return connection.execute(gone.values(**emptied, revision=Conversation.revision + 1)).rowcount


_ALL = Prepared(select(Conversation.__table__).where(Conversation.person_id == bindparam("person")))
_ADD = Prepared(insert(Conversation))
_SAVE = Prepared(
    update(Conversation)
    .where(Conversation.id == bindparam("kept"), Conversation.revision == bindparam("seen"))
    .values(
        {name: bindparam(name) for name in
         ("status", "answers", "waiting_for", "draft", "stash", "asked", "said", "revision", "expires_at")}
    )
)  # fmt: skip
