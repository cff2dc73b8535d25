"""How fast a bot may send: one row a bot, shared by every process that sends for it."""

from __future__ import annotations

from sqlalchemy import Connection, Float, String, bindparam, case, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Rate(Base):
    """`free_at`: seconds since 1970 from which nobody has reserved a slot yet."""

    __tablename__ = "rates"

    bot: Mapped[str] = mapped_column(String(40), primary_key=True)
    free_at: Mapped[float] = mapped_column(Float)


def reserve(connection: Connection, bot: str, count: int, every: float, now: float) -> float:
    """Reserve `count` slots, `every` seconds apart; returns when the first of them is."""
    last = connection.execute(_RESERVE, {"whose": bot, "time": now, "span": count * every}).scalar_one_or_none()
    if last is None:
        connection.execute(_ADD[connection.dialect.name], {"bot": bot, "free_at": 0.0})
        return reserve(connection, bot, count, every, now)
    return last - count * every


def hold(connection: Connection, bot: str, until: float) -> None:
    """Nobody sends before `until`: the platform asked for a pause."""
    connection.execute(_HOLD, {"whose": bot, "until": until})


_LATER = case((Rate.free_at > bindparam("time", type_=Float), Rate.free_at), else_=bindparam("time", type_=Float))
_RESERVE = (
    update(Rate)
    .where(Rate.bot == bindparam("whose"))
    .values(free_at=_LATER + bindparam("span", type_=Float))
    .returning(Rate.free_at)
)
_HOLD = (
    update(Rate)
    .where(Rate.bot == bindparam("whose"), Rate.free_at < bindparam("until", type_=Float))
    .values(free_at=bindparam("until", type_=Float))
)
_ADD = {
    "sqlite": insert_sqlite(Rate).on_conflict_do_nothing(),
    "postgresql": insert_postgresql(Rate).on_conflict_do_nothing(),
}
