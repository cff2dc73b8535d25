"""The texts a platform has approved for knocking after a long silence, as the account knows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc
from models.prepared import Prepared

APPROVED = "APPROVED"


class Template(Base):
    """One text in one language.

    status    as the platform says: APPROVED, PENDING, REJECTED, PAUSED, DISABLED…; ours: MISSING, and MISMATCH where
              it takes other values than we give
    category  what the platform prices it as: UTILITY, MARKETING, AUTHENTICATION
    """

    __tablename__ = "templates"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))
    checked_at: Mapped[datetime] = mapped_column(Utc)


def keep(connection: Connection, rows: Iterable[tuple[str, str, str, str]], now: datetime) -> None:
    """Keep how templates stand: (name, language, status, category) each."""
    names = ("name", "language", "status", "category")
    _KEEP.many(connection, [{**dict(zip(names, row, strict=True)), "checked_at": now} for row in rows])


def mark(connection: Connection, name: str, language: str, status: str, now: datetime, category: str = "") -> None:
    """Keep what became of a template we know; an empty status or category stays as it was."""
    changed = {"became": status[:20], "priced_as": category[:20], "now": now}
    _MARK.run(connection, {"called": name, "spoken": language, **changed})


def usable(connection: Connection) -> dict[tuple[str, str], str]:
    """The templates that may be sent, (name, language), with the category each is priced as."""
    return {(row.name, row.language): row.category for row in _USABLE.rows(connection, {"wanted": APPROVED})}


def _keep(adding: Any) -> Any:
    new = adding(Template)
    changed = {name: new.excluded[name] for name in ("status", "category", "checked_at")}
    return new.on_conflict_do_update(index_elements=["name", "language"], set_=changed)


_KEEP = Prepared({"sqlite": _keep(insert_sqlite), "postgresql": _keep(insert_postgresql)})
_MARK = Prepared(
    update(Template)
    .where(Template.name == bindparam("called"), Template.language == bindparam("spoken"))
    .values(
        status=func.coalesce(func.nullif(bindparam("became", type_=String), ""), Template.status),
        category=func.coalesce(func.nullif(bindparam("priced_as", type_=String), ""), Template.category),
        checked_at=bindparam("now"),
    )
)
_USABLE = Prepared(
    select(Template.name, Template.language, Template.category).where(Template.status == bindparam("wanted"))
)
