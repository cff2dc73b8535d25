"""What an observer writes down while the year goes by, to compare it later with what people were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, text

from bot.simulation.agenda import Span
from bot.simulation.world import World


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation as it stood for a while.

    warn   the day its steps are counted from: the last business day before it is due, or a later one that was accepted
    lead   the office's number, 0 for none; after: what must be complete first
    """

    code: str
    starts: date
    warn: date
    target: int
    lead: int
    withdrawn: bool
    after: tuple[int, ...]


@dataclass(slots=True)
class Ledger:
    """ids: people's numbers by address. shut: whose chat was closed when. pages: what was owed from which moment on."""

    ids: Mapping[str, int]
    shut: list[tuple[int, Span]] = field(default_factory=list)
    pages: list[tuple[datetime, dict[int, Owed]]] = field(default_factory=list)

    def note(self, world: World, at: datetime) -> None:
        """Write down what is owed from here on."""
        self.pages.append((at, world.store.run(_owed)))


def _owed(connection: Connection) -> dict[int, Owed]:
    before: dict[int, list[int]] = {}
    for obligation, first in connection.execute(text(
        "SELECT p.obligation_id, o.id FROM precedences p JOIN obligations o ON o.activity_id = p.activity_id"
    )):  # fmt: skip
        before.setdefault(obligation, []).append(first)
    rows = connection.execute(text(
        "SELECT o.id, o.code, o.starts, max(o.warn, coalesce(o.agreed, o.warn)) AS warn, o.target, o.withdrawn_at, "
        "w.office_id FROM obligations o LEFT JOIN ownerships w ON w.obligation_id = o.id AND w.part = 'lead'"
    ))  # fmt: skip
    return {
        row.id: Owed(
            row.code, date.fromisoformat(row.starts), date.fromisoformat(row.warn), row.target, row.office_id or 0,
            row.withdrawn_at is not None, tuple(before.get(row.id, ())),
        )
        for row in rows
    }  # fmt: skip
