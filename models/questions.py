"""The last question of a person about the plan: what comes next may only add to it ("¿y agricultura?")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, bindparam, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc
from models.prepared import Prepared


class Question(Base):
    """`asked` is the question as a command: "/estado 6 prensa"."""

    __tablename__ = "questions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    asked: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Utc)


def last(connection: Connection, person_id: int, since: datetime) -> str:
    """The person's last question, "" where they asked none since."""
    row = _LAST.first(connection, {"person": person_id, "since": since})
    return row.asked if row else ""


def keep(connection: Connection, person_id: int, asked: str, now: datetime) -> None:
    """Keep the newest question; the one before is forgotten."""
    _KEEP.run(connection, {"person_id": person_id, "asked": asked, "at": now})


_LAST = Prepared(
    select(Question.asked).where(Question.person_id == bindparam("person"), Question.at >= bindparam("since"))
)
_SQLITE, _POSTGRESQL = insert_sqlite(Question), insert_postgresql(Question)
_KEEP = Prepared({
    "sqlite": _SQLITE.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _SQLITE.excluded[name] for name in ("asked", "at")}
    ),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=["person_id"], set_={name: _POSTGRESQL.excluded[name] for name in ("asked", "at")}
    ),
})  # fmt: skip
